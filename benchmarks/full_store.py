"""A store after years of work: many closed tickets, some thousand open ones, with clocks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from sqlalchemy import insert, text

from bridge.sla.clocks import CURATOR, Verdict
from bridge.sla.policy import ClockKind
from bridge.store.database import Store
from bridge.store.models import Base, ClockRow, InboxEvent, MessageRow, TicketRow

_BATCH: Final = 5_000
_YEARS: Final = timedelta(days=3 * 365)
_WORDS: Final = "Здравствуйте! Во дворе третью неделю не вывозят мусор, контейнеры полны. " * 5
_CHANNELS: Final = (("vk-head", "feed"), ("vk-head", "direct"), ("vk-administration", "feed"))
_DUTIES: Final = (
    (ClockKind.ROUTING, "3.1", timedelta(hours=1)),
    (ClockKind.ANSWER, "3.2.1", timedelta(hours=4)),
    (ClockKind.PLACEMENT, "3.5", timedelta(minutes=30)),
)
Row = dict[str, Any]


@dataclass
class Filler:
    """Makes rows; the same seed makes the same ones. `now` is UTC."""

    now: datetime
    departments: tuple[str, ...]
    random: Random = field(default_factory=lambda: Random(7))

    def fill(self, store: Store, closed: int, open_: int) -> None:
        """Insert so many tickets, the closed ones first."""
        numbers = range(1, closed + open_ + 1)
        for some in _batches(numbers):
            rows = [self._ticket(number, is_open=number > closed) for number in some]
            with store.writing() as session:
                for table in (InboxEvent, MessageRow, TicketRow, ClockRow):
                    own = [row for each in rows for row in each[table]]
                    session.execute(insert(table), own)
        with store.writing() as session:
            session.execute(text("ANALYZE"))

    def _ticket(self, number: int, *, is_open: bool) -> dict[type[Base], list[Row]]:
        channel, visibility = self.random.choice(_CHANNELS)
        department = self.random.choice(self.departments)
        age = timedelta(hours=self.random.expovariate(1 / 5)) if is_open else _YEARS * self._share()
        at = self.now - age
        event = {
            "id": number,
            "source": channel,
            "external_id": str(number),
            "kind": "wall_reply_new",
            "body": b"{}",
            "received_at": at,
        }
        message = {
            "id": number,
            "inbox_event_id": number,
            "channel": channel,
            "network": "vk",
            "visibility": visibility,
            "external_id": str(number),
            "author_id": str(number % 9_000),
            "author_name": "Анна",
            "author_link": "",
            "text": _WORDS,
            "link": "",
            "address": {},
            "attachments": [],
            "posted_at": at,
            "received_at": at,
        }
        ticket = {
            "id": number,
            "message_id": number,
            "external_number": f"vk:{number}",
            "department": department,
            "route": {"departments": [department], "explanation": "мусор, контейнеры"},
            "policy": "head-feed",
            "issue_id": number,
            "created_at": at,
            "closed": not is_open,
            "status": "assigned" if is_open else "placed",
            "observed_update": at,
        }
        stage = self.random.choice((0, 1, 1, 1, 2)) if is_open else len(_DUTIES)
        return {
            InboxEvent: [event],
            MessageRow: [message],
            TicketRow: [ticket],
            ClockRow: list(self._clocks(number, department, at, stage)),
        }

    def _clocks(self, number: int, department: str, at: datetime, stage: int) -> Iterator[Row]:
        """Those before `stage` are done, the one at it runs; an answer's interim one runs, too."""
        for step, (kind, clause, term) in enumerate(_DUTIES[: stage + 1]):
            holder = department if kind is ClockKind.ANSWER else CURATOR
            clock = _clock(number, kind, clause, holder, at, term)
            if step < stage:
                clock["stop"] = at + term * self._share() * 1.1
                late = clock["stop"] > clock["due"]
                clock["verdict"] = Verdict.LATE if late else Verdict.IN_TIME
            elif kind is ClockKind.ANSWER:
                yield _clock(number, ClockKind.INTERIM, "3.6", department, at, term)
            yield clock

    def _share(self) -> float:
        return self.random.random()


def _clock(
    ticket: int, kind: ClockKind, clause: str, holder: str, start: datetime, term: timedelta
) -> Row:
    return {
        "ticket_id": ticket,
        "key": f"{kind}:1",
        "kind": kind,
        "clause": clause,
        "holder": holder,
        "policy": "head-feed",
        "policy_version": "0123456789abcdef",
        "calendar_version": "fedcba9876543210",
        "start": start,
        "due": start + term,
        "stop": None,
        "verdict": None,
        "explanation": f"п. {clause}: подряд, включая ночи и выходные",
    }


def _batches(numbers: range) -> Iterator[range]:
    for first in range(numbers.start, numbers.stop, _BATCH):
        yield range(first, min(first + _BATCH, numbers.stop))
