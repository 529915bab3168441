"""What people are changing in the mapping: one draft for each person, until it is saved."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bridge.store.models import MappingDraftRow


def get(session: Session, author: str) -> MappingDraftRow | None:
    """The person's draft."""
    return session.get(MappingDraftRow, author)


def keep(session: Session, author: str, based_on: int, document: str, now: datetime) -> None:
    """Keep the draft in place of the one that the person had. `document` is JSON."""
    session.merge(
        MappingDraftRow(author=author, based_on=based_on, document=document, changed_at=now)
    )


def drop(session: Session, author: str) -> None:
    """Forget the person's draft, if there is one."""
    session.execute(delete(MappingDraftRow).where(MappingDraftRow.author == author))
