"""A store after some busy weeks: departments with hundreds of messages each, some of them late."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from bridge.effects import EffectKind
from bridge.office import Office
from bridge.sla.clocks import CURATOR, Verdict
from bridge.sla.deadlines import deadline
from bridge.sla.policy import ClockKind, ClockRule, Policy
from bridge.store.database import Store
from bridge.store.models import (
    ClockRow,
    EffectRow,
    EffectState,
    InboxEvent,
    MessageRow,
    TicketRow,
)

DEPARTMENTS = ("roads", "housing", "transport")
REASONS = ("3.7.1", "3.7.2", "3.7.3", "3.7.4", "")
CHANNELS = (
    ("vk-head", "feed", "head-feed"),
    ("vk-head", "direct", "head-direct"),
    ("vk-administration", "feed", "administration"),
)
_CHAINS: dict[str, tuple[str, ...]] = {
    "answered": ("routing", "answer", "placement"),
    "revised": ("routing", "answer", "placement", "revision", "placement"),
    "waiting": ("routing", "answer"),
    "rejected": ("routing",),
}


@dataclass
class BusyOffice:
    """Fills a store; the same seed makes the same weeks."""

    store: Store
    office: Office
    random: Random = field(default_factory=lambda: Random(7))  # noqa: S311

    def work(self, first_day: datetime, days: int, messages_of_each: int) -> None:
        """Let every department have so many messages, spread over the days."""
        with self.store.writing() as session:
            for department in DEPARTMENTS:
                for _ in range(messages_of_each):
                    minutes = self.random.randrange(days * 24 * 60)
                    self._message(session, department, first_day + timedelta(minutes=minutes))

    def _message(self, session: Session, department: str, at: datetime) -> None:
        channel, visibility, policy_key = self.random.choice(CHANNELS)
        ticket = add_ticket(
            session, at, department, channel=channel, visibility=visibility, policy=policy_key
        )
        fate = self.random.choices(tuple(_CHAINS), weights=(80, 10, 4, 6))[0]
        policy = self.office.policies.policy(policy_key)
        end = at
        for number, kind in enumerate(_CHAINS[fate], start=1):
            end = self._duty(session, ticket, policy, kind, number, end, department)
        self._finish(session, ticket, fate, end)

    def _duty(
        self,
        session: Session,
        ticket: TicketRow,
        policy: Policy,
        kind: str,
        number: int,
        start: datetime,
        department: str,
    ) -> datetime:
        rule: ClockRule = getattr(policy, kind)
        term = deadline(rule, start, self.office.calendar)
        stop = start + (term.due - start) * self.random.betavariate(2, 3) * 1.5
        add_clock(
            session,
            ticket,
            key=f"{kind}:{number}",
            kind=rule.clock,
            clause=term.clause,
            holder=department if kind in {"answer", "revision"} else CURATOR,
            policy=policy.key,
            start=start,
            due=term.due,
            stop=stop,
            verdict=Verdict.IN_TIME if stop <= term.due else Verdict.LATE,
            cause=self.random.choice(REASONS) if kind == "revision" else "",
            explanation=term.explanation,
        )
        return stop

    def _finish(self, session: Session, ticket: TicketRow, fate: str, end: datetime) -> None:
        ticket.observed_update = end
        if fate == "rejected":
            ticket.status, ticket.closed = "not_answerable", True
            _cancel_last(session, ticket, "not_answerable")
        elif fate == "waiting":
            ticket.status = "assigned"
            _reopen_last(session, ticket)
        else:
            ticket.status, ticket.closed = "placed", True
            if self.random.random() < 0.95:
                add_placement(session, ticket, end)


def add_ticket(
    session: Session,
    at: datetime,
    department: str | None,
    *,
    channel: str = "vk-head",
    visibility: str = "feed",
    policy: str = "head-feed",
    message: MessageRow | None = None,
) -> TicketRow:
    """A ticket and, unless it is a part of one that is there, its message."""
    number = session.query(TicketRow).count() + 1
    if message is None:
        message = _add_message(session, number, at, channel, visibility)
    ticket = TicketRow(
        message_id=message.id,
        external_number=f"vk:{number}",
        department=department,
        route={},
        policy=policy,
        issue_id=number,
        created_at=at,
        observed_update=at,
        status="new",
    )
    session.add(ticket)
    session.flush()
    return ticket


def _add_message(
    session: Session, number: int, at: datetime, channel: str, visibility: str
) -> MessageRow:
    event = InboxEvent(
        source=channel, external_id=str(number), kind="k", body=b"{}", received_at=at
    )
    session.add(event)
    session.flush()
    message = MessageRow(
        inbox_event_id=event.id,
        channel=channel,
        network="vk",
        visibility=visibility,
        external_id=str(number),
        author_id="1",
        author_name="Анна",
        author_link="",
        text="Яма",
        link="",
        address={},
        attachments=[],
        posted_at=at,
        received_at=at,
    )
    session.add(message)
    session.flush()
    return message


def add_clock(session: Session, ticket: TicketRow, **values: Any) -> ClockRow:
    """One duty of the ticket."""
    usual: dict[str, Any] = {
        "key": "answer:1",
        "kind": ClockKind.ANSWER,
        "clause": "3.2.1",
        "holder": "roads",
        "policy": "head-feed",
        "policy_version": "p",
        "calendar_version": "c",
        "stop": None,
        "verdict": None,
        "explanation": "4 ч подряд",
    }
    row = ClockRow(ticket_id=ticket.id, **(usual | values))
    session.add(row)
    session.flush()
    return row


def add_placement(
    session: Session,
    ticket: TicketRow,
    at: datetime,
    *,
    kind: str = "final",
    state: EffectState = EffectState.DONE,
    meaning: str = "",
) -> None:
    """A placement of the ticket's answer that ended at `at`."""
    number = session.query(EffectRow).count() + 1
    session.add(
        EffectRow(
            ticket_id=ticket.id,
            key=f"place:{number}",
            kind=EffectKind.PLACE_ANSWER,
            channel="vk-head",
            payload={"kind": kind},
            state=state,
            created_at=at,
            next_attempt_at=at,
            finished_at=at,
            meaning=meaning,
        )
    )
    session.flush()


def _last(session: Session, ticket: TicketRow) -> ClockRow:
    return (
        session.query(ClockRow)
        .where(ClockRow.ticket_id == ticket.id)
        .order_by(ClockRow.id.desc())
        .limit(1)
        .one()
    )


def _cancel_last(session: Session, ticket: TicketRow, cause: str) -> None:
    clock = _last(session, ticket)
    clock.verdict, clock.cause = Verdict.CANCELLED, cause


def _reopen_last(session: Session, ticket: TicketRow) -> None:
    clock = _last(session, ticket)
    clock.verdict, clock.stop = None, None
