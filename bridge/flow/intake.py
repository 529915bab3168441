"""Intake: an event of the inbox becomes a message with its ticket, or is added to one.

Clauses 2.1.1 and 2.1.2.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bridge.channels import Channels, ChannelSettings
from bridge.flow.follow_up import EarlierTicket, explain_follow_up, find_earlier
from bridge.flow.later_news import LaterNews
from bridge.flow.opening import want_issue
from bridge.ingest.port import (
    AuthorDirectory,
    MessageArrived,
    MessageDeleted,
    MessageEdited,
    MessageRestored,
    Parsed,
    SetAside,
    Unreadable,
)
from bridge.messages import Message
from bridge.routing import (
    DepartmentMapping,
    Route,
    Routes,
    explain_alerts_in_russian,
    explain_in_russian,
)
from bridge.sla.additions import AdditionKind
from bridge.sla.policy import Importance
from bridge.sla.readings import Readings
from bridge.store import additions, conversations, inbox, tickets
from bridge.store.database import Store
from bridge.store.models import EventState, InboxEvent, MessageRow, TicketRow

log = structlog.get_logger()

LATE_ARRIVAL: Final = timedelta(days=7)
"""From then on a message that the bridge never had is one from before its time."""


class Networks(Protocol):
    """What intake needs of the networks."""

    def parse(self, body: bytes, channel: ChannelSettings) -> Parsed:
        """Read an event's body."""

    def authors(self, channel: ChannelSettings) -> AuthorDirectory:
        """Who looks up the names of a channel's authors."""


@dataclass(frozen=True)
class Intake:
    """Reads events of the networks."""

    store: Store
    channels: Channels
    networks: Networks
    router: Routes
    mapping: DepartmentMapping
    readings: Readings
    now: Callable[[], datetime]

    def take(self, event: InboxEvent) -> int | None:
        """Process the event; return the ticket that is to be looked at for it, if any.

        What it brings and the end of the event are one transaction: an event that is processed
        again finds all of it or none.
        """
        if event.source not in self.channels:
            self._finish(event, EventState.UNREADABLE, f"нет канала «{event.source}»")
            return None
        channel = self.channels[event.source]
        try:
            return self._take_parsed(event, channel, self.networks.parse(event.body, channel))
        except IntegrityError:
            # Another worker took in the same between the look and the write.
            self._finish(event, EventState.SET_ASIDE, "known")
            return None

    def _take_parsed(
        self, event: InboxEvent, channel: ChannelSettings, parsed: Parsed
    ) -> int | None:
        news = LaterNews(self.store, self.now)
        match parsed:
            case MessageArrived(message):
                return self._take_message(event, channel, message)
            case MessageEdited(message) | MessageRestored(message) if not self._is_known(message):
                return self._take_late(event, channel, message)
            case MessageEdited():
                return news.take_edit(event, parsed)
            case MessageRestored():
                return news.take_restoration(event, parsed)
            case MessageDeleted():
                return news.take_deletion(event, parsed)
            case SetAside(reason):
                self._finish(event, EventState.SET_ASIDE, reason)
            case Unreadable(reason, where):
                log.warning("event unreadable", inbox_event=event.id, where=where)
                self._finish(event, EventState.UNREADABLE, f"{where}: {reason}")
        return None

    def _take_message(
        self, event: InboxEvent, channel: ChannelSettings, message: Message
    ) -> int | None:
        if self._is_known(message):
            self._finish(event, EventState.SET_ASIDE, "known")
            return None
        named = self._with_author(channel, message)
        route = self.router.route(message.text, message.topics, message.district)
        with self.store.writing() as session:
            ticket_id = self._add(session, event, channel, named, route)
            inbox.finish(session, event.id, EventState.PROCESSED, "", self.now())
        log.info("message taken in", inbox_event=event.id, ticket=ticket_id)
        return ticket_id

    def _take_late(
        self, event: InboxEvent, channel: ChannelSettings, message: Message
    ) -> int | None:
        """Take news of a message that is not stored for its arrival, unless it is an old one.

        Its arrival is still to be processed, or was never told: what VK hides as spam, for one.
        """
        if event.received_at - message.posted_at > LATE_ARRIVAL:
            self._finish(event, EventState.SET_ASIDE, "unknown")
            return None
        return self._take_message(event, channel, message)

    def _is_known(self, message: Message) -> bool:
        with self.store.reading() as session:
            return tickets.find_message(session, message) is not None

    def _with_author(self, channel: ChannelSettings, message: Message) -> Message:
        author = self.networks.authors(channel).find(message.author.external_id)
        return replace(message, author=author)

    def _add(
        self,
        session: Session,
        event: InboxEvent,
        channel: ChannelSettings,
        message: Message,
        route: Route,
    ) -> int:
        """Store the message, with a ticket of its own or to be told in an earlier one."""
        conversations.hold(session, message)
        earlier = find_earlier(session, message)
        row = tickets.add_message(session, message, event.id, self.now())
        if earlier and earlier.takes(self.readings):
            self._add_to(session, earlier, row)
            return earlier.id
        return self._add_ticket(session, row, channel, message, route, earlier).id

    def _add_to(self, session: Session, earlier: EarlierTicket, row: MessageRow) -> None:
        additions.add(
            session,
            kind=AdditionKind.FURTHER,
            ticket_id=earlier.id,
            message=row,
            event_id=row.inbox_event_id,
            at=row.posted_at,
            now=self.now(),
        )

    def _add_ticket(
        self,
        session: Session,
        row: MessageRow,
        channel: ChannelSettings,
        message: Message,
        route: Route,
        earlier: EarlierTicket | None,
    ) -> TicketRow:
        now = self.now()
        department = _department_in_charge(route, channel, self.mapping)
        ticket = tickets.add_ticket(
            session,
            row,
            external_number=message.external_number,
            department=department,
            route=self._as_json(route, self._explanation(route, department, earlier)),
            policy=channel.policy.of(message.visibility),
            follows_id=earlier.id if earlier else None,
            now=now,
        )
        want_issue(session, ticket, now)
        return ticket

    def _explanation(
        self, route: Route, department: str | None, earlier: EarlierTicket | None
    ) -> str:
        explanation = explain_in_russian(route, self.mapping)
        if earlier is None:
            return explanation
        follow_up = explain_follow_up(earlier, self.mapping, is_sure=department is not None)
        return f"{follow_up}\n\n{explanation}"

    def _as_json(self, route: Route, explanation: str) -> dict[str, Any]:
        return {
            "departments": list(route.departments),
            "confidence": route.confidence,
            "mapping_version": route.mapping_version,
            "model_version": route.model_version,
            "reasons": [each.as_json() for each in route.reasons],
            "explanation": explanation,
            "split": list(_departments_at_once(route, self.mapping)),
            **_importance(route),
        }

    def _finish(self, event: InboxEvent, state: EventState, reason: str) -> None:
        with self.store.writing() as session:
            inbox.finish(session, event.id, state, reason, self.now())


def _importance(route: Route) -> dict[str, str]:
    """What makes a message important, if anything: the curator is told at once."""
    if not route.alerts:
        return {}
    return {"importance": Importance.HIGH, "why_important": explain_alerts_in_russian(route)}


def _departments_at_once(route: Route, mapping: DepartmentMapping) -> Sequence[str]:
    """The departments that each get a part of the message without asking (clause 2.1.2)."""
    is_sure = route.confidence >= mapping.confidence_threshold
    several = len(route.departments) > 1
    return route.departments if several and is_sure and mapping.several == "split" else ()


def _department_in_charge(
    route: Route, channel: ChannelSettings, mapping: DepartmentMapping
) -> str | None:
    """The department that the mapping is sure of, or the page's own where nothing is named.

    Several get a part each, or the curator decides, as with too little to go by (clause 2.1.2).
    """
    if not route.departments:
        return mapping.default_departments.get(channel.key)
    if len(route.departments) > 1 or route.confidence < mapping.confidence_threshold:
        return None
    return route.departments[0]
