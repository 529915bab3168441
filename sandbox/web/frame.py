"""Makes the Flask application that a network's pages live in."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from sandbox.control import answer_refusals


class _NetworkJson(DefaultJSONProvider):
    """JSON as the networks write it: fields in their own order, letters unescaped."""

    sort_keys = False
    ensure_ascii = False
    compact = True


def make_app(zone: ZoneInfo) -> Flask:
    """An application with the shared layout; pages show dates in `zone`."""
    app = Flask("sandbox.web", static_url_path="/static")
    app.json = _NetworkJson(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.template_filter("moment")
    def _moment(at: datetime) -> str:
        return at.astimezone(zone).strftime("%d.%m.%Y %H:%M")

    @app.template_filter("moment_to_second")
    def _moment_to_second(at: datetime) -> str:
        return at.astimezone(zone).strftime("%d.%m.%Y %H:%M:%S")

    answer_refusals(app)
    return app
