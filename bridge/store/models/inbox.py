"""What senders were told is safe, and what is fetched because nobody sends it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.models.base import Base


class EventState(StrEnum):
    """Where an event of the inbox is."""

    RECEIVED = "received"
    PROCESSED = "processed"
    SET_ASIDE = "set_aside"
    """Understood, and nothing to do: `reason` says why."""
    UNREADABLE = "unreadable"
    """Kept for a person: `reason` says what could not be read."""


class InboxEvent(Base):
    """What a sender was told is safe with us."""

    __tablename__ = "inbox_event"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_inbox_event_open", "state", "received_at"),
        Index("ix_inbox_event_arrival", "source", "received_at"),
        Index("ix_inbox_event_received", "received_at"),
        Index("ix_inbox_event_source", "source", "id"),
        Index("ix_inbox_event_state", "state", "id"),
        Index("ix_inbox_event_kind", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(64))
    """A channel's key, or `helpdesk`."""
    external_id: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(64))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), default=EventState.RECEIVED)
    reason: Mapped[str] = mapped_column(Text, default="")
    attempts: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]


class PollRow(Base):
    """What is fetched for a channel, because nobody sends it: where the last look ended."""

    __tablename__ = "poll"

    channel: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    state: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """The poller's own, as of the last look that succeeded."""
    looked_at: Mapped[datetime | None]
    """When a look last succeeded."""
    failing_since: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    """How many looks have failed in a row."""
    code: Mapped[str] = mapped_column(String(64), default="")
    meaning: Mapped[str] = mapped_column(Text, default="")
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]


class SilenceRow(Base):
    """A source that has been silent for longer than usual, and that somebody was told of."""

    __tablename__ = "silence"

    source: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime]
    """When it was last heard."""
    noticed_at: Mapped[datetime]
