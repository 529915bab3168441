"""VK's API on the wire: `/method/<name>` and the long poll endpoint (A0, A2)."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from time import sleep

from flask import Blueprint, Response, jsonify, request

from sandbox.calls import Call as LoggedCall
from sandbox.calls import CallLog
from sandbox.connection import drop_connection, proxy_page, truncated
from sandbox.faults import Fault, FaultBook, FaultKind
from sandbox.vk.errors import VkError
from sandbox.vk.files import Upload
from sandbox.vk.methods import METHODS
from sandbox.vk.methods.call import Call, Services
from sandbox.vk.model import JsonObject
from sandbox.vk.parameters import Parameters
from sandbox.vk.tokens import Token, TokenType, require_type

Answer = Callable[[str], Response]
"""Carries a call out; what it is given is added to the log's line."""

LONG_POLL = "long_poll"
UPLOAD = "upload"
"""By these names faults hit what is no method."""

_FILE_FIELD = re.compile(r"photo|file\d*")
_OLDEST_VERSION = (5, 81)
_LONGEST_WAIT_SECONDS = 90
_SECRET_PARAMETERS = frozenset({"access_token", "secret_key"})


class VkApi:
    """Answers API calls: faults first, then checks in VK's order, then the method."""

    def __init__(self, services: Services, faults: FaultBook, calls: CallLog) -> None:
        self._services = services
        self._faults = faults
        self._calls = calls

    def routes(self) -> Blueprint:
        """The routes of the API."""
        routes = Blueprint("vk_api", __name__)
        routes.add_url_rule("/method/<name>", view_func=self._method_route, methods=["GET", "POST"])
        routes.add_url_rule("/long_poll/<int:group_id>", view_func=self._long_poll_route)
        routes.post("/upload/<key>")(self._upload_route)
        routes.get("/files/<key>/<int:_number>")(self._file_route)
        return routes

    def _method_route(self, name: str) -> Response:
        parameters = _sent_parameters()
        return self._served(name, parameters, partial(self._answer, name, parameters))

    def _served(self, name: str, parameters: Mapping[str, str], answer: Answer) -> Response:
        """The answer, unless a fault is due."""
        fault = self._faults.take(name, parameters)
        if fault is None:
            return answer("")
        return self._faulty(fault, name, parameters, answer)

    def _faulty(
        self, fault: Fault, name: str, parameters: Mapping[str, str], answer: Answer
    ) -> Response:
        match fault.kind:
            case FaultKind.ERROR:
                error = VkError(fault.code or 1)
                self._log(name, parameters, f"fault: error {error.code}")
                return jsonify(error=_error_object(error, name, parameters))
            case FaultKind.HTTP_STATUS:
                self._log(name, parameters, f"fault: HTTP {fault.code}")
                return proxy_page(fault.code or 500)
            case FaultKind.DROP_BEFORE_PROCESSING:
                self._log(name, parameters, "fault: dropped before processing")
                return drop_connection()
            case FaultKind.DROP_AFTER_PROCESSING:
                answer(", fault: dropped after processing")
                return drop_connection()
            case FaultKind.DELAY:
                sleep(fault.seconds or 0)
                return answer(", fault: delayed")
            case FaultKind.TRUNCATED_BODY:
                return truncated(answer(", fault: truncated"))
            case FaultKind.GARBAGE:
                answer(", fault: garbage")
                return proxy_page(200)

    def _answer(self, name: str, parameters: Mapping[str, str], note: str) -> Response:
        try:
            result = self._call(name, parameters)
        except VkError as error:
            self._log(name, parameters, f"error {error.code}{note}")
            return jsonify(error=_error_object(error, name, parameters))
        self._log(name, parameters, f"response{note}")
        return jsonify(response=result)

    def _call(self, name: str, parameters: Mapping[str, str]) -> object:
        _require_version(parameters)
        method = METHODS.get(name)
        if method is None:
            raise VkError(3)
        world = self._services.world
        with world.lock:
            token = world.tokens.find(_sent_token(parameters))
            world.rate_limit.count(token, world.clock())
            require_type(token, method.tokens)
            call = Call(self._services, token, Parameters(parameters), request.host_url)
            return method.answer(call)

    def _log(self, name: str, parameters: Mapping[str, str], outcome: str) -> None:
        shown = {key: value for key, value in parameters.items() if key not in _SECRET_PARAMETERS}
        at = self._services.world.clock()
        self._calls.add(LoggedCall(at, name, self._token_type(parameters), shown, outcome))

    def _token_type(self, parameters: Mapping[str, str]) -> TokenType | None:
        with self._services.world.lock:
            try:
                token: Token = self._services.world.tokens.find(_sent_token(parameters))
            except VkError:
                return None
            return token.type

    def _long_poll_route(self, group_id: int) -> Response:
        """Faults name it `long_poll`; a garbled answer costs nothing, its ts is asked for again."""
        query = request.args.to_dict()
        return self._served(LONG_POLL, query, lambda _note: self._news(group_id, query))

    def _news(self, group_id: int, query: Mapping[str, str]) -> Response:
        wait = query.get("wait", "25")
        if query.get("act") != "a_check" or not wait.isdecimal():
            return Response("act=a_check and a number of seconds in wait are needed", 400)
        seconds = min(int(wait), _LONGEST_WAIT_SECONDS)
        key, ts = query.get("key", ""), query.get("ts", "")
        return jsonify(self._services.long_poll.check(group_id, key, ts, seconds))

    def _upload_route(self, key: str) -> Response:
        """An upload server; faults name it `upload`."""
        return self._served(UPLOAD, {}, partial(self._receive, key))

    def _receive(self, key: str, note: str) -> Response:
        """The documented field is `photo` or `file`; libraries send `file0`, `file1` and so on."""
        world = self._services.world
        sent = next((f for name, f in request.files.items() if _FILE_FIELD.fullmatch(name)), None)
        upload = Upload(sent.filename or "", sent.read(), sent.mimetype) if sent else None
        try:
            with world.lock:
                answer = world.files.receive(key, upload)
        except VkError:
            return Response("there is no such upload server", 404)
        self._calls.add(LoggedCall(world.clock(), UPLOAD, None, {}, f"response{note}"))
        return jsonify(answer)

    def _file_route(self, key: str, _number: int) -> Response:
        files = self._services.world.files
        stored, expired = files.by_key(key), files.expired(key)
        if stored is None or expired:
            return Response("this link is no longer valid", expired or 404)
        return Response(stored.upload.content, content_type=stored.upload.content_type)


def _sent_parameters() -> dict[str, str]:
    """Query, form and multipart fields; a JSON body is not looked at, as with VK."""
    return {**request.args.to_dict(), **request.form.to_dict()}


def _sent_token(parameters: Mapping[str, str]) -> str:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    return value if scheme == "Bearer" else parameters.get("access_token", "")


def _require_version(parameters: Mapping[str, str]) -> None:
    version = parameters.get("v", "")
    if not version:
        raise VkError(8, "v (version) is required")
    major, _, minor = version.partition(".")
    if not (major.isdecimal() and minor.isdecimal()):
        raise VkError(100, "v should be a version, for example 5.199")
    if (int(major), int(minor)) < _OLDEST_VERSION:
        raise VkError(8, "versions below 5.81 are deprecated")


def _error_object(error: VkError, name: str, parameters: Mapping[str, str]) -> JsonObject:
    sent = {key: value for key, value in parameters.items() if key != "access_token"}
    sent |= {"method": name, "oauth": "1"}
    fields: JsonObject = {
        "error_code": error.code,
        "error_msg": error.text,
        "request_params": [{"key": key, "value": value} for key, value in sent.items()],
    }
    if error.code == 14:
        fields |= {"captcha_sid": "1", "captcha_img": f"{request.host_url}captcha.png"}
    return fields
