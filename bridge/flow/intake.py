"""Intake: an event of the inbox becomes a message and its ticket (clause 2.1.1)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bridge.channels import Channels, ChannelSettings
from bridge.effects import CREATE_KEY, EffectKind
from bridge.ingest.port import AuthorDirectory, MessageArrived, Parsed, SetAside, Unreadable
from bridge.messages import Message
from bridge.routing import DepartmentMapping, Route, Router, explain_in_russian
from bridge.store import inbox, outbox, tickets
from bridge.store.database import Store
from bridge.store.models import EventState, InboxEvent, TicketRow

log = structlog.get_logger()


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
    router: Router
    mapping: DepartmentMapping
    now: Callable[[], datetime]

    def take(self, event: InboxEvent) -> int | None:
        """Process the event; return the ticket that it made, if any.

        The message, its ticket and the end of the event are one transaction: an event that is
        processed again finds all of it or none.
        """
        if event.source not in self.channels:
            self._finish(event, EventState.UNREADABLE, f"нет канала «{event.source}»")
            return None
        channel = self.channels[event.source]
        match self.networks.parse(event.body, channel):
            case MessageArrived(message):
                return self._take_message(event, channel, message)
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
        route = self.router.route(message.text)
        try:
            with self.store.writing() as session:
                ticket = self._add(session, event, channel, named, route)
                inbox.finish(session, event.id, EventState.PROCESSED, "", self.now())
        except IntegrityError:
            # Another worker took in the same message between the look and the write.
            self._finish(event, EventState.SET_ASIDE, "known")
            return None
        log.info("message taken in", inbox_event=event.id, ticket=ticket.id)
        return ticket.id

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
    ) -> TicketRow:
        now = self.now()
        row = tickets.add_message(session, message, event.id, now)
        ticket = tickets.add_ticket(
            session,
            row,
            external_number=message.external_number,
            department=_department_in_charge(route, channel, self.mapping),
            route=self._as_json(route),
            policy=channel.policy.of(message.visibility),
            now=now,
        )
        outbox.add(
            session,
            ticket_id=ticket.id,
            key=CREATE_KEY,
            kind=EffectKind.CREATE_TICKET,
            channel=None,
            payload={},
            now=now,
        )
        return ticket

    def _as_json(self, route: Route) -> dict[str, Any]:
        return {
            "departments": list(route.departments),
            "confidence": route.confidence,
            "mapping_version": route.mapping_version,
            "explanation": explain_in_russian(route, self.mapping),
        }

    def _finish(self, event: InboxEvent, state: EventState, reason: str) -> None:
        with self.store.writing() as session:
            inbox.finish(session, event.id, state, reason, self.now())


def _department_in_charge(
    route: Route, channel: ChannelSettings, mapping: DepartmentMapping
) -> str | None:
    """The department that the mapping is sure of, or the page's own where nothing is named.

    With several, or with too little to go by, the curator decides (clause 2.1.2).
    """
    if not route.departments:
        return mapping.default_departments.get(channel.key)
    if len(route.departments) > 1 or route.confidence < mapping.confidence_threshold:
        return None
    return route.departments[0]
