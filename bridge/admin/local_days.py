"""Periods that people give as days of the office: «с 01.11.2026 по 26.11.2026»."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from werkzeug.exceptions import BadRequest


@dataclass(frozen=True)
class LocalDays:
    """From the first day to the last, both included; None: no end on that side."""

    first: date | None
    last: date | None
    zone: ZoneInfo

    @property
    def since(self) -> datetime | None:
        """The first instant, UTC."""
        return self._midnight(self.first) if self.first else None

    @property
    def until(self) -> datetime | None:
        """The instant after the last, UTC."""
        return self._midnight(self.last + timedelta(days=1)) if self.last else None

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)


def read_days(first: str, last: str, zone: ZoneInfo) -> LocalDays:
    """Days as a browser's date fields send them (2026-11-26). Raises `BadRequest`."""
    return LocalDays(_read(first), _read(last), zone)


def _read(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadRequest(f"not a day: {text}") from None
    if not date(1970, 1, 2) <= day <= date(9000, 1, 1):
        raise BadRequest(f"no such day here: {text}")
    return day
