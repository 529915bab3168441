"""One HTTP call from VK to a community's callback server."""

import json
import threading
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

import requests

from sandbox.vk.callback_servers import CallbackServer
from sandbox.vk.model import Event, JsonObject

_LONGEST_ANSWER = 1024
"""Bytes of an answer that are looked at; VK reads a short text."""

FORGED_SECRET = "forged-secret"


@dataclass(frozen=True)
class Answer:
    """A server's answer; `status` None: none came, and `error` says why."""

    status: int | None
    body: bytes
    retry_after: str | None
    seconds: float
    error: str = ""


def confirmation_request(server: CallbackServer) -> JsonObject:
    """The handshake, as documented: type and community, nothing else."""
    return {"type": "confirmation", "group_id": server.group_id}


def envelope(event: Event, server: CallbackServer, secret: str) -> JsonObject:
    """The event as `server` gets it (callback_base of the schema)."""
    body: JsonObject = {
        "group_id": event.group_id,
        "type": event.type,
        "event_id": event.event_id,
        "v": server.api_version,
        "object": event.object,
    }
    return body | {"secret": secret} if secret else body


class CallbackPoster:
    """Sends bodies over kept connections, one set of them per thread."""

    def __init__(self, timeout: timedelta) -> None:
        self._timeout = timeout.total_seconds()
        self._local = threading.local()

    def post(self, url: str, body: JsonObject, retry_counter: int) -> Answer:
        """Send `body` and return the answer; a failing network is an answer without status."""
        started = monotonic()
        headers = {"Content-Type": "application/json"}
        if retry_counter:
            headers["X-Retry-Counter"] = str(retry_counter)
        try:
            response = self._session().post(
                url,
                data=json.dumps(body),
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            return Answer(None, b"", None, monotonic() - started, type(error).__name__)
        return Answer(
            status=response.status_code,
            body=response.content[:_LONGEST_ANSWER],
            retry_after=response.headers.get("Retry-After"),
            seconds=monotonic() - started,
        )

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            # A proxy of the environment must not see what is sent to a local server.
            session.trust_env = False
            self._local.session = session
        return session
