"""A ticket that is stored has its issue made in the helpdesk: the first effect of each."""

from datetime import datetime

from sqlalchemy.orm import Session

from bridge.effects import CREATE_KEY, EffectKind
from bridge.store import gaps, outbox
from bridge.store.models import EffectState, MessageRow, TicketRow


def want_issue(session: Session, ticket: TicketRow, now: datetime) -> None:
    """Want the ticket's issue, in the transaction that stores the ticket.

    Of a message from before the store was restored it may be there already.
    """
    message = session.get_one(MessageRow, ticket.message_id)
    outbox.add(
        session,
        ticket_id=ticket.id,
        key=CREATE_KEY,
        kind=EffectKind.CREATE_TICKET,
        channel=None,
        payload={},
        now=now,
        unknown_since=gaps.unknown_since(session, message.posted_at),
    )


def is_still_to_draft(session: Session, ticket: TicketRow) -> bool:
    """Whether the ticket's issue will be written from what is stored now.

    The ticket's row is to be locked: whoever acts for the ticket reads it after taking the lease.
    """
    if ticket.issue_id is not None or ticket.lease_owner is not None:
        return False
    creation = outbox.first_open(session, ticket.id, EffectKind.CREATE_TICKET)
    return creation is not None and creation.state == EffectState.PENDING
