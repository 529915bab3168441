"""The least that Flask can answer to a callback: nothing verified, nothing stored."""

from flask import Flask, Response


def make() -> Flask:
    """An application whose every POST is answered `ok`."""
    app = Flask("benchmarks.bare_flask")

    @app.post("/<path:_path>")
    def answer(_path: str) -> Response:
        return Response("ok", mimetype="text/plain")

    return app
