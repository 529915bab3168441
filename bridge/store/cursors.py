"""Cursors: how far a sweep has read."""

from datetime import datetime

from sqlalchemy.orm import Session

from bridge.store.insertion import insert_into
from bridge.store.models import CursorRow


def read(session: Session, name: str) -> datetime | None:
    """The cursor's instant, or None before the first sweep."""
    row = session.get(CursorRow, name)
    return row.instant if row else None


def advance(session: Session, name: str, instant: datetime) -> None:
    """Move the cursor forward; it never goes back, whichever of two sweeps ends last."""
    insertion = insert_into(session, CursorRow).values(name=name, instant=instant)
    session.execute(
        insertion.on_conflict_do_update(
            index_elements=[CursorRow.name],
            set_={"instant": insertion.excluded.instant},
            where=CursorRow.instant < insertion.excluded.instant,
        )
    )
