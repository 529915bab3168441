"""Who changed what in the bridge itself, and when: people's doing, not the rules'."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.models.base import Base


class AuditRow(Base):
    """One thing that a person did by the administrator's pages or by command. Never changed."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject", "id"),
        Index("ix_audit_entry_actor", "actor", "id"),
        Index("ix_audit_entry_action", "action", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(190))
    """The login in the helpdesk; of a command, `command:` and the account of the machine."""
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(190), default="")
    """What was acted on: `ticket:12`, `delivery:7`, `channel:vk-head`, `mapping:3`."""
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What else is to be known; no text of a citizen's and no secret."""
