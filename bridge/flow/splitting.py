"""Opens a part of a ticket for one department (clause 2.1.2): a row, and its issue to be made."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bridge.flow.opening import want_issue
from bridge.store import families, tickets
from bridge.store.models import MessageRow, TicketRow


def open_part(
    session: Session, whole: TicketRow, message: MessageRow, department: str, now: datetime
) -> None:
    """Store a part that is to be made in the helpdesk, and is due to be looked at."""
    number = len(families.parts_of(session, whole.id)) + 1
    part = _add(session, whole, message, f"{whole.external_number}/{number}", department, now)
    part.look_at = now


def adopt_part(
    session: Session,
    whole: TicketRow,
    message: MessageRow,
    issue_id: int,
    department: str | None,
    now: datetime,
) -> TicketRow:
    """Store a part that a curator has made in the helpdesk; what it lacks is to be filled in."""
    external_number = f"{whole.external_number}/#{issue_id}"
    part = _add(session, whole, message, external_number, department, now)
    part.issue_id = issue_id
    return part


def _add(
    session: Session,
    whole: TicketRow,
    message: MessageRow,
    external_number: str,
    department: str | None,
    now: datetime,
) -> TicketRow:
    part = tickets.add_ticket(
        session,
        message,
        external_number=external_number,
        department=department,
        route=_route_of_part(whole),
        policy=whole.policy,
        now=now,
        parent_id=whole.id,
    )
    want_issue(session, part, now)
    return part


def _route_of_part(whole: TicketRow) -> dict[str, Any]:
    """A part has the whole's terms, too; why it is important, the curator reads in the whole."""
    return {key: whole.route[key] for key in ("explanation", "importance") if key in whole.route}
