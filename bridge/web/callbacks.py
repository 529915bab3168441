"""Callbacks of the networks: verified, stored, acknowledged."""

from collections.abc import Callable
from datetime import datetime
from functools import cache

import structlog
from flask import Blueprint, Response, abort, request

from bridge.channels import Channels
from bridge.flow.queue import EventHints
from bridge.ingest.port import Callback, CallbackReader, Confirmation, Event, Refused
from bridge.networks.registry import module_of
from bridge.store.inbox import Arrival
from bridge.store.inbox_writer import InboxWriter
from bridge.tracing import trace_of
from bridge.web.metrics import Metrics

log = structlog.get_logger()

ACKNOWLEDGED = "ok"
"""What VK reads as success; anything else it sends again."""


def callback_routes(
    channels: Channels,
    inbox: InboxWriter,
    hints: EventHints,
    metrics: Metrics,
    now: Callable[[], datetime],
) -> Blueprint:
    """`POST /hooks/<network>/<channel>`; below it a secret part where a network signs nothing."""
    routes = Blueprint("callbacks", __name__)

    @cache
    def reader_of(channel: str) -> CallbackReader | None:
        settings = channels[channel]
        return module_of(settings).callback_reader(settings)

    @routes.post("/hooks/<network>/<channel>")
    @routes.post("/hooks/<network>/<channel>/<key>")
    def take_callback(network: str, channel: str, key: str = "") -> Response:
        known = channel in channels and channels[channel].network == network
        reader = reader_of(channel) if known else None
        if reader is None:
            metrics.callback("unknown", "unknown_channel")
            abort(404)
        try:
            read = reader.read(_callback(key, now()))
        except Refused as refusal:
            metrics.callback(channel, f"refused_{refusal.status}")
            log.warning("callback refused", channel=channel, reason=refusal.reason)
            return _text(f"refused: {refusal.reason}\n", refusal.status)
        if isinstance(read, Confirmation):
            metrics.callback(channel, "confirmed")
            return _text(read.code)
        return acknowledge(channel, (read,) if isinstance(read, Event) else read)

    def acknowledge(channel: str, events: tuple[Event, ...]) -> Response:
        arrivals = [
            Arrival(channel, event.external_id, event.kind, event.body, now()) for event in events
        ]
        for event_id in inbox.write_all(arrivals):
            if event_id is None:
                metrics.callback(channel, "duplicate")
            else:
                metrics.callback(channel, "stored")
                log.info("event stored", trace=trace_of(event_id), channel=channel)
                hints.event(event_id)
        return _text(ACKNOWLEDGED)

    return routes


def _callback(key: str, received_at: datetime) -> Callback:
    headers = {name.lower(): value for name, value in request.headers}
    return Callback(request.get_data(), received_at, headers, key, request.remote_addr or "")


def _text(text: str, status: int = 200) -> Response:
    return Response(text, status, mimetype="text/plain")
