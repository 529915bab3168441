"""What a citizen may ask for (152-ФЗ, articles 14 and 21): a copy of their data, its erasure."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bridge.store import audit, dossier, erasure, people
from bridge.store.audit import Action, AuditEntry
from bridge.store.database import Store


class NobodyKnown(Exception):
    """Nothing is kept of such a person."""


class StillOpen(Exception):
    """A ticket of the person's is open: the message must be answered first. `issues`: which."""

    def __init__(self, issues: Sequence[int]) -> None:
        super().__init__(", ".join(f"#{number}" for number in issues))
        self.issues = tuple(issues)


@dataclass(frozen=True)
class Erased:
    """What was forgotten, and which tickets the helpdesk still has."""

    messages: int
    issues: tuple[int, ...]


@dataclass(frozen=True)
class PersonalData:
    """One person's data, by network and number there; in the audit neither of them is named."""

    store: Store
    now: Callable[[], datetime]

    def copy(self, network: str, author_id: str, actor: str) -> dict[str, Any]:
        """All that is kept, as JSON. Raises `NobodyKnown`."""
        with self.store.writing() as session:
            ids = people.messages_of(session, network, author_id)
            if not ids:
                raise NobodyKnown
            self._record(session, actor, Action.PERSON_EXPORTED, network, author_id, len(ids))
            return {
                "network": network,
                "author_id": author_id,
                "made_at": self.now().isoformat(),
                "messages": [dossier.of_message(session, each) for each in ids],
            }

    def erase(self, network: str, author_id: str, actor: str) -> Erased:
        """Forget all of it. Raises `NobodyKnown`, `StillOpen`."""
        with self.store.writing() as session:
            ids = people.messages_of(session, network, author_id)
            if not ids:
                raise NobodyKnown
            issues = people.issues_of(session, ids)
            if people.has_open(session, ids):
                raise StillOpen([number for number, closed in issues if not closed])
            erasure.erase(session, ids, self.now())
            self._record(session, actor, Action.PERSON_ERASED, network, author_id, len(ids))
        return Erased(len(ids), tuple(number for number, _ in issues))

    def _record(
        self,
        session: Session,
        actor: str,
        action: Action,
        network: str,
        author_id: str,
        messages: int,
    ) -> None:
        subject = f"person:{pseudonym(network, author_id)}"
        entry = AuditEntry(self.now(), actor, action, subject, {"messages": messages})
        audit.record(session, entry)


def pseudonym(network: str, author_id: str) -> str:
    """What stands for a person in the audit: who knows the number finds the deed, nobody else."""
    return hashlib.sha256(f"{network}:{author_id}".encode()).hexdigest()[:16]
