"""Runs a Flask application on a real local port, in threads of this process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

_SHUTDOWN_CHECK_SECONDS = 0.02
"""How soon a server notices that it is to stop: tests start and stop many."""


class _QuietRequestHandler(WSGIRequestHandler):
    """Calls are seen in the sandbox's own log, not line by line on the terminal."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Print nothing."""


def make_local_server(app: Flask, host: str, port: int) -> BaseWSGIServer:
    """A server bound to `host` and `port` (0: any free one), not yet serving.

    Raises `SystemExit` when the port is taken, as werkzeug does.
    """
    return make_server(host, port, app, threaded=True, request_handler=_QuietRequestHandler)


@contextmanager
def served(app: Flask, host: str, port: int) -> Iterator[str]:
    """Serve `app` in a background thread while the block runs; yields its base URL."""
    server = make_local_server(app, host, port)
    thread = threading.Thread(
        target=server.serve_forever,
        kwargs={"poll_interval": _SHUTDOWN_CHECK_SECONDS},
        name="sandbox-server",
        daemon=True,
    )
    thread.start()
    try:
        yield f"http://{host}:{server.port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
