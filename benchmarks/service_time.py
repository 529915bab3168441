"""Service-time arithmetic against the library `businesstimedelta`: speed and correctness.

Run: python -m benchmarks.service_time. Both get the same office (default hours, lunch, Russia's
public holidays) and the same cases; results are to be read as ratios.
"""

import random
import sys
import time as clock
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import businesstimedelta
import holidays
import pytz

from bridge.config.document import load_document
from bridge.sla.schedule import CalendarSettings
from bridge.sla.service_time import ServiceCalendar

CALENDAR = Path(__file__).resolve().parent.parent / "config" / "calendar.yaml"
ZONE = ZoneInfo("Asia/Yekaterinburg")
LIBRARY_ZONE = pytz.timezone(ZONE.key)  # the only kind of zone that the library takes
EIGHT_HOURS = timedelta(hours=8)
WANTED_RATIO = 100
LIBRARY_CASES = 400
OWN_CASES = 40_000
# (start, service hours, due): what one counts by hand from the published calendar.
TRICKY = (
    ("2026-11-23 16:20", 8, "2026-11-24 16:08"),  # over a night and a lunch
    ("2026-11-27 16:00", 2, "2026-11-30 10:00"),  # over a weekend, from a shorter Friday
    ("2026-11-23 12:20", 1, "2026-11-23 13:48"),  # from within the lunch
    ("2026-11-03 16:00", 2, "2026-11-05 10:00"),  # a shortened day before a public holiday
    ("2025-10-31 16:00", 2, "2025-11-01 10:00"),  # a working Saturday
    ("2025-11-01 16:30", 1, "2025-11-05 09:30"),  # a working Saturday that is shortened
    ("2025-12-30 17:30", 1, "2026-01-12 09:30"),  # a moved day off, the New Year holidays
    ("2026-05-08 15:30", 1, "2026-05-12 09:30"),  # a shortened Friday, an observed holiday
)


@dataclass(frozen=True)
class Arithmetic:
    """One implementation: the instant `amount` after a start, and the time between two."""

    name: str
    add: Callable[[datetime, timedelta], datetime]
    between: Callable[[datetime, datetime], timedelta]


def own_arithmetic() -> Arithmetic:
    calendar = ServiceCalendar(load_document(CALENDAR, CalendarSettings))
    return Arithmetic("bridge", calendar.add, calendar.between)


def library_arithmetic() -> Arithmetic:
    rules = businesstimedelta.Rules(
        [
            work_days([0, 1, 2, 3], until=time(18)),
            work_days([4], until=time(17)),
            businesstimedelta.LunchTimeRule(
                start_time=time(12),
                end_time=time(12, 48),
                working_days=[0, 1, 2, 3, 4],
                tz=LIBRARY_ZONE,
            ),
            businesstimedelta.HolidayRule(holidays.country_holidays("RU"), tz=LIBRARY_ZONE),
        ]
    )

    def add(start: datetime, amount: timedelta) -> datetime:
        due: datetime = start + businesstimedelta.BusinessTimeDelta(rules, timedelta=amount)
        return due

    def between(start: datetime, end: datetime) -> timedelta:
        difference: timedelta = rules.difference(start, end).timedelta
        return difference

    return Arithmetic("businesstimedelta", add, between)


def work_days(days: list[int], until: time) -> Any:
    return businesstimedelta.WorkDayRule(
        start_time=time(9), end_time=until, working_days=days, tz=LIBRARY_ZONE
    )


def cases(number: int) -> list[datetime]:
    """The same starts in every run, spread over 2026."""
    minutes = random.Random(1344)
    first = datetime(2026, 1, 12, tzinfo=ZONE)
    return [first + timedelta(minutes=minutes.randrange(340 * 24 * 60)) for _ in range(number)]


def additions_per_second(arithmetic: Arithmetic, starts: Sequence[datetime]) -> float:
    begin = clock.perf_counter()
    for start in starts:
        arithmetic.add(start, EIGHT_HOURS)
    return len(starts) / (clock.perf_counter() - begin)


def differences_per_second(
    arithmetic: Arithmetic, spans: Sequence[tuple[datetime, datetime]]
) -> float:
    begin = clock.perf_counter()
    for start, end in spans:
        arithmetic.between(start, end)
    return len(spans) / (clock.perf_counter() - begin)


def right_answers(arithmetic: Arithmetic) -> int:
    return sum(
        arithmetic.add(local(start), timedelta(hours=hours)) == local(due)
        for start, hours, due in TRICKY
    )


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def main() -> int:
    """Print the comparison; 1 when the bridge is wrong in a case or not fast enough."""
    own, library = own_arithmetic(), library_arithmetic()
    rates = {}
    for arithmetic, number in ((own, OWN_CASES), (library, LIBRARY_CASES)):
        # The shorter list is the beginning of the longer one, repeated: the same cases for both.
        starts = cases(LIBRARY_CASES) * (number // LIBRARY_CASES)
        spans = [(start, start + timedelta(days=3)) for start in starts]
        arithmetic.add(starts[0], EIGHT_HOURS)
        rates[arithmetic.name] = (
            additions_per_second(arithmetic, starts),
            differences_per_second(arithmetic, spans),
        )
        print(
            f"{arithmetic.name:<18}{rates[arithmetic.name][0]:>12,.0f} additions/s"
            f"{rates[arithmetic.name][1]:>12,.0f} differences/s"
            f"{right_answers(arithmetic):>4} of {len(TRICKY)} tricky cases right"
        )
    ratios = [mine / theirs for mine, theirs in zip(*rates.values(), strict=True)]
    print(f"ratio: additions {ratios[0]:.0f}, differences {ratios[1]:.0f} (wanted: {WANTED_RATIO})")
    return 0 if min(ratios) >= WANTED_RATIO and right_answers(own) == len(TRICKY) else 1


if __name__ == "__main__":
    sys.exit(main())
