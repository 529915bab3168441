"""The mapping's versions: only added, never changed. The one with the highest number rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bridge.store.models import MappingVersionRow


class Overtaken(Exception):
    """Somebody has saved another version meanwhile: what was made is based on an older one."""

    def __init__(self, newest: int) -> None:
        super().__init__(f"version {newest} is in force by now")
        self.newest = newest


@dataclass(frozen=True)
class NewVersion:
    """A version that is to come into force. `made_at` is UTC; `document` is YAML."""

    made_at: datetime
    author: str
    note: str
    document: str
    fingerprint: str


def newest_number(session: Session) -> int:
    """The number of the version in force; 0 when there is none."""
    return session.scalar(select(func.max(MappingVersionRow.id))) or 0


def newest(session: Session) -> MappingVersionRow | None:
    """The version in force."""
    return session.scalars(
        select(MappingVersionRow).order_by(MappingVersionRow.id.desc()).limit(1)
    ).one_or_none()


def get(session: Session, number: int) -> MappingVersionRow | None:
    """The version with this number."""
    return session.get(MappingVersionRow, number)


def add(session: Session, version: NewVersion, after: int) -> int:
    """Keep the version as the one in force, and return its number.

    `after`: the version that its author saw in force, 0 for none. Raises `Overtaken`: then the
    transaction must be given up.
    """
    present = newest_number(session)
    if present != after:
        raise Overtaken(present)
    row = MappingVersionRow(
        id=after + 1,
        made_at=version.made_at,
        author=version.author,
        note=version.note,
        document=version.document,
        fingerprint=version.fingerprint,
        based_on=after or None,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        # Two at the same moment: the number was free when both looked.
        raise Overtaken(after + 1) from error
    return row.id


def page(session: Session, limit: int, before: int | None = None) -> Sequence[MappingVersionRow]:
    """Versions, newest first; `before` is the number that ended the last page."""
    wanted = select(MappingVersionRow).order_by(MappingVersionRow.id.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(MappingVersionRow.id < before)
    return session.scalars(wanted).all()
