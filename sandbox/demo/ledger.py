"""The bridge's clocks of a ticket, read from its store."""

from zoneinfo import ZoneInfo

from bridge.sla.clocks import Clock
from bridge.sla.policy import ClockKind
from bridge.store import clocks, tickets
from bridge.store.database import Store
from sandbox.demo.waiting import NotYet


class Ledger:
    """Reads the store at `url`; `zone` is the office's."""

    def __init__(self, url: str, zone: ZoneInfo) -> None:
        self.zone = zone
        self._store = Store(url)

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    def clocks(self, issue_id: int) -> tuple[Clock, ...]:
        """Every clock of the ticket. Raises `NotYet` when the store does not know the ticket."""
        with self._store.reading() as session:
            ticket = tickets.by_issue(session, issue_id)
            if ticket is None:
                raise NotYet(f"The store has no ticket for Redmine's issue {issue_id}")
            return clocks.of_ticket(session, ticket.id)

    def running(self, issue_id: int, kind: ClockKind) -> Clock:
        """The clock of this kind that runs. Raises `NotYet` when none does."""
        for clock in self.clocks(issue_id):
            if clock.kind is kind and clock.running:
                return clock
        raise NotYet(f"No clock «{kind}» runs")

    def stopped(self, issue_id: int) -> tuple[Clock, ...]:
        """Every clock, each with its verdict. Raises `NotYet` while one runs."""
        every = self.clocks(issue_id)
        running = [clock.key for clock in every if clock.running]
        if running or not every:
            raise NotYet(f"Still running: {', '.join(running) or 'no clock was started'}")
        return every
