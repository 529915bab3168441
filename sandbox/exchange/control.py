"""The `/sandbox/` API for the systems: what people there do, and by which ways cards go out."""

from flask import Blueprint, Response, jsonify
from pydantic import Field

from sandbox.control import ControlRequest, read_body
from sandbox.exchange.desk import Desk
from sandbox.exchange.model import Card, CardDraft, System
from sandbox.exchange.payloads import answer_object
from sandbox.exchange.ways import Ways


class NewCard(ControlRequest):
    """A card as it is registered, or as it reads from now on."""

    text: str = Field(min_length=1)
    sources: tuple[str, ...] = ()
    author: str = ""
    author_link: str = ""
    topic: str = ""
    district: str = ""
    private: bool = False

    def draft(self) -> CardDraft:
        """The same for the world."""
        return CardDraft(**self.model_dump())


class Selection(ControlRequest):
    """Cards by number; none: all of them. `name` is a file's, without its ending."""

    numbers: tuple[str, ...] = ()
    name: str = Field(default="выгрузка", pattern=r"^[\w -]{1,60}$")


class ExchangeControl:
    """Routes below `/sandbox/<system>`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> Blueprint:
        """The routes of the control API."""
        prefix = "/sandbox/<any(incident, mss):system>"
        routes = Blueprint("exchange_control", __name__, url_prefix=prefix)
        routes.post("/cards")(self._register)
        routes.post("/cards/<number>/edit")(self._change)
        routes.get("/cards/<number>/answers")(self._answers)
        routes.put("/ways")(self._set_ways)
        routes.post("/push")(self._push)
        routes.post("/export")(self._export)
        routes.get("/deliveries")(self._deliveries)
        return routes

    def _register(self, system: str) -> tuple[Response, int]:
        card = self._desk.register(System(system), read_body(NewCard).draft())
        return jsonify(self._desk.shower(System(system), card).as_json(card)), 201

    def _change(self, system: str, number: str) -> Response:
        card = self._desk.change(System(system), number, read_body(NewCard).draft())
        return jsonify(self._desk.shower(System(system), card).as_json(card))

    def _answers(self, system: str, number: str) -> Response:
        with self._desk.world.lock:
            self._desk.ways.look_for_answers(System(system))
            self._desk.world.card(System(system), number)
            answers = self._desk.world.answers(System(system), number)
        return jsonify(answers=[answer_object(answer) for answer in answers])

    def _set_ways(self, system: str) -> tuple[str, int]:
        self._desk.ways.set(System(system), read_body(Ways))
        return "", 204

    def _push(self, system: str) -> Response:
        cards = self._selected(System(system), read_body(Selection))
        showers = [self._desk.shower(System(system), card) for card in cards]
        return jsonify(status=self._desk.ways.push(System(system), cards, showers))

    def _export(self, system: str) -> Response:
        selection = read_body(Selection)
        cards = self._selected(System(system), selection)
        showers = [self._desk.shower(System(system), card) for card in cards]
        path = self._desk.ways.export(System(system), selection.name, cards, showers)
        return jsonify(file=str(path) if path else None)

    def _deliveries(self, system: str) -> Response:
        deliveries = self._desk.ways.deliveries[System(system)]
        return jsonify(deliveries=[{"number": d.number, "outcome": d.outcome} for d in deliveries])

    def _selected(self, system: System, selection: Selection) -> list[Card]:
        with self._desk.world.lock:
            if not selection.numbers:
                return self._desk.world.cards(system)
            return [self._desk.world.card(system, number) for number in selection.numbers]
