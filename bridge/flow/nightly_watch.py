"""When a nightly run is due. Asked every few minutes, so that no missed hour costs a night."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bridge.store import nightly
from bridge.store.database import Store


@dataclass(frozen=True)
class NightlyWatch:
    """Knows the hour. `at` is local time in `zone`."""

    store: Store
    at: time
    zone: ZoneInfo

    def is_due(self, now: datetime) -> bool:
        """Whether a run has not ended, or none began since the hour came last.

        An installation that had no ticket at that hour had nothing to reconcile.
        """
        hour = latest_occurrence(now, self.at, self.zone)
        with self.store.reading() as session:
            if nightly.active_run(session):
                return True
            run, first = nightly.latest(session), nightly.first_ticket_at(session)
        if first is None or first >= hour:
            return False
        return run is None or run.started_at < hour


def latest_occurrence(now: datetime, at: time, zone: ZoneInfo) -> datetime:
    """The last instant, up to `now`, at which the zone's clocks showed `at`; UTC."""
    today = now.astimezone(zone).date()
    days = (today, today - timedelta(days=1))
    hours = [datetime.combine(day, at, zone).astimezone(UTC) for day in days]
    return next(hour for hour in hours if hour <= now)
