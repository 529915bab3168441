"""Routes that curators corrected."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bridge.store.models import MessageRow, RouteCorrectionRow, TicketRow


def save(
    session: Session,
    *,
    ticket_id: int,
    proposed: Sequence[str],
    chosen: Sequence[str],
    reasons: Sequence[dict[str, Any]],
    mapping_version: str,
    model_version: str,
    now: datetime,
) -> None:
    """Keep what was chosen instead of what was proposed; the time is that of the last change."""
    row = _of_ticket(session, ticket_id)
    if row is None:
        session.add(
            RouteCorrectionRow(
                ticket_id=ticket_id,
                proposed=list(proposed),
                chosen=list(chosen),
                reasons=list(reasons),
                mapping_version=mapping_version,
                model_version=model_version,
                at=now,
            )
        )
    elif row.chosen != list(chosen):
        row.chosen = list(chosen)
        row.at = now


def withdraw(session: Session, ticket_id: int) -> None:
    """Forget the ticket's correction: it is with those that were proposed."""
    session.execute(delete(RouteCorrectionRow).where(RouteCorrectionRow.ticket_id == ticket_id))


def page(
    session: Session, after: int, limit: int
) -> Sequence[tuple[RouteCorrectionRow, TicketRow, MessageRow]]:
    """Corrections with ticket and message, in the order of their numbers, from after `after`."""
    rows = session.execute(
        select(RouteCorrectionRow, TicketRow, MessageRow)
        .join(TicketRow, TicketRow.id == RouteCorrectionRow.ticket_id)
        .join(MessageRow, MessageRow.id == TicketRow.message_id)
        .where(RouteCorrectionRow.id > after)
        .order_by(RouteCorrectionRow.id)
        .limit(limit)
    )
    return [(correction, ticket, message) for correction, ticket, message in rows]


def _of_ticket(session: Session, ticket_id: int) -> RouteCorrectionRow | None:
    return session.scalars(
        select(RouteCorrectionRow).where(RouteCorrectionRow.ticket_id == ticket_id)
    ).one_or_none()
