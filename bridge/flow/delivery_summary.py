"""What the deliveries of one answer come to: the state that the outbox shows for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import update
from sqlalchemy.orm import Session

from bridge.store import deliveries
from bridge.store.models import DeliveryRow, EffectRow, EffectState

_WORST_FIRST = (EffectState.UNCERTAIN, EffectState.FAILED)
_OUTCOMES = {
    EffectState.DONE: "размещён",
    EffectState.UNCERTAIN: "неизвестно, размещён ли",
    EffectState.FAILED: "не размещён",
}


@dataclass(frozen=True)
class Summary:
    """The values of the effect's row."""

    state: EffectState
    next_attempt_at: datetime
    sending_since: datetime | None
    attempts: int
    finished_at: datetime | None
    result: Mapping[str, str]
    code: str
    meaning: str


def next_parts(rows: Sequence[DeliveryRow]) -> tuple[DeliveryRow, ...]:
    """The parts whose turn it is: of each system the first that has not ended."""
    by_source = groupby(sorted(rows, key=_by_source), key=lambda row: row.source_id)
    firsts = (next((row for row in each if deliveries.is_open(row)), None) for _, each in by_source)
    return tuple(sorted((row for row in firsts if row), key=lambda row: row.id))


def summarize(rows: Sequence[DeliveryRow], systems: Mapping[int, str]) -> Summary:
    """What they come to. `systems`: how staff call each system, by its source.

    An answer that has begun to go out counts as being sent until every part of it has ended, so
    that it is not withdrawn half-way. Where a person has decided against one system, the others
    make out what it comes to.
    """
    open_rows = next_parts(rows)
    if open_rows:
        return _under_way(rows, open_rows)
    rows = _still_wanted(rows)
    state = next((each for each in _WORST_FIRST if _any(rows, each)), EffectState.DONE)
    finished = [row.finished_at for row in rows if row.finished_at]
    return Summary(
        state=state,
        next_attempt_at=max(finished),
        sending_since=_sending_since(rows),
        attempts=_attempts(rows),
        finished_at=max(finished),
        result=_result(rows) if state is EffectState.DONE else {},
        code="" if state is EffectState.DONE else _first(rows, state).code,
        meaning="" if state is EffectState.DONE else _meaning(rows, state, systems),
    )


def mirror(session: Session, effect_id: int, systems: Mapping[int, str]) -> None:
    """Have the effect show what its deliveries come to, in the transaction that changes one."""
    session.flush()
    summary = summarize(deliveries.of_effect(session, effect_id), systems)
    session.execute(update(EffectRow).where(EffectRow.id == effect_id).values(vars(summary)))


def _under_way(rows: Sequence[DeliveryRow], open_rows: Sequence[DeliveryRow]) -> Summary:
    begun = _any(rows, EffectState.SENDING) or _any(rows, EffectState.DONE)
    told = next((row for row in open_rows if row.meaning), open_rows[0])
    return Summary(
        state=EffectState.SENDING if begun else EffectState.PENDING,
        next_attempt_at=min(row.next_attempt_at for row in open_rows),
        sending_since=_sending_since(rows),
        attempts=_attempts(rows),
        finished_at=None,
        result={},
        code=told.code,
        meaning=told.meaning,
    )


def _still_wanted(rows: Sequence[DeliveryRow]) -> Sequence[DeliveryRow]:
    return [row for row in rows if row.code != deliveries.DROPPED] or rows


def _result(rows: Sequence[DeliveryRow]) -> Mapping[str, str]:
    """Where the answer stands: at the first system that tells, which is the page."""
    return next((row.result for row in rows if row.result.get("link")), rows[0].result)


def _meaning(rows: Sequence[DeliveryRow], state: EffectState, systems: Mapping[int, str]) -> str:
    """Why it did not go out; of several systems, how it stands with each of them."""
    if len({row.source_id for row in rows}) == 1 and len(rows) == 1:
        return rows[0].meaning
    lines = [_first(rows, state).meaning, ""]
    lines += [f"* {_line(row, rows, systems)}" for row in rows]
    return "\n".join(lines)


def _line(row: DeliveryRow, rows: Sequence[DeliveryRow], systems: Mapping[int, str]) -> str:
    total = sum(other.source_id == row.source_id for other in rows)
    part = f", часть {row.part} из {total}" if total > 1 else ""
    outcome = _OUTCOMES[EffectState(row.state)]
    tail = row.result.get("link", "") if row.state == EffectState.DONE else row.meaning
    return f"{systems.get(row.source_id, '')}{part}: {outcome}" + (f" ({tail})" if tail else "")


def _first(rows: Sequence[DeliveryRow], state: EffectState) -> DeliveryRow:
    return next(row for row in rows if row.state == state)


def _any(rows: Sequence[DeliveryRow], state: EffectState) -> bool:
    return any(row.state == state for row in rows)


def _sending_since(rows: Sequence[DeliveryRow]) -> datetime | None:
    return min((row.sending_since for row in rows if row.sending_since), default=None)


def _attempts(rows: Sequence[DeliveryRow]) -> int:
    return max(row.attempts for row in rows)


def _by_source(row: DeliveryRow) -> tuple[int, int]:
    return row.source_id, row.part
