"""An id for each request, in all its lines and in the answer, so that both can be told together."""

import uuid
from collections.abc import Callable
from typing import Final

import structlog
from flask import Flask, Response, g

HEADER: Final = "X-Request-Id"


def random_id() -> str:
    """One that no other request has."""
    return uuid.uuid4().hex


def give_request_ids(app: Flask, new_id: Callable[[], str] = random_id) -> None:
    """Install. What a sender calls its request is not believed."""

    @app.before_request
    def begin() -> None:
        structlog.contextvars.clear_contextvars()
        g.request_id = new_id()
        structlog.contextvars.bind_contextvars(request=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        response.headers[HEADER] = g.request_id
        return response
