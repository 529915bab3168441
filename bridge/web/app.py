"""The Flask application, run by `bridge/web/server.py`.

A callback is verified, stored and answered, nothing more: what it means is a worker's business.
"""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, Response
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from bridge.bootstrap import (
    connect_redis,
    count_calls,
    glance_at_redis,
    system_clock,
)
from bridge.flow.queue import EventHints, WorkQueue
from bridge.log_lines import configure_logging
from bridge.office import Office
from bridge.settings import Settings, load_settings
from bridge.store.database import Store, StoreUnavailable
from bridge.store.inbox_writer import InboxWriter
from bridge.web.admission import Admission
from bridge.web.callbacks import callback_routes
from bridge.web.health import health_routes
from bridge.web.hint_sender import HintSender
from bridge.web.metrics import Metrics
from bridge.web.protection import protect
from bridge.web.queue_gauges import QueueGauges
from bridge.web.request_ids import give_request_ids
from bridge.web.webhooks import ReplayWindow, webhook_routes

RETRY_AFTER_SECONDS = 30
"""What a sender is asked to wait while the store is down; VK accepts up to three hours."""


@dataclass(frozen=True)
class Edge:
    """What the web side works with."""

    settings: Settings
    office: Office
    store: Store
    hints: EventHints
    metrics: Metrics
    now: Callable[[], datetime]


def make() -> Flask:
    """The application of this installation. Raises `ConfigError`."""
    settings = load_settings()
    configure_logging(settings.log_level)
    store = Store(settings.effective_store_url)
    edge = Edge(
        settings=settings,
        office=Office.load(settings.config),
        store=store,
        hints=HintSender(WorkQueue(connect_redis(settings)).events),
        metrics=Metrics(
            store,
            system_clock,
            QueueGauges(glance_at_redis(settings), system_clock),
            counters=count_calls(),
        ),
        now=system_clock,
    )
    app = make_app(edge)
    # What is loaded now stays: looking through it again and again for garbage would cost time.
    gc.freeze()
    return app


def make_app(edge: Edge) -> Flask:
    """The application over these parts."""
    app = Flask("bridge.web")
    app.config["MAX_CONTENT_LENGTH"] = edge.settings.callback_limit
    _believe_proxies(app, edge.settings.trusted_proxies)
    give_request_ids(app)
    admission = Admission(
        requests=edge.settings.requests_per_minute, refusals=edge.settings.refusals_per_minute
    )
    protect(app, edge.office.channels, admission, edge.metrics)
    inbox = InboxWriter(edge.store)
    app.register_blueprint(
        callback_routes(edge.office.channels, inbox, edge.hints, edge.metrics, edge.now)
    )
    secret = edge.settings.redmine_webhook_secret.get_secret_value()
    window = ReplayWindow(oldest=timedelta(hours=edge.settings.webhook_hours))
    app.register_blueprint(
        webhook_routes(secret, window, inbox, edge.hints, edge.metrics, edge.now)
    )
    app.register_blueprint(health_routes(edge.store, edge.settings))
    app.register_blueprint(edge.metrics.routes())
    app.register_error_handler(StoreUnavailable, _store_is_down)
    app.register_error_handler(HTTPException, _plainly)
    return app


def _believe_proxies(app: Flask, count: int) -> None:
    """Take a caller's address from as many proxies as stand before us, and from nobody else."""
    if count:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=0, x_host=0
        )


def _store_is_down(_error: Exception) -> Response:
    response = Response("the store is down, send again later\n", 503, mimetype="text/plain")
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _plainly(error: Exception) -> Response:
    """HTTP errors as one plain line: nothing of the request is repeated."""
    code = error.code if isinstance(error, HTTPException) and error.code else 500
    name = error.name if isinstance(error, HTTPException) else "error"
    return Response(f"{code} {name}\n", code, mimetype="text/plain")
