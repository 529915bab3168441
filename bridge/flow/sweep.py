"""The sweep: finds, from the store and the helpdesk, all that no hint told of.

It makes every hint a matter of speed only: a lost webhook, an emptied Redis, a killed worker cost
a minute and never a message.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bridge.flow.adoption import Adoption
from bridge.flow.queue import Hints
from bridge.flow.reconcile import Trigger
from bridge.helpdesk.port import Helpdesk, HelpdeskError, IssueStamp
from bridge.store import attachments, cursors, inbox, outbox, tickets
from bridge.store.database import Store
from bridge.store.tickets import LastSeen

log = structlog.get_logger()

CURSOR = "helpdesk_changes"
OVERLAP = timedelta(minutes=2)
"""Redmine tells changes by the second and its clock is not ours: read a little twice."""
PAGE = 500


@dataclass(frozen=True)
class SweepReport:
    """How many hints a sweep gave."""

    events: int
    tickets: int
    changed: int
    files: int


@dataclass(frozen=True)
class Sweep:
    """Looks everywhere once. `patience`: how long a fresh hint is left to the queue."""

    store: Store
    helpdesk: Helpdesk
    adoption: Adoption
    hints: Hints
    patience: timedelta
    now: Callable[[], datetime]

    def run(self) -> SweepReport:
        """Give a hint for everything that waits. A helpdesk that is down stops only its part."""
        events = self._waiting_events()
        due = self._due_tickets()
        changed = self._changed_tickets()
        files = self._due_files()
        report = SweepReport(events, due, changed, files)
        log.info("swept", events=events, tickets=due, changed=changed, files=files)
        return report

    def _waiting_events(self) -> int:
        """Events that wait although the queue has run empty: their hints were lost.

        While it has not, they wait for a worker, and more hints would only make that longer.
        """
        if self.hints.has_events():
            return 0
        with self.store.reading() as session:
            waiting = inbox.waiting(session, self.now() - self.patience, PAGE)
        self.hints.events(waiting)
        return len(waiting)

    def _due_tickets(self) -> int:
        now = self.now()
        with self.store.reading() as session:
            due = {
                *outbox.tickets_due(session, now, PAGE),
                *tickets.to_look_at(session, now, PAGE),
            }
        for ticket_id in sorted(due):
            self.hints.ticket(ticket_id, Trigger.TIMER)
        return len(due)

    def _changed_tickets(self) -> int:
        since = self._cursor()
        try:
            stamps = list(self.helpdesk.changed_since(since - OVERLAP))
        except HelpdeskError as error:
            log.warning("helpdesk failed", error=type(error).__name__, why=str(error))
            return 0
        unseen = self._unseen(stamps)
        for ticket_id, _ in unseen:
            self.hints.ticket(ticket_id, Trigger.SWEEP)
        self._advance(stamps, [changed_at for _, changed_at in unseen])
        return len(unseen)

    def _due_files(self) -> int:
        """Files to be downloaded again, and those whose hints were lost."""
        with self.store.reading() as session:
            due = attachments.due(session, self.now() - self.patience, PAGE)
        for attachment_id in due:
            self.hints.file(attachment_id)
        return len(due)

    def _cursor(self) -> datetime:
        with self.store.writing() as session:
            cursor = cursors.read(session, CURSOR)
            if cursor is None:
                cursor = self.now()
                cursors.advance(session, CURSOR, cursor)
        return cursor

    def _unseen(self, stamps: Sequence[IssueStamp]) -> list[tuple[int, datetime]]:
        """Tickets whose issue changed since they were last observed, with the time of change."""
        unseen: list[tuple[int, datetime]] = []
        for start in range(0, len(stamps), PAGE):
            page = stamps[start : start + PAGE]
            with self.store.reading() as session:
                known = tickets.last_seen(session, [stamp.id for stamp in page])
            unseen.extend(self._adopted(stamp for stamp in page if stamp.id not in known))
            unseen.extend(
                (known[stamp.id].ticket_id, stamp.updated_at)
                for stamp in page
                if stamp.id in known and _is_news(stamp, known[stamp.id])
            )
        return unseen

    def _adopted(self, strangers: Iterable[IssueStamp]) -> Iterator[tuple[int, datetime]]:
        """Parts that a curator has made in the helpdesk, and of which no webhook told."""
        for stamp in strangers:
            if stamp.parent is None:
                continue
            try:
                ticket = self.adoption.adopt(stamp.id, stamp.parent)
            except HelpdeskError as error:
                log.warning("helpdesk failed", error=type(error).__name__, why=str(error))
                continue
            if ticket:
                yield ticket.id, stamp.updated_at

    def _advance(self, stamps: Sequence[IssueStamp], unseen: Sequence[datetime]) -> None:
        """Go on from the oldest change not yet observed: its hint may be lost with Redis."""
        newest = max((stamp.updated_at for stamp in stamps), default=None)
        reached = min(unseen, default=newest)
        if reached:
            with self.store.writing() as session:
                cursors.advance(session, CURSOR, reached)


def _is_news(stamp: IssueStamp, seen: LastSeen) -> bool:
    """Whether the issue is not as it was last observed.

    The status is compared, too: of two changes within one second, the helpdesk's times tell
    nothing.
    """
    if seen.observed_update is None or seen.observed_update < stamp.updated_at:
        return True
    return (stamp.status or "") != seen.status
