"""A server of files as citizens attach them, and of all that passes itself off as one.

It stands in for the servers where networks keep pictures. Each path misbehaves in one way.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Final
from urllib.parse import urlsplit

from PIL import Image

METADATA_ADDRESS: Final = "http://169.254.169.254/latest/meta-data/"
"""Where a cloud tells its machines their secrets: the address that a forged link is after."""
LARGE_SIZE: Final = 50 * 1024 * 1024
PIECE: Final = b"\xff\xd8" + bytes(65_534)
DRIP_SECONDS: Final = 0.05
DRIP_SIZE: Final = 100_000
PAGE: Final = "<!DOCTYPE html><html><body>Это не фотография.</body></html>".encode()


def picture(width: int = 64, height: int = 48, colour: str = "grey", kind: str = "JPEG") -> bytes:
    """A picture of one colour."""
    content = BytesIO()
    Image.new("RGB", (width, height), colour).save(content, kind)
    return content.getvalue()


class _Handler(BaseHTTPRequestHandler):
    """Answers by path; an unknown one is 404."""

    server: "FileServer"

    def do_GET(self) -> None:
        """Answer, and bear with whoever hangs up."""
        path = urlsplit(self.path).path
        self.server.asked.append(path)
        answer = _ANSWERS.get(path)
        try:
            if path in self.server.files:
                self.send_file(self.server.files[path])
            elif answer:
                answer(self)
            else:
                self.send_error(HTTPStatus.NOT_FOUND)
        except OSError:
            self.close_connection = True

    def send_file(self, content: bytes, content_type: str = "image/jpeg") -> None:
        """A file as well-behaved servers send it."""
        self.begin(HTTPStatus.OK, {"Content-Type": content_type, "Content-Length": len(content)})
        self.wfile.write(content)

    def begin(self, status: HTTPStatus, headers: Mapping[str, str | int]) -> None:
        """Status and headers."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, str(value))
        self.end_headers()

    def wait(self, seconds: float) -> bool:
        """Let so much time pass; False when the server is to end."""
        return not self.server.ending.wait(seconds)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


def _picture(handler: _Handler) -> None:
    handler.send_file(picture())


def _document(handler: _Handler) -> None:
    handler.send_file(b"%PDF-1.4\n%%EOF\n", "application/pdf")


def _large(handler: _Handler) -> None:
    handler.begin(HTTPStatus.OK, {"Content-Length": LARGE_SIZE})
    for _ in range(LARGE_SIZE // len(PIECE)):
        handler.wfile.write(PIECE)


def _page(handler: _Handler) -> None:
    handler.send_file(PAGE)


def _redirect_inside(handler: _Handler) -> None:
    handler.begin(HTTPStatus.FOUND, {"Location": METADATA_ADDRESS, "Content-Length": 0})


def _redirect(handler: _Handler) -> None:
    handler.begin(HTTPStatus.FOUND, {"Location": "/picture.jpg", "Content-Length": 0})


def _redirect_for_ever(handler: _Handler) -> None:
    handler.begin(HTTPStatus.FOUND, {"Location": handler.path, "Content-Length": 0})


def _drip(handler: _Handler) -> None:
    handler.begin(HTTPStatus.OK, {"Content-Length": DRIP_SIZE})
    while handler.wait(DRIP_SECONDS):
        handler.wfile.write(b"\xff")


def _drip_headers(handler: _Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while handler.wait(DRIP_SECONDS):
        handler.wfile.write(b"x")


def _expired(handler: _Handler) -> None:
    handler.send_error(HTTPStatus.GONE)


def _trouble(handler: _Handler) -> None:
    handler.send_error(HTTPStatus.SERVICE_UNAVAILABLE)


def _told_too_short(handler: _Handler) -> None:
    handler.begin(HTTPStatus.OK, {"Content-Length": 10})
    handler.wfile.write(picture())


def _told_too_long(handler: _Handler) -> None:
    content = picture()
    handler.begin(HTTPStatus.OK, {"Content-Length": len(content) + 100})
    handler.wfile.write(content)


def _endless(handler: _Handler) -> None:
    handler.begin(HTTPStatus.OK, {"Content-Type": "image/jpeg"})
    while not handler.server.ending.is_set():
        handler.wfile.write(PIECE)


_ANSWERS: Final[Mapping[str, Callable[[_Handler], None]]] = {
    "/picture.jpg": _picture,
    "/document.pdf": _document,
    "/large.jpg": _large,
    "/page.jpg": _page,
    "/redirect.jpg": _redirect,
    "/redirect-inside.jpg": _redirect_inside,
    "/redirect-for-ever.jpg": _redirect_for_ever,
    "/drip.jpg": _drip,
    "/drip-headers.jpg": _drip_headers,
    "/expired.jpg": _expired,
    "/trouble.jpg": _trouble,
    "/told-too-short.jpg": _told_too_short,
    "/told-too-long.jpg": _told_too_long,
    "/endless.jpg": _endless,
}


class FileServer(ThreadingHTTPServer):
    """Serves files. `files` adds to its paths; `asked` are the paths that were asked for."""

    daemon_threads = True

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__((host, port), _Handler)
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.ending = threading.Event()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{self.server_address[0]!s}:{self.server_port}"

    @contextmanager
    def running(self) -> Iterator[str]:
        """Serve from a background thread while the block runs; yields the address."""
        thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        thread.start()
        try:
            yield self.url
        finally:
            self.ending.set()
            self.shutdown()
            self.server_close()
            thread.join()
