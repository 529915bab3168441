"""The outbox: effects stored with the decision that wants them, carried out afterwards."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bridge.store.insertion import insert_into
from bridge.store.models import EffectRow, EffectState

OPEN_STATES = (EffectState.PENDING, EffectState.SENDING)


def add(
    session: Session,
    *,
    ticket_id: int,
    key: str,
    kind: str,
    channel: str | None,
    payload: Mapping[str, Any],
    now: datetime,
    unknown_since: datetime | None = None,
) -> None:
    """Store the effect unless its key is there already: deciding twice is deciding once.

    An effect that was withdrawn is wanted again. `unknown_since`: it may have been carried out
    since then though the store does not know it (`gaps`); it is looked for first.
    """
    state = EffectState.SENDING if unknown_since else EffectState.PENDING
    sending_since = now if unknown_since else None
    insertion = insert_into(session, EffectRow).values(
        ticket_id=ticket_id,
        key=key,
        kind=kind,
        channel=channel,
        payload=dict(payload),
        state=state,
        attempts=0,
        created_at=unknown_since or now,
        next_attempt_at=now,
        sending_since=sending_since,
        result={},
        code="",
        meaning="",
    )
    session.execute(
        insertion.on_conflict_do_update(
            index_elements=[EffectRow.ticket_id, EffectRow.key],
            set_={"state": state, "next_attempt_at": now, "sending_since": sending_since},
            where=EffectRow.state == EffectState.WITHDRAWN,
        )
    )


def order(
    session: Session,
    *,
    ticket_id: int,
    key: str,
    kind: str,
    payload: Mapping[str, Any],
    now: datetime,
) -> bool:
    """Store what a person wants, anew if it was carried out before; False while it still waits."""
    values = {
        "kind": kind,
        "payload": dict(payload),
        "state": EffectState.PENDING,
        "attempts": 0,
        "created_at": now,
        "next_attempt_at": now,
        "sending_since": None,
        "finished_at": None,
        "result": {},
        "code": "",
        "meaning": "",
    }
    insertion = insert_into(session, EffectRow).values(ticket_id=ticket_id, key=key, **values)
    stored = session.execute(
        insertion.on_conflict_do_update(
            index_elements=[EffectRow.ticket_id, EffectRow.key],
            set_=values,
            where=EffectRow.state.not_in(OPEN_STATES),
        ).returning(EffectRow.id)
    )
    return stored.scalar_one_or_none() is not None


def withdraw_others(
    session: Session, ticket_id: int, wanted: Collection[str], kinds: Collection[str]
) -> None:
    """Withdraw what waits and is no longer wanted: what it was decided on has changed.

    Only effects of these kinds.
    """
    session.execute(
        update(EffectRow)
        .where(
            EffectRow.ticket_id == ticket_id,
            EffectRow.state == EffectState.PENDING,
            EffectRow.kind.in_(kinds),
            EffectRow.key.not_in(wanted),
        )
        .values(state=EffectState.WITHDRAWN)
    )


def first_open(session: Session, ticket_id: int, kind: str) -> EffectRow | None:
    """The ticket's oldest effect of a kind that is not finished: they go out in their order."""
    return session.scalars(
        select(EffectRow)
        .where(
            EffectRow.ticket_id == ticket_id,
            EffectRow.kind == kind,
            EffectRow.state.in_(OPEN_STATES),
        )
        .order_by(EffectRow.id)
        .limit(1)
    ).one_or_none()


def due(session: Session, ticket_id: int, kind: str, now: datetime) -> Sequence[EffectRow]:
    """The ticket's effects of a kind that are not finished and whose next attempt is due."""
    return session.scalars(
        select(EffectRow)
        .where(
            EffectRow.ticket_id == ticket_id,
            EffectRow.kind == kind,
            EffectRow.state.in_(OPEN_STATES),
            EffectRow.next_attempt_at <= now,
        )
        .order_by(EffectRow.id)
    ).all()


def sending(session: Session, ticket_id: int, kind: str) -> Sequence[EffectRow]:
    """Effects of a kind whose call was begun and whose outcome was never recorded."""
    return session.scalars(
        select(EffectRow).where(
            EffectRow.ticket_id == ticket_id,
            EffectRow.kind == kind,
            EffectRow.state == EffectState.SENDING,
        )
    ).all()


def keys_done(session: Session, ticket_id: int, prefix: str) -> Sequence[str]:
    """The keys that begin so, of the ticket's effects that are done."""
    return session.scalars(
        select(EffectRow.key).where(
            EffectRow.ticket_id == ticket_id,
            EffectRow.state == EffectState.DONE,
            EffectRow.key.startswith(prefix, autoescape=True),
        )
    ).all()


def failures(session: Session, ticket_id: int, keys: Collection[str]) -> Sequence[EffectRow]:
    """Those of the effects that failed for good."""
    return session.scalars(
        select(EffectRow).where(
            EffectRow.ticket_id == ticket_id,
            EffectRow.key.in_(keys),
            EffectRow.state == EffectState.FAILED,
        )
    ).all()


def by_key(session: Session, ticket_id: int, keys: Collection[str]) -> Mapping[str, EffectRow]:
    """The ticket's effects that have one of these keys."""
    rows = session.scalars(
        select(EffectRow).where(EffectRow.ticket_id == ticket_id, EffectRow.key.in_(keys))
    )
    return {row.key: row for row in rows}


def try_again(session: Session, effect_ids: Collection[int], now: datetime) -> None:
    """Give effects that failed for good another try: their cause may have been removed."""
    session.execute(
        update(EffectRow)
        .where(EffectRow.id.in_(effect_ids), EffectRow.state == EffectState.FAILED)
        .values(state=EffectState.PENDING, next_attempt_at=now)
    )


def failed(session: Session, ticket_id: int, kind: str) -> Sequence[int]:
    """The ticket's effects of a kind that failed for good."""
    return session.scalars(
        select(EffectRow.id).where(
            EffectRow.ticket_id == ticket_id,
            EffectRow.kind == kind,
            EffectRow.state == EffectState.FAILED,
        )
    ).all()


def next_attempt(session: Session, ticket_id: int) -> datetime | None:
    """When the ticket's open effects are to be tried next."""
    return session.scalars(
        select(EffectRow.next_attempt_at)
        .where(EffectRow.ticket_id == ticket_id, EffectRow.state.in_(OPEN_STATES))
        .order_by(EffectRow.next_attempt_at)
        .limit(1)
    ).one_or_none()


def of_kind(session: Session, ticket_id: int, kind: str) -> Sequence[EffectRow]:
    """All effects of one kind of a ticket, oldest first."""
    return session.scalars(
        select(EffectRow)
        .where(EffectRow.ticket_id == ticket_id, EffectRow.kind == kind)
        .order_by(EffectRow.id)
    ).all()


def begin_sending(session: Session, effect_id: int, now: datetime) -> None:
    """Say that the call is about to be made; to be committed before it is."""
    session.execute(
        update(EffectRow)
        .where(EffectRow.id == effect_id)
        .values(state=EffectState.SENDING, sending_since=now, attempts=EffectRow.attempts + 1)
    )


def postpone(session: Session, effect_id: int, until: datetime, code: str, meaning: str) -> None:
    """Nothing went out: try again at the given instant."""
    session.execute(
        update(EffectRow)
        .where(EffectRow.id == effect_id)
        .values(state=EffectState.PENDING, next_attempt_at=until, code=code, meaning=meaning)
    )


def postpone_look(
    session: Session, effect_id: int, until: datetime, code: str, meaning: str
) -> None:
    """The outcome stays unknown: look again at the given instant."""
    session.execute(
        update(EffectRow)
        .where(EffectRow.id == effect_id)
        .values(next_attempt_at=until, code=code, meaning=meaning)
    )


def finish(
    session: Session,
    effect_id: int,
    *,
    state: EffectState,
    now: datetime,
    result: Mapping[str, Any] | None = None,
    code: str = "",
    meaning: str = "",
) -> None:
    """Close the effect for good."""
    session.execute(
        update(EffectRow)
        .where(EffectRow.id == effect_id)
        .values(
            state=state,
            finished_at=now,
            result=dict(result or {}),
            code=code,
            meaning=meaning,
        )
    )


def tickets_due(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """Tickets that have an open effect whose next attempt is due, the longest waiting first."""
    return session.scalars(
        select(EffectRow.ticket_id)
        .where(EffectRow.state.in_(OPEN_STATES), EffectRow.next_attempt_at <= now)
        .group_by(EffectRow.ticket_id)
        .order_by(func.min(EffectRow.next_attempt_at), EffectRow.ticket_id)
        .limit(limit)
    ).all()
