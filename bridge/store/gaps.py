"""The gap in the store's memory after it was restored.

Between the moment that the archive shows and the restoration the bridge went on: it made tickets,
wrote notes and placed answers that the store knows nothing of. Whatever could be one of these is
looked for before it is done.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from bridge.store.models import CursorRow

_SINCE: Final = "gap_since"
_UNTIL: Final = "gap_until"
_AT_ONE_GO: Final = timedelta(days=1)
"""An archive made so soon after a restoration may not have caught up with what that one missed."""


@dataclass(frozen=True)
class Gap:
    """From the moment that the archive shows until the store was restored."""

    since: datetime
    until: datetime


def remember(session: Session, gap: Gap) -> None:
    """Note the gap of a restoration, in its transaction."""
    former = _read(session)
    since = gap.since
    if former and gap.since - former.until < _AT_ONE_GO:
        since = min(former.since, gap.since)
    session.merge(CursorRow(name=_SINCE, instant=since))
    session.merge(CursorRow(name=_UNTIL, instant=gap.until))


def unknown_since(session: Session, known_at: datetime) -> datetime | None:
    """From when on something may have been done that the store does not know; None: it knows all.

    `known_at`: when the store last knew all about it.
    """
    gap = _read(session)
    return gap.since if gap and known_at < gap.until else None


def _read(session: Session) -> Gap | None:
    since, until = session.get(CursorRow, _SINCE), session.get(CursorRow, _UNTIL)
    return Gap(since.instant, until.instant) if since and until else None
