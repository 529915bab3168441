"""The group's bot on the wire: `/graph/me/…` with the group's token (B1)."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, request

from sandbox.calls import Call, CallLog
from sandbox.faults import FaultBook
from sandbox.faulty import answer_with
from sandbox.ok.chats import message_event
from sandbox.ok.errors import OkError
from sandbox.ok.model import ChatMessage, JsonObject
from sandbox.ok.parameters import Parameters
from sandbox.ok.subscriptions import Subscriptions
from sandbox.ok.world import OkWorld

MOST_ATTACHMENTS = 5
_MOST_MESSAGES = 100
_LONGEST_WAIT_SECONDS = 90

Operation = Callable[[int, str], object]
"""Of the group; the text is the chat, where the path names one."""


class OkGraphApi:
    """Answers calls of bots: faults first, then the token, then the operation.

    Faults and the log name an operation by verb and path, without the chat: `POST me/messages`.
    """

    def __init__(
        self,
        world: OkWorld,
        subscriptions: Subscriptions,
        faults: FaultBook,
        calls: CallLog,
    ) -> None:
        self._world = world
        self._subscriptions = subscriptions
        self._faults = faults
        self._calls = calls
        self._operations: dict[str, Operation] = {
            "GET me/info": self._info,
            "GET me/subscriptions": self._list_subscriptions,
            "POST me/subscribe": self._subscribe,
            "POST me/unsubscribe": self._unsubscribe,
            "GET me/messages": self._history,
            "POST me/messages": self._send,
            "GET me/chats": self._list_chats,
            "GET me/fileUploadUrl": self._upload_url,
            "GET me/updates": self._updates,
        }

    def routes(self) -> Blueprint:
        """The routes of the bot, and of its uploads."""
        routes = Blueprint("ok_graph", __name__)
        both = ["GET", "POST"]
        routes.add_url_rule("/graph/me/<name>", view_func=self._route, methods=both)
        routes.add_url_rule("/graph/me/<name>/<chat_id>", view_func=self._route, methods=both)
        routes.post("/upload/<token>")(self._upload)
        return routes

    def _route(self, name: str, chat_id: str = "") -> Response:
        operation = f"{request.method} me/{name}"
        shown = {key: value for key, value in request.args.items() if key != "access_token"}
        return self._answer(
            operation, shown | {"chat": chat_id}, lambda: self._call(operation, chat_id)
        )

    def _answer(
        self, operation: str, shown: dict[str, str], carry_out: Callable[[], object]
    ) -> Response:
        def answer(note: str) -> Response:
            try:
                result = carry_out()
            except OkError as error:
                return refuse(error, note)
            log(f"answered{note}")
            return make_response(jsonify(result))

        def refuse(error: OkError, note: str) -> Response:
            log(f"error {error.code}{note}")
            return make_response(jsonify(error.as_json()))

        def log(outcome: str) -> None:
            self._calls.add(Call(self._world.clock(), operation, "bot", shown, outcome))

        return answer_with(
            self._faults.take(operation, shown),
            answer,
            lambda code, note: refuse(OkError(code), f", {note}"),
            log,
        )

    def _call(self, operation: str, chat_id: str) -> object:
        handler = self._operations.get(operation)
        if handler is None:
            raise OkError(3, "method does not exist")
        with self._world.lock:
            group_id = self._world.sessions.bots.get(request.args.get("access_token", ""))
        if group_id is None:
            raise OkError(103, "token is invalid")
        if operation == "GET me/updates":
            return handler(group_id, chat_id)
        with self._world.lock:
            return handler(group_id, chat_id)

    def _info(self, group_id: int, _chat_id: str) -> JsonObject:
        return {"name": self._world.groups[group_id].name, "group_id": f"group:{group_id}"}

    def _list_subscriptions(self, group_id: int, _chat_id: str) -> JsonObject:
        shown = [
            {"time": int(one.time.timestamp() * 1000), "url": one.url}
            for one in self._subscriptions.of(group_id)
        ]
        return {"subscriptions": shown}

    def _subscribe(self, group_id: int, _chat_id: str) -> JsonObject:
        body = _body()
        if body.get("longPolling") is True:
            self._subscriptions.enable_long_poll(group_id)
        else:
            self._subscriptions.add(group_id, _text(body, "url"))
        return {"success": True}

    def _unsubscribe(self, group_id: int, _chat_id: str) -> JsonObject:
        self._subscriptions.remove(group_id, _text(_body(), "url"))
        return {"success": True}

    def _updates(self, group_id: int, _chat_id: str) -> JsonObject:
        """Parameters and form are not documented: those of `events.updates` are taken."""
        if not self._subscriptions.is_long_poll(group_id):
            raise OkError(2001, "there is no long poll subscription")
        asked = Parameters(request.args)
        marker = asked.integer("marker") if asked.text("marker") else None
        wait = min(asked.integer("timeout", 0), _LONGEST_WAIT_SECONDS)
        return self._subscriptions.updates(group_id, marker, asked.integer("count", 100), wait)

    def _list_chats(self, group_id: int, _chat_id: str) -> JsonObject:
        return {"chats": [{"chat_id": chat.id} for chat in self._world.chats.of_group(group_id)]}

    def _history(self, group_id: int, chat_id: str) -> JsonObject:
        """Newest first: `from` is the later end."""
        asked = Parameters(request.args)
        chat = self._world.chats.chat(group_id, chat_id or asked.text("chat_id"))
        latest = asked.integer("from", 2**62)
        earliest = asked.integer("to", 0)
        count = min(asked.integer("count", 20), _MOST_MESSAGES)
        found = [
            self._shown(message)
            for message in reversed(self._world.chats.messages(chat.id))
            if earliest <= int(message.date.timestamp() * 1000) <= latest
        ]
        return {"messages": found[:count]}

    def _shown(self, message: ChatMessage) -> JsonObject:
        return message_event(message, self._world.name_of(int(message.sender.partition(":")[2])))

    def _send(self, group_id: int, chat_id: str) -> JsonObject:
        """Whether OK tells the message's id is not known; here it does not."""
        body = _body()
        message = body.get("message")
        if not isinstance(message, dict):
            raise OkError(2001, "message is required")
        attachments = self._attachments(message.get("attachments") or [])
        text = message.get("text", "")
        if not isinstance(text, str) or not (text or attachments):
            raise OkError(2001, "text is required")
        chat = chat_id or _text(body.get("recipient") or {}, "chat_id")
        self._world.chats.send(group_id, chat, text, attachments)
        self._world.touch()
        return {"success": True}

    def _attachments(self, wanted: Any) -> tuple[JsonObject, ...]:
        if not isinstance(wanted, list) or len(wanted) > MOST_ATTACHMENTS:
            raise OkError(2001, f"at most {MOST_ATTACHMENTS} attachments")
        return tuple(self._attachment(one) for one in wanted)

    def _attachment(self, wanted: Any) -> JsonObject:
        payload = wanted.get("payload") if isinstance(wanted, dict) else None
        token = payload.get("token") if isinstance(payload, dict) else None
        uploaded = self._world.uploads.get(str(token))
        if uploaded is None or "name" not in uploaded:
            raise OkError(2001, "attachment is unknown")
        return {"type": wanted.get("type"), "payload": {"name": uploaded["name"]}}

    def _upload_url(self, _group_id: int, _chat_id: str) -> JsonObject:
        token = secrets.token_hex(8)
        self._world.uploads[token] = {}
        url = f"{request.host_url}upload/{token}"
        return {"url": url, "file_id": int(token, 16) % 10**12}

    def _upload(self, token: str) -> Response:
        return self._answer("POST upload", {}, lambda: self._take_file(token))

    def _take_file(self, token: str) -> JsonObject:
        file = next(iter(request.files.values()), None)
        with self._world.lock:
            if file is None or token not in self._world.uploads:
                raise OkError(100, "no file")
            if not (file.content_type or "").startswith("image/"):
                raise OkError(500, "not an image")
            size = len(file.read())
            self._world.uploads[token] = {"name": file.filename, "size": size}
        return {"token": token}


def _body() -> JsonObject:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise OkError(2001, "a JSON body is required")
    return body


def _text(fields: Any, name: str) -> str:
    value = fields.get(name) if isinstance(fields, dict) else None
    if not isinstance(value, str) or not value:
        raise OkError(2001, f"{name} is required")
    return value
