"""Tickets, their clocks, what was decided on them and added to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.models.base import Base


class TicketRow(Base):
    """One duty of one department (or of the curators), and its issue in the helpdesk."""

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ix_ticket_open", "closed", "id"),
        Index("ix_ticket_status", "status", "id"),
        Index(
            "ix_ticket_attention",
            "id",
            sqlite_where=text("attention <> ''"),
            postgresql_where=text("attention <> ''"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    """The ticket that this one is a part of (clause 2.1.2)."""
    external_number: Mapped[str] = mapped_column(String(255), unique=True)
    department: Mapped[str | None] = mapped_column(String(64))
    """The department to which the mapping sent it; who holds it now, the helpdesk knows."""
    route: Mapped[dict[str, Any]]
    policy: Mapped[str] = mapped_column(String(64))
    issue_id: Mapped[int | None] = mapped_column(unique=True)
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    """The closed ticket whose conversation its author takes up again (reading 14)."""
    created_at: Mapped[datetime]
    closed: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(32), default="")
    observed_update: Mapped[datetime | None]
    """The issue's own time of change at the last observation."""
    observed_journal: Mapped[int] = mapped_column(default=0)
    """The newest journal entry at the last observation."""
    reconciled_at: Mapped[datetime | None]
    attention: Mapped[str] = mapped_column(Text, default="")
    """Why the last try to reconcile failed; empty when it did not."""
    attempts: Mapped[int] = mapped_column(default=0)
    look_at: Mapped[datetime | None] = mapped_column(index=True)
    """When to look again though nothing happens: a deadline passes, a failed try is repeated."""
    hints: Mapped[int] = mapped_column(default=0)
    """Raised by each hint that came while somebody held the lease."""
    part: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What the whole needs to know of this ticket (`sla.parts.Part`)."""
    whole: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What its parts need to know of this ticket (`sla.parts.Whole`); None while it has none."""
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]


class AdditionRow(Base):
    """What became of a message after it had a ticket: its author wrote more, edited, deleted it;
    another system brought it again."""

    __tablename__ = "addition"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    inbox_event_id: Mapped[int] = mapped_column(ForeignKey("inbox_event.id"), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text, default="")
    text_before: Mapped[str] = mapped_column(Text, default="")
    attachments: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("message_source.id"))
    """The further system by which the same message came."""
    suggestion: Mapped[str] = mapped_column(Text, default="")
    """The department that this and the ticket's message make out together, in a sentence."""


class ClockRow(Base):
    """One clock of one ticket. A row that has a verdict never changes again."""

    __tablename__ = "clock"
    __table_args__ = (
        UniqueConstraint("ticket_id", "key"),
        Index("ix_clock_running", "verdict", "due"),
        Index("ix_clock_verdict", "verdict", "kind", "clause", "holder"),
        Index("ix_clock_ended", "stop", "verdict", "holder"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    key: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(32))
    clause: Mapped[str] = mapped_column(String(16))
    holder: Mapped[str] = mapped_column(String(64))
    policy: Mapped[str] = mapped_column(String(64))
    policy_version: Mapped[str] = mapped_column(String(64))
    calendar_version: Mapped[str] = mapped_column(String(64))
    start: Mapped[datetime]
    due: Mapped[datetime]
    stop: Mapped[datetime | None]
    verdict: Mapped[str | None] = mapped_column(String(16))
    cause: Mapped[str] = mapped_column(Text, default="")
    explanation: Mapped[str] = mapped_column(Text, default="")


class DecisionRow(Base):
    """What was decided when, on which state of the issue: the audit of the bridge itself."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    at: Mapped[datetime]
    trigger: Mapped[str] = mapped_column(String(32))
    journal_id: Mapped[int | None]
    summary: Mapped[dict[str, Any]]
