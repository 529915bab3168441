"""Figures of closed periods."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.models.base import Base


class ReportSnapshotRow(Base):
    """The figures of a closed period as they were first reported: later requests get these."""

    __tablename__ = "report_snapshot"
    __table_args__ = (UniqueConstraint("kind", "first", "last"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    first: Mapped[date]
    """The first local day of the period."""
    last: Mapped[date]
    """Its last local day."""
    made_at: Mapped[datetime]
    figures: Mapped[dict[str, Any]]
    published_at: Mapped[datetime | None]
    """Since when the report stands in the helpdesk."""
