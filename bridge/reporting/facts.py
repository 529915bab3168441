"""What a report is made of: messages with what became of them, and timed duties. As stored."""

from dataclasses import dataclass
from datetime import datetime

from bridge.sla.clocks import Verdict
from bridge.sla.policy import ClockKind


@dataclass(frozen=True)
class TicketEnd:
    """How far one ticket has come. Instants are UTC.

    `placed_at`: when the bridge first saw the final answer placed; `unsure_at`: when it gave up
    finding out whether one is; `dropped_at`: when duties ceased because of the status that the
    ticket is in; `last_stop`: when its newest duty ended; `changed_at`: its last change.
    """

    id: int
    status: str
    placed_at: datetime | None = None
    unsure_at: datetime | None = None
    dropped_at: datetime | None = None
    last_stop: datetime | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True)
class MessageFact:
    """One message with its tickets, the oldest first: however many there are, it counts once."""

    id: int
    channel: str
    visibility: str
    arrived_at: datetime
    tickets: tuple[TicketEnd, ...]


@dataclass(frozen=True)
class Duty:
    """One clock of one ticket. `obstacle`: what kept an answer from being placed, in Russian."""

    message_id: int
    issue_id: int | None
    channel: str
    visibility: str
    kind: ClockKind
    clause: str
    holder: str
    policy: str
    start: datetime
    due: datetime
    stop: datetime | None
    verdict: Verdict | None
    cause: str
    explanation: str
    obstacle: str = ""


@dataclass(frozen=True)
class Facts:
    """All that a report of one period needs: more does no harm."""

    messages: tuple[MessageFact, ...]
    duties: tuple[Duty, ...]


@dataclass(frozen=True)
class Names:
    """How departments and channels are called, by key, in the order of the configuration."""

    departments: dict[str, str]
    channels: dict[str, str]
    reasons: dict[str, str]
    """Why answers are sent back, by clause (3.7.1–3.7.4)."""
