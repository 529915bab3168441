"""What people decided about channels, and what the last probe of each found."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.models.base import Base


class ChannelSwitchRow(Base):
    """A channel that an administrator switched off. No row: it is on."""

    __tablename__ = "channel_switch"

    channel: Mapped[str] = mapped_column(String(64), primary_key=True)
    off_since: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(190))
    reason: Mapped[str] = mapped_column(Text)


class ChannelCheckRow(Base):
    """What the last probe of a channel found: keys, rights, subscriptions."""

    __tablename__ = "channel_check"

    channel: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """`findings.Finding` as JSON, in their order."""
