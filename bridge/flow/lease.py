"""A held lease: everything recorded for a ticket is recorded under it, or not at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bridge.store import families, leases
from bridge.store.database import Store


@dataclass(frozen=True)
class Lease:
    """The right to act for one ticket."""

    store: Store
    ticket_id: int
    owner: str
    duration: timedelta
    now: Callable[[], datetime]

    def acquire(self) -> int | None:
        """Take it; return the count of hints seen, or None when another worker holds it."""
        now = self.now()
        with self.store.writing() as session:
            return leases.acquire(session, self.ticket_id, self.owner, now, now + self.duration)

    @contextmanager
    def writing(self, whole: int | None = None) -> Iterator[Session]:
        """A transaction that holds only if the lease does. Raises `LeaseLost`.

        One that may write to the ticket's whole, too, names it: it is locked first.
        """
        with self.store.writing() as session:
            if whole is not None:
                families.lock(session, whole)
            leases.renew(session, self.ticket_id, self.owner, self.now() + self.duration)
            yield session

    def renew(self) -> None:
        """Keep it between calls that together take longer than one. Raises `LeaseLost`."""
        with self.writing():
            pass

    def release(self, seen: int) -> bool:
        """Let go, unless a hint came since: then False, and the lease stays."""
        with self.store.writing() as session:
            return leases.release(session, self.ticket_id, self.owner, seen)

    def hints(self) -> int:
        """The count of hints so far."""
        with self.store.reading() as session:
            return leases.hints(session, self.ticket_id)

    def give_up(self) -> None:
        """Let go whatever came meanwhile."""
        with self.store.writing() as session:
            leases.give_up(session, self.ticket_id, self.owner)
