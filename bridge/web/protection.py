"""What stands before every route: who may knock, which bodies are read, what every answer says.

https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html
"""

from collections.abc import Container
from typing import Final

from flask import Flask, Response, request

from bridge.web.admission import Admission, TurnedAway
from bridge.web.metrics import Metrics

HOOKS: Final = "/hooks/"

_NOWHERE: Final = "nowhere"

_STRANGERS: Final = frozenset({401, 403, 404, 405})
"""Answers to who is not, or not shown to be, a sender of ours. A genuine one whose message is
unreadable (400) or too large (413) is not among them."""

_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    # Else the server names itself.
    "Server": "bridge",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def protect(app: Flask, channels: Container[str], admission: Admission, metrics: Metrics) -> None:
    """Put it before the routes; pages that need other headers set their own."""

    @app.before_request
    def turn_away() -> Response | None:
        if not request.path.startswith(HOOKS):
            return None
        turned_away = admission.look(_sender(), _target(channels))
        if turned_away:
            metrics.turned_away(turned_away.excess)
            return _come_later(turned_away)
        if "Transfer-Encoding" in request.headers:
            # Its length is told nowhere, so it would be read as an empty one.
            return _plain("411 Length Required", 411)
        return None

    @app.after_request
    def count_strangers(response: Response) -> Response:
        if response.status_code in _STRANGERS and request.path.startswith(HOOKS):
            admission.refused(_sender(), _target(channels))
        return response

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def _sender() -> str:
    return request.remote_addr or ""


def _target(channels: Container[str]) -> str:
    """The channel that was asked for: one with a wrong secret must not shut the others' door.

    What does not exist is one target, however many names it is given.
    """
    told = (request.view_args or {}).get("channel")
    if told is None:
        return request.endpoint or _NOWHERE
    return told if told in channels else _NOWHERE


def _come_later(turned_away: TurnedAway) -> Response:
    response = _plain("429 Too Many Requests", 429)
    response.headers["Retry-After"] = str(turned_away.retry_after)
    return response


def _plain(text: str, status: int) -> Response:
    return Response(f"{text}\n", status, mimetype="text/plain")
