"""What the sweep and the nightly reconciliation found."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.models.base import Base


class RepairRow(Base):
    """A change that no webhook announced and the sweep found: it says that the hook is broken."""

    __tablename__ = "sweep_repair"
    __table_args__ = (Index("ix_sweep_repair_ticket", "ticket_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    at: Mapped[datetime]
    changed_at: Mapped[datetime]


class CursorRow(Base):
    """How far a sweep has read."""

    __tablename__ = "cursor"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    instant: Mapped[datetime]


class NightlyPhase(StrEnum):
    """What a nightly run is reading."""

    OPEN = "open"
    """Open tickets."""
    CLOSED = "closed"
    """Closed tickets that changed since the last run."""


class NightlyRunRow(Base):
    """One nightly reconciliation: how far it came, what it counted."""

    __tablename__ = "nightly_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    active: Mapped[bool | None] = mapped_column(unique=True)
    """True until it has ended, then NULL: so there is at most one that has not."""
    started_at: Mapped[datetime]
    since: Mapped[datetime]
    """Closed tickets are looked at if they changed after this instant."""
    finished_at: Mapped[datetime | None]
    phase: Mapped[str] = mapped_column(String(16), default=NightlyPhase.OPEN)
    reached: Mapped[int] = mapped_column(default=0)
    """The ticket up to which the phase is done."""
    looked: Mapped[int] = mapped_column(default=0)
    """Tickets compared with their row of Redmine's list."""
    read: Mapped[int] = mapped_column(default=0)
    """Those of them that were read with their journal."""
    differing: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    """Tickets that could not be compared."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it has not ended, or what did not work at its end."""
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]


class Side(StrEnum):
    """Where a nightly difference was found, and so what was mended."""

    STORE = "store"
    HELPDESK = "helpdesk"


class Cause(StrEnum):
    """Why something was not as it should be."""

    LOST_WEBHOOK = "lost_webhook"
    """Staff's doing that no webhook announced."""
    EDITED_BY_HAND = "edited_by_hand"
    """A person changed a field that is the bridge's to set."""
    SILENT_DROP = "silent_drop"
    """The bridge wrote it, Redmine does not show it."""
    REFUSED = "refused"
    """Redmine refused to have it written."""
    CHANGED_RULES = "changed_rules"
    """The policy or the calendar is not the one by which the clock was timed."""
    BEHIND = "behind"
    """The bridge knew that there was something to do, and had not got to it."""
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """What became of a nightly difference."""

    MENDED = "mended"
    KEPT = "kept"
    """A verdict that would be another today: it was not changed (reading 1)."""
    LEFT = "left"
    """Still there after the reconciliation."""


class NightlyDifferenceRow(Base):
    """One thing that was not as the rules want it, and why."""

    __tablename__ = "nightly_difference"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("nightly_run.id"), index=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    at: Mapped[datetime]
    side: Mapped[str] = mapped_column(String(16))
    what: Mapped[str] = mapped_column(String(64))
    """`status`, `journal`, `due_date`, `note`, `placement`, `issue`, `clock KEY` or a field."""
    was: Mapped[str] = mapped_column(Text)
    became: Mapped[str] = mapped_column(Text)
    """What the rules want; of a verdict that was kept, what it would be today."""
    cause: Mapped[str] = mapped_column(String(32))
    outcome: Mapped[str] = mapped_column(String(16))


class NightlyReadingRow(Base):
    """What a ticket was like when a nightly run last read it with its journal."""

    __tablename__ = "nightly_reading"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("nightly_run.id"))
    read_at: Mapped[datetime]
    fingerprint: Mapped[str] = mapped_column(String(64))
    """Of all that the comparison depends on; empty where something was left to be done."""
