"""Answers that no well-behaved server gives: a closed connection, half a body, a proxy's page."""

import socket

from flask import Response, request


def drop_connection() -> Response:
    """Close the caller's connection so that it gets no answer at all.

    The returned response goes nowhere; Flask must have one.
    """
    connection = request.environ.get("werkzeug.socket")
    if not isinstance(connection, socket.socket):
        raise RuntimeError("only the sandbox's own server can drop a connection")
    connection.shutdown(socket.SHUT_RDWR)
    return Response(status=500)


def truncated(response: Response) -> Response:
    """`response` with its full length announced and only half of its body sent."""
    body = response.get_data()
    half = Response(body[: len(body) // 2], response.status, content_type=response.content_type)
    half.headers["Content-Length"] = str(len(body))
    return half


def proxy_page(status: int) -> Response:
    """An HTML page with `status`, as a proxy between client and network would send."""
    page = f"<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>"
    return Response(page, status, content_type="text/html; charset=utf-8")
