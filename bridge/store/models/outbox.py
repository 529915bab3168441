"""Effects on the outside, answers on their way, channels that must not be used now."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.models.base import Base


class EffectState(StrEnum):
    """Where an effect of the outbox is."""

    PENDING = "pending"
    SENDING = "sending"
    """Stored before the call. Found so without a lease, its outcome is unknown; what may have gone
    out before the store was restored begins so."""
    DONE = "done"
    UNCERTAIN = "uncertain"
    """Perhaps visible; for a person to decide."""
    FAILED = "failed"
    """For good; `meaning` says why."""
    WITHDRAWN = "withdrawn"
    """No longer wanted before anything went out; pending again if a decision wants it again."""


class EffectRow(Base):
    """The outbox: one effect on the outside, with its idempotency key."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("ticket_id", "key"),
        Index("ix_outbox_open", "state", "next_attempt_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    key: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str | None] = mapped_column(String(64))
    """The channel that an effect goes out by; None: the helpdesk."""
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(16), default=EffectState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    sending_since: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    code: Mapped[str] = mapped_column(String(64), default="")
    meaning: Mapped[str] = mapped_column(Text, default="")


class DeliveryRow(Base):
    """One part of one answer on its way to one of the systems that brought the message."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("effect_id", "source_id", "part"),
        Index("ix_delivery_state", "state", "id"),
        Index("ix_delivery_finished", "finished_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    effect_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"))
    source_id: Mapped[int] = mapped_column(ForeignKey("message_source.id"))
    part: Mapped[int]
    """From 1; an answer that the channel takes in one piece has one part."""
    text: Mapped[str] = mapped_column(Text)
    """As it is to be shown: rendered once, whatever becomes of the template."""
    state: Mapped[str] = mapped_column(String(16), default=EffectState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    sending_since: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    code: Mapped[str] = mapped_column(String(64), default="")
    meaning: Mapped[str] = mapped_column(Text, default="")


class ChannelStateRow(Base):
    """Whether a channel may be used now. No row: it may."""

    __tablename__ = "channel_state"

    channel: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    """End of a pause; None while down: until a check is green."""
    code: Mapped[str] = mapped_column(String(64))
    meaning: Mapped[str] = mapped_column(Text)
