"""Sees whether curators decided a route otherwise than proposed (clause 2.1.2)."""

from datetime import datetime

from sqlalchemy.orm import Session

from bridge.sla.case import Decision
from bridge.sla.parts import Standing
from bridge.store import families, route_corrections
from bridge.store.models import TicketRow


def note_correction(session: Session, ticket: TicketRow, decision: Decision, now: datetime) -> None:
    """Record the departments in charge of a whole message if they are not those proposed.

    Computed from what is there now, so that nothing depends on which step was seen: a correction
    that is itself corrected is one correction, and one that is taken back is none.
    """
    if ticket.parent_id is not None:
        return
    chosen = _in_charge(session, ticket, decision)
    if not chosen:
        return
    proposed = ticket.route.get("departments") or [ticket.department or ""]
    if chosen == set(proposed):
        route_corrections.withdraw(session, ticket.id)
        return
    route_corrections.save(
        session,
        ticket_id=ticket.id,
        proposed=ticket.route.get("departments", []),
        chosen=sorted(chosen),
        reasons=ticket.route.get("reasons", []),
        mapping_version=ticket.route.get("mapping_version", ""),
        model_version=ticket.route.get("model_version", ""),
        now=now,
    )


def _in_charge(session: Session, ticket: TicketRow, decision: Decision) -> set[str]:
    """Its own department and those of its parts that were not given up."""
    parts = families.parts_of(session, ticket.id)
    departments = {decision.part.department} | {
        part.department for part in parts if part.standing is not Standing.DROPPED
    }
    return {department for department in departments if department}
