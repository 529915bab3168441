"""Kept reports of closed periods: their figures stay, whatever changes later."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from bridge.reporting.period import Period, PeriodKind
from bridge.store.insertion import insert_into
from bridge.store.models import ReportSnapshotRow


def figures_of(session: Session, period: Period) -> dict[str, Any] | None:
    """The kept figures of the period, as they were stored; None when there are none."""
    return session.scalar(select(ReportSnapshotRow.figures).where(_is(period)))


def keep(session: Session, period: Period, figures: dict[str, Any], now: datetime) -> None:
    """Keep the figures unless some are kept already: the first ones stay."""
    session.execute(
        insert_into(session, ReportSnapshotRow)
        .values(
            kind=period.kind,
            first=period.first,
            last=period.last,
            made_at=now,
            figures=figures,
            published_at=None,
        )
        .on_conflict_do_nothing()
    )


def is_published(session: Session, period: Period) -> bool:
    """Whether the period's kept report stands in the helpdesk."""
    at = session.scalar(select(ReportSnapshotRow.published_at).where(_is(period)))
    return at is not None


def note_published(session: Session, period: Period, now: datetime) -> None:
    """Remember that the kept report stands in the helpdesk since `now`."""
    session.execute(update(ReportSnapshotRow).where(_is(period)).values(published_at=now))


def published(session: Session, kind: PeriodKind, limit: int) -> Sequence[Period]:
    """Periods whose reports stand in the helpdesk, the newest period first."""
    return _newest(session, kind, limit, ReportSnapshotRow.published_at.is_not(None))


def kept(session: Session, kind: PeriodKind, limit: int) -> Sequence[Period]:
    """Periods whose reports are kept, the newest period first."""
    return _newest(session, kind, limit)


def _newest(
    session: Session, kind: PeriodKind, limit: int, *conditions: ColumnElement[bool]
) -> Sequence[Period]:
    rows = session.execute(
        select(ReportSnapshotRow.first, ReportSnapshotRow.last)
        .where(ReportSnapshotRow.kind == kind, *conditions)
        .order_by(ReportSnapshotRow.first.desc(), ReportSnapshotRow.last.desc())
        .limit(limit)
    )
    return [Period(kind, first, last) for first, last in rows]


def _is(period: Period) -> ColumnElement[bool]:
    return (
        (ReportSnapshotRow.kind == period.kind)
        & (ReportSnapshotRow.first == period.first)
        & (ReportSnapshotRow.last == period.last)
    )
