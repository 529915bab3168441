"""What came in each hour of the last week, as bars for a template to draw."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

HOURS: Final = 7 * 24
_HOUR: Final = timedelta(hours=1)
_STEP: Final = 4
_BAR: Final = 3
HEIGHT: Final = 48
WIDTH: Final = HOURS * _STEP


@dataclass(frozen=True)
class Bar:
    """One hour, in the picture's units."""

    x: int
    y: float
    width: int
    height: float


@dataclass(frozen=True)
class RhythmPicture:
    """The bars, the beginnings of days, and the same in words."""

    bars: tuple[Bar, ...]
    midnights: tuple[tuple[int, str], ...]
    words: str


def draw(by_hour: Mapping[datetime, int], now: datetime, zone: ZoneInfo) -> RhythmPicture:
    """The week that ends with the hour of `now`."""
    first = now.replace(minute=0, second=0, microsecond=0) - (HOURS - 1) * _HOUR
    hours = [first + number * _HOUR for number in range(HOURS)]
    counts = [by_hour.get(hour, 0) for hour in hours]
    most = max(counts)
    return RhythmPicture(
        bars=tuple(_bar(number, count / most) for number, count in enumerate(counts) if count),
        midnights=tuple(
            (number * _STEP, f"{hour.astimezone(zone):%d.%m}")
            for number, hour in enumerate(hours)
            if hour.astimezone(zone).hour == 0
        ),
        words=f"за 7 дней событий: {sum(counts)}, больше всего за час: {most}",
    )


def _bar(number: int, share: float) -> Bar:
    height = max(2.0, round(HEIGHT * share, 1))
    return Bar(number * _STEP, HEIGHT - height, _BAR, height)
