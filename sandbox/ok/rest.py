"""OK's REST API on the wire: application, session and signature are checked (B2)."""

import hashlib
from collections.abc import Mapping

from flask import Blueprint, Response, jsonify, make_response, request

from sandbox.calls import Call as LoggedCall
from sandbox.calls import CallLog
from sandbox.faults import FaultBook
from sandbox.faulty import answer_with
from sandbox.ok.errors import OkError
from sandbox.ok.methods import METHODS
from sandbox.ok.methods.call import Call
from sandbox.ok.parameters import Parameters
from sandbox.ok.seed import (
    ADMINISTRATION,
    APPLICATION_ID,
    APPLICATION_KEY,
    APPLICATION_SECRET,
    REFRESH_TOKEN,
)
from sandbox.ok.world import OkWorld

_SECRET = frozenset({"access_token", "session_key", "sig", "application_key"})


class OkRestApi:
    """Answers REST calls: faults first, then checks, then the method."""

    def __init__(self, world: OkWorld, faults: FaultBook, calls: CallLog) -> None:
        self._world = world
        self._faults = faults
        self._calls = calls

    def routes(self) -> Blueprint:
        """The routes of the API."""
        routes = Blueprint("ok_rest", __name__)
        routes.add_url_rule("/fb.do", view_func=self._by_parameter, methods=["GET", "POST"])
        routes.add_url_rule(
            "/api/<section>/<name>", view_func=self._by_path, methods=["GET", "POST"]
        )
        routes.post("/oauth/token.do")(self._token)
        return routes

    def _by_parameter(self) -> Response:
        sent = _sent()
        return self._route(sent.get("method", ""), sent)

    def _by_path(self, section: str, name: str) -> Response:
        return self._route(f"{section}.{name}", _sent())

    def _route(self, method: str, sent: Mapping[str, str]) -> Response:
        def answer(note: str) -> Response:
            try:
                result = self._call(method, sent)
            except OkError as error:
                return self._refuse(method, sent, error, note)
            self._log(method, sent, f"answered{note}")
            return make_response(jsonify(result))

        return answer_with(
            self._faults.take(method, sent),
            answer,
            lambda code, note: self._refuse(method, sent, OkError(code), f", {note}"),
            lambda outcome: self._log(method, sent, outcome),
        )

    def _call(self, method: str, sent: Mapping[str, str]) -> object:
        with self._world.lock:
            user_id = self._session(sent)
            handler = None if method in self._world.closed_methods else METHODS.get(method)
            if handler is None:
                raise OkError(3, "method does not exist")
            return handler(Call(self._world, user_id, Parameters(sent)))

    def _session(self, sent: Mapping[str, str]) -> int:
        """Whose session it is. Raises errors 101, 102, 103, 104."""
        if sent.get("application_key") != APPLICATION_KEY:
            raise OkError(101, "application is unknown")
        token = sent.get("access_token", "")
        user_id = self._world.sessions.sessions.get(token)
        if user_id is None:
            raise OkError(103, "session is invalid")
        if sent.get("sig") != signature(sent, token, APPLICATION_SECRET):
            raise OkError(104, "invalid signature")
        if token in self._world.sessions.expired:
            raise OkError(102, "session expired")
        return user_id

    def _refuse(self, method: str, sent: Mapping[str, str], error: OkError, note: str) -> Response:
        """An error comes under status 200; a header says so, too."""
        self._log(method, sent, f"error {error.code}{note}")
        response = make_response(jsonify(error.as_json()))
        response.headers["invocation-error"] = str(error.code)
        return response

    def _token(self) -> tuple[Response, int] | Response:
        """https://apiok.ru/en/ext/oauth/server, for the administration's session."""
        sent = _sent()
        wanted = {
            "grant_type": "refresh_token",
            "client_id": APPLICATION_ID,
            "client_secret": APPLICATION_SECRET,
            "refresh_token": REFRESH_TOKEN,
        }
        if any(sent.get(name) != value for name, value in wanted.items()):
            return jsonify(error="invalid_token"), 400
        with self._world.lock:
            token = self._world.sessions.renew(ADMINISTRATION.admin.id)
        return jsonify(access_token=token, token_type="session", expires_in=1800)

    def _log(self, method: str, sent: Mapping[str, str], outcome: str) -> None:
        shown = {name: value for name, value in sent.items() if name not in _SECRET}
        self._calls.add(LoggedCall(self._world.clock(), method, "session", shown, outcome))


def signature(sent: Mapping[str, str], access_token: str, application_secret: str) -> str:
    """What `sig` has to be: written from the documentation, not from the bridge's client."""
    unsigned = {"sig", "access_token", "session_key"}
    pairs = sorted((name, value) for name, value in sent.items() if name not in unsigned)
    secret = _md5(f"{access_token}{application_secret}".encode())
    return _md5("".join(f"{name}={value}" for name, value in pairs).encode() + secret.encode())


def _md5(contents: bytes) -> str:
    return hashlib.md5(contents, usedforsecurity=False).hexdigest()


def _sent() -> dict[str, str]:
    return {**request.args.to_dict(), **request.form.to_dict()}
