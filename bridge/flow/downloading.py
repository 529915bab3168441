"""Downloads citizens' files at once, because networks' links expire, and keeps them in the store.

The ticket waits for none of it: a file is attached when it is there.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Final

import structlog
from sqlalchemy.orm import Session

from bridge.attachment_line import attachment_kind
from bridge.backoff import Backoff
from bridge.fetching.fetcher import Fetched, Fetches
from bridge.fetching.refusals import NotFetched
from bridge.store import attachments, origins, tickets
from bridge.store.attachments import Stored
from bridge.store.database import Store
from bridge.store.models import AttachmentRow
from bridge.tracing import tracing

log = structlog.get_logger()

_TOO_MANY: Final = "в сообщении больше файлов, чем прикладывается к карточке"
_TOO_MUCH: Final = "файлы сообщения вместе больше допустимого размера"


@dataclass(frozen=True)
class DownloadRules:
    """`files` and `total` bytes of one message at most; how often a file is tried.

    `patience`: how long a try may take before another worker makes the next.
    """

    files: int
    total: int
    backoff: Backoff
    attempts: int
    patience: timedelta


@dataclass(frozen=True)
class Downloading:
    """Downloads one file at a time."""

    store: Store
    fetches: Fetches
    rules: DownloadRules
    now: Callable[[], datetime]

    def download(self, attachment_id: int) -> int | None:
        """Try a file that is due; return the ticket to be looked at, if it is time for that.

        Safe to call again and by two at the same time. A ticket gets the files of a message
        together, as far as that costs none of them a second try.
        """
        row = self._begin(attachment_id)
        if row is None:
            return None
        with tracing(self._event_of(row)):
            return self._fetch(row)

    def _event_of(self, row: AttachmentRow) -> int:
        with self.store.reading() as session:
            return origins.of_message(session, row.message_id)

    def _fetch(self, row: AttachmentRow) -> int | None:
        try:
            fetched = self.fetches.fetch(row.url, row.title or attachment_kind(row.kind))
        except NotFetched as refusal:
            return self._deal_with(row, refusal)
        log.info("file fetched", attachment=row.id)
        return self._end(row, lambda session: self._keep(session, row, fetched))

    def _begin(self, attachment_id: int) -> AttachmentRow | None:
        now = self.now()
        with self.store.writing() as session:
            row = attachments.claim(session, attachment_id, now, now + self.rules.patience)
            if row is None:
                return None
            if attachments.place_in_message(session, row) <= self.rules.files:
                return row
            attachments.refuse(session, row.id, _TOO_MANY)
            self._look(session, row)
        return None

    def _deal_with(self, row: AttachmentRow, refusal: NotFetched) -> int | None:
        log.warning("file not fetched", attachment=row.id, reason=refusal.reason)
        if refusal.is_passing and row.attempts < self.rules.attempts:
            until = self.now() + self.rules.backoff.after(row.attempts)
            with self.store.writing() as session:
                attachments.postpone(session, row.id, until, refusal.meaning)
            return None
        return self._end(row, lambda session: attachments.refuse(session, row.id, refusal.meaning))

    def _end(self, row: AttachmentRow, record: Callable[[Session], None]) -> int | None:
        with self.store.writing() as session:
            record(session)
            ticket_id = self._look(session, row)
            return None if attachments.has_untried(session, row.message_id) else ticket_id

    def _keep(self, session: Session, row: AttachmentRow, fetched: Fetched) -> None:
        sha256 = hashlib.sha256(fetched.content).hexdigest()
        if attachments.has(session, row.message_id, sha256):
            attachments.pass_over(session, row.id)
            return
        size = attachments.size_of_message(session, row.message_id)
        if size + len(fetched.content) > self.rules.total:
            attachments.refuse(session, row.id, _TOO_MUCH)
            return
        name = _numbered(fetched.name, row.id)
        attachments.keep(
            session, row.id, Stored(fetched.content, fetched.content_type, name, sha256)
        )

    def _look(self, session: Session, row: AttachmentRow) -> int | None:
        """Have the ticket looked at, should the hint of it get lost."""
        ticket_id = attachments.ticket_of(session, row.message_id)
        if ticket_id is not None:
            tickets.look_now(session, ticket_id, self.now())
        return ticket_id


def _numbered(name: str, attachment_id: int) -> str:
    """A name that no other file has, so that it is known again in a ticket."""
    path = PurePath(name)
    return f"{path.stem}-{attachment_id}{path.suffix}"
