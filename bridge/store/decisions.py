"""The decisions as the audit of the bridge itself: what was decided when, and what it asked for."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.store.models import DecisionRow, EffectRow, TicketRow


@dataclass(frozen=True)
class DecisionSearch:
    """What to look for; what is empty is not looked at. `since` is included, `until` is not."""

    issue: int | None = None
    """The ticket's number in the helpdesk."""
    trigger: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Decided:
    """A decision, its ticket's number in the helpdesk, and the effects that it wanted."""

    row: DecisionRow
    issue: int | None
    effects: tuple[EffectRow, ...]


def page(
    session: Session, search: DecisionSearch, limit: int, before: int | None = None
) -> Sequence[Decided]:
    """The newest decisions that fit, newest first; `before` is the id that ended the last page."""
    wanted = select(DecisionRow, TicketRow.issue_id).join(
        TicketRow, TicketRow.id == DecisionRow.ticket_id
    )
    if before is not None:
        wanted = wanted.where(DecisionRow.id < before)
    if search.issue is not None:
        wanted = wanted.where(TicketRow.issue_id == search.issue)
    if search.trigger:
        wanted = wanted.where(DecisionRow.trigger == search.trigger)
    if search.since is not None:
        wanted = wanted.where(DecisionRow.at >= search.since)
    if search.until is not None:
        wanted = wanted.where(DecisionRow.at < search.until)
    rows = session.execute(wanted.order_by(DecisionRow.id.desc()).limit(limit)).all()
    effects = _effects(session, [row for row, _ in rows])
    return [
        Decided(
            row=row,
            issue=issue,
            effects=tuple(
                effects[row.ticket_id][key]
                for key in row.summary["effects"]
                if key in effects[row.ticket_id]
            ),
        )
        for row, issue in rows
    ]


def _effects(session: Session, rows: Sequence[DecisionRow]) -> dict[int, dict[str, EffectRow]]:
    """By ticket and key: a decision names its effects by key."""
    found: defaultdict[int, dict[str, EffectRow]] = defaultdict(dict)
    tickets = {row.ticket_id for row in rows}
    for effect in session.scalars(select(EffectRow).where(EffectRow.ticket_id.in_(tickets))):
        found[effect.ticket_id][effect.key] = effect
    return found
