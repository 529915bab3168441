"""The systems' API on the wire: a list of cards with a cursor, answers with keys.

Nothing of it is a real system's: none is published. It is what the bridge offers to agree on.
"""

from collections.abc import Callable
from time import sleep
from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox.calls import Call, CallLog
from sandbox.connection import drop_connection, proxy_page, truncated
from sandbox.control import NoSuchThing
from sandbox.exchange.desk import Desk, card_page
from sandbox.exchange.model import TOKENS, Answer, System
from sandbox.exchange.payloads import answer_object
from sandbox.faults import Fault, FaultBook, FaultKind

LIST, ADD, LOOK = "cards.list", "answers.add", "answers.look"
"""What faults and the log of calls call the requests."""

_MOST = 1000


class ExchangeApi:
    """Answers requests: faults first, then the token, then what was asked."""

    def __init__(self, desk: Desk, faults: FaultBook, calls: CallLog) -> None:
        self._desk = desk
        self._faults = faults
        self._calls = calls

    def routes(self) -> Blueprint:
        """The routes of the API."""
        routes = Blueprint("exchange_api", __name__, url_prefix="/api/<any(incident, mss):system>")
        routes.get("/cards")(self._list_route)
        routes.post("/cards/<number>/answers")(self._add_route)
        routes.get("/answers/<key>")(self._look_route)
        return routes

    def _list_route(self, system: str) -> Response:
        return self._answered(LIST, System(system), "", lambda: self._list(System(system)))

    def _add_route(self, system: str, number: str) -> Response:
        return self._answered(
            ADD, System(system), number, lambda: self._add(System(system), number)
        )

    def _look_route(self, system: str, key: str) -> Response:
        return self._answered(LOOK, System(system), key, lambda: self._look(System(system), key))

    def _answered(
        self, method: str, system: System, subject: str, answer: Callable[[], Response]
    ) -> Response:
        parameters = {"system": str(system), "subject": subject}
        fault = self._faults.take(method, parameters)
        note = f"fault: {fault.kind}" if fault else "answered"
        self._calls.add(Call(self._desk.world.clock(), method, None, parameters, note))

        def checked() -> Response:
            if request.headers.get("Authorization") != f"Bearer {TOKENS[system]}":
                return _refused(401, "the token is wrong")
            with self._desk.world.lock:
                return answer()

        return _spoilt(fault, checked) if fault else checked()

    def _list(self, system: System) -> Response:
        cursor, limit = request.args.get("cursor", "0"), request.args.get("limit", "100")
        if not (cursor.isdecimal() and limit.isdecimal() and 0 < int(limit) <= _MOST):
            return _refused(400, f"cursor and limit are numbers, limit from 1 to {_MOST}")
        later = [c for c in self._desk.world.cards(system) if c.position > int(cursor)]
        page = later[: int(limit)]
        following = page[-1].position if page else int(cursor)
        cards = [self._desk.shower(system, card).as_json(card) for card in page]
        return jsonify(cards=cards, next_cursor=str(following))

    def _add(self, system: System, number: str) -> Response:
        sent: Any = request.get_json(silent=True)
        key = request.headers.get("Idempotency-Key", "")
        if not key or not isinstance(sent, dict) or not isinstance(sent.get("answer"), str):
            return _refused(400, "an Idempotency-Key and a JSON object with an answer are needed")
        try:
            self._desk.world.card(system, number)
        except NoSuchThing as error:
            return _refused(404, str(error))
        answer = Answer(
            number=number,
            text=sent["answer"],
            link=card_page(system, number),
            answered_at=str(sent.get("answered_at", "")),
            key=key,
            way="http",
            pictures=tuple(str(picture.get("name")) for picture in sent.get("pictures", ())),
        )
        return jsonify(answer_object(self._desk.world.add_answer(system, answer)))

    def _look(self, system: System, key: str) -> Response:
        answer = self._desk.world.answer_with(system, key)
        return jsonify(answer_object(answer)) if answer else _refused(404, "no such answer")


def _spoilt(fault: Fault, answer: Callable[[], Response]) -> Response:
    match fault.kind:
        case FaultKind.ERROR:
            return _refused(fault.code or 400, "as the fault says")
        case FaultKind.HTTP_STATUS:
            return proxy_page(fault.code or 500)
        case FaultKind.DROP_BEFORE_PROCESSING:
            return drop_connection()
        case FaultKind.DROP_AFTER_PROCESSING:
            answer()
            return drop_connection()
        case FaultKind.DELAY:
            sleep(fault.seconds or 0)
            return answer()
        case FaultKind.TRUNCATED_BODY:
            return truncated(answer())
        case FaultKind.GARBAGE:
            answer()
            return proxy_page(200)


def _refused(status: int, problem: str) -> Response:
    response = jsonify(error=problem)
    response.status_code = status
    return response
