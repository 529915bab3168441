"""A ticket that is stored has its issue made in the helpdesk: the first effect of each."""

from datetime import datetime

from sqlalchemy.orm import Session

from bridge.effects import CREATE_KEY, EffectKind
from bridge.store import outbox
from bridge.store.models import EffectState, TicketRow


def want_issue(session: Session, ticket: TicketRow, now: datetime) -> None:
    """Want the ticket's issue, in the transaction that stores the ticket."""
    outbox.add(
        session,
        ticket_id=ticket.id,
        key=CREATE_KEY,
        kind=EffectKind.CREATE_TICKET,
        channel=None,
        payload={},
        now=now,
    )


def is_still_to_draft(session: Session, ticket: TicketRow) -> bool:
    """Whether the ticket's issue will be written from what is stored now.

    The ticket's row is to be locked: whoever acts for the ticket reads it after taking the lease.
    """
    if ticket.issue_id is not None or ticket.lease_owner is not None:
        return False
    creation = outbox.first_open(session, ticket.id, EffectKind.CREATE_TICKET)
    return creation is not None and creation.state == EffectState.PENDING
