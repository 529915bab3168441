"""A ticket that is stored has its issue made in the helpdesk: the first effect of each."""

from datetime import datetime

from sqlalchemy.orm import Session

from bridge.effects import CREATE_KEY, EffectKind
from bridge.store import outbox
from bridge.store.models import TicketRow


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
