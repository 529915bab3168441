"""Forgets personal data whose period is over, in portions, and keeps in the audit how much."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy.orm import Session

from bridge.retention import Retention
from bridge.store import audit, erasure, nightly
from bridge.store.audit import Action, AuditEntry
from bridge.store.database import Store

log = structlog.get_logger()

PORTION: Final = 200
"""Rows in one transaction: others wait for a moment only, and a purge that is cut short goes on."""
ACTOR: Final = "bridge"


@dataclass(frozen=True)
class Purged:
    """How many of each kind were forgotten."""

    events: int
    messages: int
    differences: int
    audit: int


@dataclass(frozen=True)
class Purging:
    """Applies the city's periods. Safe to be run twice, and by two processes at once."""

    store: Store
    retention: Retention
    now: Callable[[], datetime]

    def run(self, actor: str = ACTOR) -> Purged:
        """Forget all that is due. Raises `StoreUnavailable`; what was done by then stays so."""
        now = self.now()
        retention = self.retention
        purged = Purged(
            events=self._in_portions(
                lambda session: erasure.forget_bodies(
                    session, retention.events_before(now), PORTION
                )
            ),
            messages=self._in_portions(
                lambda session: self._erase_messages(session, retention.messages_before(now))
            ),
            differences=self._in_portions(
                lambda session: nightly.forget_differences(
                    session, retention.differences_before(now), PORTION
                )
            ),
            audit=self._in_portions(
                lambda session: audit.forget(session, retention.audit_before(now), PORTION)
            ),
        )
        counts = {kind: count for kind, count in asdict(purged).items() if count}
        if counts:
            with self.store.writing() as session:
                audit.record(session, AuditEntry(self.now(), actor, Action.PURGED, "", counts))
        log.info("purged", **asdict(purged))
        return purged

    def _in_portions(self, forget: Callable[[Session], int]) -> int:
        return sum(self._portions(forget))

    def _portions(self, forget: Callable[[Session], int]) -> Iterator[int]:
        while True:
            with self.store.writing() as session:
                count = forget(session)
            yield count
            if count < PORTION:
                return

    def _erase_messages(self, session: Session, before: datetime) -> int:
        due = erasure.outdated(session, before, PORTION)
        if due:
            erasure.erase(session, due, self.now())
        return len(due)
