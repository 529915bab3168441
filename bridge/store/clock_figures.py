"""Counts of clocks: what runs, what is overdue, how duties ended."""

from collections import Counter
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge.sla.clocks import CURATOR
from bridge.sla.policy import ClockKind
from bridge.store.figures import Figures, grouped
from bridge.store.models import ClockRow

_DEPARTMENT: Final = "department"
"""Every department alike: who is late belongs into the reports."""


def running(session: Session, _now: datetime) -> Figures:
    """Running clocks by kind, overdue ones among them."""
    by_kind = select(ClockRow.kind, func.count()).where(ClockRow.verdict.is_(None))
    return _none() | dict(grouped(session.execute(by_kind.group_by(ClockRow.kind))))


def overdue(session: Session, now: datetime) -> Figures:
    """Running clocks whose due instant has passed, by kind."""
    by_kind = select(ClockRow.kind, func.count()).where(
        ClockRow.verdict.is_(None), ClockRow.due < now
    )
    return _none() | dict(grouped(session.execute(by_kind.group_by(ClockRow.kind))))


def verdicts(session: Session, _now: datetime) -> Figures:
    """Clocks that have ended, by kind, who held them (`curator`, `department`), clause, verdict."""
    columns = (ClockRow.verdict, ClockRow.kind, ClockRow.clause, ClockRow.holder)
    rows = session.execute(
        select(*columns, func.count()).where(ClockRow.verdict.is_not(None)).group_by(*columns)
    )
    counts: Counter[tuple[str, ...]] = Counter()
    for verdict, kind, clause, holder, count in rows:
        who = CURATOR if holder == CURATOR else _DEPARTMENT
        counts[(kind, who, clause, str(verdict))] += count
    return dict(counts)


def _none() -> dict[tuple[str, ...], float]:
    return {(kind.value,): 0.0 for kind in ClockKind}
