"""Lessons for the routing, and what its models were worth."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.models.base import Base


class RouteCorrectionRow(Base):
    """A route that curators decided otherwise than the bridge proposed: a lesson for the mapping.

    Departments are lists of keys, in their order. Of a ticket that is again as it was proposed
    there is no row.
    """

    __tablename__ = "route_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), unique=True)
    proposed: Mapped[list[str]] = mapped_column(JSON)
    chosen: Mapped[list[str]] = mapped_column(JSON)
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """What had spoken for the proposal: `department`, `rule`, `words`."""
    mapping_version: Mapped[str] = mapped_column(String(16))
    model_version: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    """When the bridge saw the last change of what was chosen."""


class ModelTrialRow(Base):
    """One training on the office's own tickets, and what its model was worth against the former."""

    __tablename__ = "model_trial"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    version: Mapped[str] = mapped_column(String(16))
    former_version: Mapped[str] = mapped_column(String(16))
    learnt_from: Mapped[int]
    """The office's own messages among those that it was trained on."""
    held_back: Mapped[int]
    """The office's own messages that both were measured on, and neither was trained on."""
    exact: Mapped[int]
    """Of those, how many it routed exactly as the curators had."""
    former_exact: Mapped[int]
    kept: Mapped[bool]
