"""Intake: an event of the inbox becomes a message with its ticket, or is added to one.

Clauses 2.1.1 and 2.1.2.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bridge.channels import Channels, ChannelSettings
from bridge.flow.breath import Breath, find_breath
from bridge.flow.follow_up import EarlierTicket, as_earlier, explain_follow_up, find_earlier
from bridge.flow.judging import Judgement, Judging, Matter
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
    judging: Judging
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
        matter = Matter(whole.text, whole.topics, whole.district)
        judgement = self.judging.judge(matter, channel)
        with self.store.writing() as session:
            ticket_id = self._add_again(session, event, whole)
            if ticket_id is None:
                ticket_id = self._add(session, event, channel, whole, judgement)
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
        judgement: Judgement,
    ) -> int:
        """Store the message, with a ticket of its own or to be told in an earlier one."""
        conversations.hold(session, message)
        earlier = find_earlier(session, message)
        row = tickets.add_message(session, message, event.id, self.now())
        attachments.add(session, row, self.now())
        if earlier and earlier.takes(self.policies.readings):
            self._add_to(session, earlier, channel, row)
            return earlier.id
        return self._add_ticket(session, row, channel, message, judgement, earlier).id

    def _add_to(
        self, session: Session, earlier: EarlierTicket, channel: ChannelSettings, row: MessageRow
    ) -> None:
        window = timedelta(seconds=channel.join_seconds)
        breath = find_breath(session, earlier.id, tickets.as_message(row), window)
        kind, suggestion = AdditionKind.FURTHER, ""
        if breath and is_still_to_draft(session, breath.ticket):
            kind = AdditionKind.JOINED
            self._judge_anew(session, channel, breath)
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

    def _judge_anew(self, session: Session, channel: ChannelSettings, breath: Breath) -> None:
        """Nobody has seen the ticket: it goes where its whole text wants it."""
        ticket, judgement = breath.ticket, self.judging.judge(Matter(breath.text), channel)
        follows = ticket.follows_id and session.get_one(TicketRow, ticket.follows_id)
        earlier = as_earlier(session, follows) if follows else None
        ticket.department = judgement.department
        ticket.route = self.judging.as_json(judgement, self._explanation(judgement, earlier))

    def _suggestion(self, channel: ChannelSettings, breath: Breath) -> str:
        """What the curator is told of a ticket that is with nobody: where both texts want it."""
        judgement = self.judging.judge(Matter(breath.text), channel)
        return self.judging.explain(judgement) if judgement.department else ""

    def _add_ticket(
        self,
        session: Session,
        row: MessageRow,
        channel: ChannelSettings,
        message: Message,
        judgement: Judgement,
        earlier: EarlierTicket | None,
    ) -> TicketRow:
        now = self.now()
        ticket = tickets.add_ticket(
            session,
            row,
            external_number=message.external_number,
            department=judgement.department,
            route=self.judging.as_json(judgement, self._explanation(judgement, earlier)),
            policy=channel.policy.of(message.visibility),
            follows_id=earlier.id if earlier else None,
            now=now,
        )
        want_issue(session, ticket, now)
        return ticket

    def _explanation(self, judgement: Judgement, earlier: EarlierTicket | None) -> str:
        explanation = self.judging.explain(judgement)
        if earlier is None:
            return explanation
        is_sure = judgement.department is not None
        follow_up = explain_follow_up(earlier, self.judging.mapping, is_sure=is_sure)
        return f"{follow_up}\n\n{explanation}"

    def _finish(self, event: InboxEvent, state: EventState, reason: str) -> None:
        with self.store.writing() as session:
            inbox.finish(session, event.id, state, reason, self.now())
