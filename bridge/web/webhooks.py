"""Webhooks of the helpdesk: only hints, but verified and stored like everything else."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from flask import Blueprint, Response, request

from bridge.flow.queue import EventHints
from bridge.helpdesk.signature import (
    SIGNATURE_HEADER,
    ForgedWebhook,
    UnreadableWebhook,
    WebhookHint,
    read_webhook,
    verify,
)
from bridge.store.inbox import HELPDESK, Arrival
from bridge.store.inbox_writer import InboxWriter
from bridge.tracing import trace_of
from bridge.web.metrics import Metrics

log = structlog.get_logger()

AHEAD = timedelta(minutes=5)
"""By how much the clock of Redmine's machine may be fast."""


@dataclass(frozen=True)
class ReplayWindow:
    """When a delivery, which is signed with its time inside, counts as fresh.

    Older ones are replays; the sweep finds what a late one would have told.
    """

    oldest: timedelta
    ahead: timedelta = AHEAD

    def objection(self, hint: WebhookHint, now: datetime) -> str:
        """What is wrong with the delivery's time; empty when nothing is."""
        age = hint.age(now)
        if age is None:
            return "the delivery tells no time"
        if age > self.oldest:
            return "the delivery is too old"
        if age < -self.ahead:
            return "the delivery is from the future: set the clocks of Redmine and the bridge"
        return ""


def webhook_routes(
    secret: str,
    window: ReplayWindow,
    inbox: InboxWriter,
    hints: EventHints,
    metrics: Metrics,
    now: Callable[[], datetime],
) -> Blueprint:
    """`POST /hooks/redmine`."""
    routes = Blueprint("webhooks", __name__)

    @routes.post("/hooks/redmine")
    def take_webhook() -> Response:
        body = request.get_data()
        try:
            verify(body, request.headers.get(SIGNATURE_HEADER), secret)
            hint = read_webhook(body)
        except ForgedWebhook as error:
            return refuse(401, "forged", str(error))
        except UnreadableWebhook as error:
            return refuse(400, "unreadable", str(error))
        objection = window.objection(hint, now())
        if objection:
            return refuse(400, "stale", objection)
        return store_hint(hint, body)

    def refuse(status: int, outcome: str, reason: str) -> Response:
        metrics.webhook(outcome)
        log.warning("webhook refused", outcome=outcome, reason=reason)
        return Response(f"refused: {reason}\n", status, mimetype="text/plain")

    def store_hint(hint: WebhookHint, body: bytes) -> Response:
        arrival = Arrival(HELPDESK, _identity(hint, body), hint.type, body, now())
        event_id = inbox.write(arrival)
        metrics.webhook("stored" if event_id else "duplicate")
        if event_id:
            log.info("webhook stored", trace=trace_of(event_id), issue=hint.issue_id)
            hints.event(event_id)
        return Response(status=204)

    return routes


def _identity(hint: WebhookHint, body: bytes) -> str:
    """What a repeated delivery has in common with the first; Redmine gives deliveries no id."""
    if hint.test_token:
        return f"test:{hint.test_token[:64]}"
    if hint.journal_id:
        return f"journal:{hint.journal_id}"
    return hashlib.sha256(body).hexdigest()
