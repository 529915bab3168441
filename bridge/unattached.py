"""Files that are not in their ticket and not told of there, from the store to the rules."""

from sqlalchemy.orm import Session

from bridge.attachment_line import attachment_line
from bridge.messages import Attachment
from bridge.sla.unattached import KEY_PREFIX, UnattachedFile, numbers_told
from bridge.store import attachments, outbox
from bridge.store.models import TicketRow


def read_unattached(session: Session, ticket: TicketRow) -> tuple[UnattachedFile, ...]:
    """The ticket's files that staff are to be told of, oldest first."""
    told = numbers_told(outbox.keys_done(session, ticket.id, KEY_PREFIX))
    return tuple(
        UnattachedFile(row.id, attachment_line(Attachment(row.kind, row.url, row.title)), reason)
        for row, reason in attachments.missing(session, ticket)
        if row.id not in told
    )
