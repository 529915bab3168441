"""The department mapping: every version that was ever in force, and what people are changing."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.models.base import Base


class MappingVersionRow(Base):
    """One version of the mapping. Never changed; the newest is the one in force."""

    __tablename__ = "mapping_version"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The version's number: one more than that of the version before."""
    made_at: Mapped[datetime]
    author: Mapped[str] = mapped_column(String(190))
    """The login in the helpdesk; of a command, `command:` and the account of the machine."""
    note: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)
    """The mapping as `config/departments.yaml` has it."""
    fingerprint: Mapped[str] = mapped_column(String(16))
    """`DepartmentMapping.version`, as tickets keep it with their route."""
    based_on: Mapped[int | None]
    """The version that was in force when it was made; None for the first."""


class MappingDraftRow(Base):
    """What one person has changed and not saved yet."""

    __tablename__ = "mapping_draft"

    author: Mapped[str] = mapped_column(String(190), primary_key=True)
    based_on: Mapped[int]
    """The version that it began with."""
    document: Mapped[str] = mapped_column(Text)
    """The whole mapping with the changes, as JSON."""
    changed_at: Mapped[datetime]
