"""Takes in parts that a curator makes in the helpdesk: a further department in charge (2.1.2)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.exc import IntegrityError

from bridge.flow.splitting import adopt_part
from bridge.helpdesk.layout import EXTERNAL_NUMBER
from bridge.helpdesk.port import SOMEBODY, Helpdesk, Issue
from bridge.store import tickets
from bridge.store.database import Store
from bridge.store.models import TicketRow

log = structlog.get_logger()


@dataclass(frozen=True)
class Adoption:
    """Makes an issue that stands below a ticket of the bridge a part of it."""

    store: Store
    helpdesk: Helpdesk
    now: Callable[[], datetime]

    def adopt(self, issue_id: int, parent_id: int) -> TicketRow | None:
        """Return the part's ticket; None when the issue is none of ours.

        Raises `HelpdeskError`. Safe to call again, and by two at the same time.
        """
        with self.store.reading() as session:
            if tickets.whole_by_issue(session, parent_id) is None:
                return None
        issue = self.helpdesk.read(issue_id)
        return self._add(issue, parent_id) if _is_made_by_staff(issue) else None

    def _add(self, issue: Issue, parent_id: int) -> TicketRow | None:
        try:
            with self.store.writing() as session:
                found = tickets.whole_by_issue(session, parent_id)
                if found is None:
                    return None
                part = adopt_part(session, *found, issue.id, _department(issue), self.now())
        except IntegrityError:
            with self.store.reading() as session:
                return tickets.by_issue(session, issue.id)
        log.info("part adopted", ticket=part.id, issue=issue.id)
        return part


def _department(issue: Issue) -> str | None:
    return None if issue.department == SOMEBODY else issue.department


def _is_made_by_staff(issue: Issue) -> bool:
    """Not the bridge's own, whose number it is about to learn, and of the tracker of messages."""
    is_ours = issue.by_bridge or bool(issue.fields.get(EXTERNAL_NUMBER))
    return not is_ours and issue.status is not None
