"""What the administrator's pages work with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bridge.flow.queue import Hints
from bridge.helpdesk.accounts import StaffAccounts
from bridge.office import Office
from bridge.office_in_force import OfficeInForce
from bridge.settings import Settings
from bridge.store import audit
from bridge.store.audit import Action, AuditEntry
from bridge.store.database import Store


@dataclass(frozen=True)
class AdminParts:
    """One set for all pages. Handed to each page's `routes`."""

    settings: Settings
    offices: OfficeInForce
    store: Store
    hints: Hints
    accounts: StaffAccounts
    now: Callable[[], datetime]

    @property
    def office(self) -> Office:
        """The office with the mapping that is in force now: ask in each request, keep it nowhere.

        Everything but the mapping stays as it was when the process started.
        """
        return self.offices.current()

    def record(self, actor: str, action: Action, subject: str = "", **details: object) -> None:
        """Keep an audit entry in a transaction of its own: of what changes nothing else there."""
        entry = AuditEntry(self.now(), actor, action, subject, details)
        with self.store.writing() as session:
            audit.record(session, entry)
