"""Intake: an event of the inbox becomes a message with its ticket, or is added to one.

Clauses 2.1.1 and 2.1.2.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bridge.channels import Channels, ChannelSettings
from bridge.flow.breath import Breath, find_breath
from bridge.flow.follow_up import EarlierTicket, as_earlier, explain_follow_up, find_earlier
from bridge.flow.later_news import LaterNews
from bridge.flow.opening import is_still_to_draft, want_issue
from bridge.flow.same_message import SameMessage
from bridge.ingest.port import (
    MessageArrived,
    MessageCompleter,
    MessageDeleted,
    MessageEdited,
    MessageRestored,
    Parsed,
    SetAside,
    Unreadable,
)
from bridge.messages import Message
from bridge.moderation import Moderator, Verdict, to_record
from bridge.routing import DepartmentMapping, Route, Router, explain_in_russian
from bridge.sla.additions import AdditionKind
from bridge.sla.policy import SlaSettings
from bridge.sla.service_time import ServiceCalendar
from bridge.store import additions, attachments, conversations, inbox, sources, tickets
from bridge.store.database import Store
from bridge.store.models import EventState, InboxEvent, MessageRow, TicketRow

log = structlog.get_logger()

LATE_ARRIVAL: Final = timedelta(days=7)
"""From then on a message that the bridge never had is one from before its time."""


class Networks(Protocol):
    """What intake needs of the networks."""

    def parse(self, body: bytes, channel: ChannelSettings) -> Parsed:
        """Read an event's body."""

    def completer(self, channel: ChannelSettings) -> MessageCompleter:
        """Who fetches what a channel's events do not tell."""


@dataclass(frozen=True)
class Intake:
    """Reads events of the networks."""

    store: Store
    channels: Channels
    networks: Networks
    router: Router
    mapping: DepartmentMapping
    moderator: Moderator
    policies: SlaSettings
    calendar: ServiceCalendar
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
        if isinstance(parsed, MessageEdited) and parsed.message.also_known_as:
            with self.store.writing() as session:
                sources.learn_numbers(session, parsed.message)
        match parsed:
            case MessageArrived(message):
                return self._take_message(event, channel, message)
            case MessageEdited(message) | MessageRestored(message) if not self._is_stored(message):
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
        whole = self.networks.completer(channel).complete(message)
        route = self.router.route(whole.text)
        with self.store.writing() as session:
            ticket_id = self._add_again(session, event, whole)
            if ticket_id is None:
                ticket_id = self._add(session, event, channel, whole, route)
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
        """Whether it came by this system before."""
        with self.store.reading() as session:
            return sources.is_known(session, message.id)

    def _is_stored(self, message: Message) -> bool:
        """Whether the stored message is this very one, and not one that this one is a card of."""
        with self.store.reading() as session:
            return tickets.find_message(session, message) is not None

    def _add_again(self, session: Session, event: InboxEvent, message: Message) -> int | None:
        """Add the message to the one that another system brought; None when there is none."""
        again = SameMessage(self.channels, self.policies, self.calendar, self.now)
        return again.take(session, event, message)

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
        attachments.add(session, row, self.now())
        if earlier and earlier.takes(self.policies.readings):
            self._add_to(session, earlier, channel, row)
            return earlier.id
        return self._add_ticket(session, row, channel, message, route, earlier).id

    def _add_to(
        self, session: Session, earlier: EarlierTicket, channel: ChannelSettings, row: MessageRow
    ) -> None:
        window = timedelta(seconds=channel.join_seconds)
        breath = find_breath(session, earlier.id, tickets.as_message(row), window)
        kind, suggestion = AdditionKind.FURTHER, ""
        if breath and is_still_to_draft(session, breath.ticket):
            kind = AdditionKind.JOINED
            self._route_anew(session, channel, breath)
        elif breath and earlier.department is None:
            suggestion = self._suggestion(channel, breath)
        additions.add(
            session,
            kind=kind,
            ticket_id=earlier.id,
            message=row,
            event_id=row.inbox_event_id,
            at=row.posted_at,
            now=self.now(),
            suggestion=suggestion,
        )

    def _route_anew(self, session: Session, channel: ChannelSettings, breath: Breath) -> None:
        """Nobody has seen the ticket: it goes where its whole text wants it."""
        ticket, route = breath.ticket, self.router.route(breath.text)
        follows = ticket.follows_id and session.get_one(TicketRow, ticket.follows_id)
        earlier = as_earlier(session, follows) if follows else None
        verdict = self.moderator.check(breath.text)
        department = self._department(route, verdict, channel)
        explanation = self._explanation(route, department, earlier)
        ticket.department = department
        ticket.route = self._as_json(route, verdict, explanation)

    def _suggestion(self, channel: ChannelSettings, breath: Breath) -> str:
        """What the curator is told of a ticket that is with nobody: where both texts want it."""
        route = self.router.route(breath.text)
        sure = _department_in_charge(route, channel, self.mapping)
        return explain_in_russian(route, self.mapping) if sure else ""

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
        verdict = self.moderator.check(message.text)
        department = self._department(route, verdict, channel)
        ticket = tickets.add_ticket(
            session,
            row,
            external_number=message.external_number,
            department=department,
            route=self._as_json(route, verdict, self._explanation(route, department, earlier)),
            policy=channel.policy.of(message.visibility),
            follows_id=earlier.id if earlier else None,
            now=now,
        )
        want_issue(session, ticket, now)
        return ticket

    def _department(self, route: Route, verdict: Verdict, channel: ChannelSettings) -> str | None:
        """Nobody is bothered with what is flagged until the curator decides (1.3)."""
        return None if verdict.found else _department_in_charge(route, channel, self.mapping)

    def _explanation(
        self, route: Route, department: str | None, earlier: EarlierTicket | None
    ) -> str:
        explanation = explain_in_russian(route, self.mapping)
        if earlier is None:
            return explanation
        follow_up = explain_follow_up(earlier, self.mapping, is_sure=department is not None)
        return f"{follow_up}\n\n{explanation}"

    def _as_json(self, route: Route, verdict: Verdict, explanation: str) -> dict[str, Any]:
        """A flagged message waits for the curator, whoever is in charge (1.3, reading 12)."""
        if verdict.found:
            split: Sequence[str] = ()
            moderation = {"moderation": self._moderation_as_json(verdict)}
        else:
            split = _departments_at_once(route, self.mapping)
            moderation = {}
        return {
            "departments": list(route.departments),
            "confidence": route.confidence,
            "mapping_version": route.mapping_version,
            "explanation": explanation,
            "split": list(split),
            **moderation,
        }

    def _moderation_as_json(self, verdict: Verdict) -> dict[str, Any]:
        kinds = self.moderator.lexicon.close_without_curator
        return {**to_record(verdict), "closes": verdict.closes_alone(kinds)}

    def _finish(self, event: InboxEvent, state: EventState, reason: str) -> None:
        with self.store.writing() as session:
            inbox.finish(session, event.id, state, reason, self.now())


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
