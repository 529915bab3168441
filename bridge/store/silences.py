"""When a source was heard, and which are silent for longer than usual."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from bridge.store.insertion import insert_into
from bridge.store.models import InboxEvent, SilenceRow


def heard_between(session: Session, source: str, after: datetime, until: datetime) -> bool:
    """Whether anything came after the first instant and up to the second."""
    came = exists().where(
        InboxEvent.source == source,
        InboxEvent.received_at > after,
        InboxEvent.received_at <= until,
    )
    return bool(session.scalar(select(came)))


def heard_first_and_last(session: Session, source: str) -> tuple[datetime, datetime] | None:
    """When the source was first and last heard; None when it never was."""
    first, last = session.execute(
        select(func.min(InboxEvent.received_at), func.max(InboxEvent.received_at)).where(
            InboxEvent.source == source
        )
    ).one()
    return (first, last) if first and last else None


def begin(session: Session, source: str, since: datetime, now: datetime) -> bool:
    """Keep that the source is silent; False when that was known."""
    insertion = insert_into(session, SilenceRow).values(source=source, since=since, noticed_at=now)
    begun = session.execute(insertion.on_conflict_do_nothing().returning(SilenceRow.source))
    return begun.scalar_one_or_none() is not None


def end(session: Session, source: str) -> bool:
    """The source was heard again; False when it was not silent."""
    ended = session.execute(
        delete(SilenceRow).where(SilenceRow.source == source).returning(SilenceRow.source)
    )
    return ended.scalar_one_or_none() is not None


def silent(session: Session) -> Sequence[SilenceRow]:
    """The sources that are silent for longer than usual, the longest first."""
    return session.scalars(select(SilenceRow).order_by(SilenceRow.since)).all()
