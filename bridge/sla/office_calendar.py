"""The office's days: the country's calendar, the weekly schedule and the exceptions together."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime

from bridge.sla.production_calendar import DayKind, ProductionDay, has_decree, production_day
from bridge.sla.schedule import CalendarSettings, DayOverride, Interval, shorten

_NOVEMBER = 11
_CLOSED = frozenset({DayKind.HOLIDAY, DayKind.MOVED_DAY_OFF})


@dataclass(frozen=True, slots=True)
class OfficeDay:
    """One local date: its hours (none on a day off), and why they are what they are.

    `note` is a phrase in Russian: the holiday's name, the swapped day, the exception's reason;
    empty on an ordinary day.
    """

    date: date
    kind: DayKind
    hours: tuple[Interval, ...]
    shortened: bool
    overridden: bool
    note: str

    @property
    def is_working(self) -> bool:
        return bool(self.hours)

    @property
    def minutes(self) -> int:
        """Service time of the day in minutes."""
        return sum(interval.end - interval.start for interval in self.hours)


class OfficeCalendar:
    """Answers what a local date is for one office."""

    def __init__(self, settings: CalendarSettings) -> None:
        self._settings = settings
        self._overrides = {override.date: override for override in settings.overrides}
        self._valid_from = [schedule.valid_from for schedule in settings.schedules]

    def day(self, day: date) -> OfficeDay:
        """Return the office's day.

        Raises ValueError when the calendar cannot tell: a year outside of its range, or a working
        weekend whose swapped day is unknown.
        """
        production = production_day(day)
        override = self._overrides.get(day)
        if override is not None:
            return self._overridden_day(production, override)
        hours = self._scheduled_hours(production)
        return OfficeDay(
            day,
            production.kind,
            hours,
            production.shortened,
            overridden=False,
            note=production.name,
        )

    @property
    def settings(self) -> CalendarSettings:
        """What it was made of: weekly hours, exceptions, published years."""
        return self._settings

    def is_provisional(self, year: int) -> bool:
        """Whether the year's decree on moved days off is not known to be published."""
        if year not in self._settings.published_years:
            return True
        return not has_decree(year) and all(day.year != year for day in self._overrides)

    def year_warning(self, now: datetime) -> str | None:
        """Return a warning in Russian when a year's calendar is needed soon and not published.

        That is the current year at any time, and the next one from November (local) on.
        """
        today = now.astimezone(self._settings.zone)
        needed = [today.year, today.year + 1] if today.month >= _NOVEMBER else [today.year]
        missing = [str(year) for year in needed if self.is_provisional(year)]
        if not missing:
            return None
        return (
            f"Производственный календарь на {' и '.join(missing)} год не загружен: сроки, которые "
            f"попадают на это время, предварительные. Обновите пакет holidays или внесите переносы "
            f"выходных в calendar.yaml (overrides), проверьте командой bridge calendar "
            f"{missing[0]} и укажите год в published_years."
        )

    def _overridden_day(self, production: ProductionDay, override: DayOverride) -> OfficeDay:
        shortened = override.shortened
        if override.day_off:
            hours: tuple[Interval, ...] = ()
        elif override.hours:
            hours = override.hours
        elif override.works_as is not None:
            hours = self._weekday_hours(
                override.date, override.works_as.number, shortened=shortened
            )
        else:
            hours = self._weekday_hours(override.date, override.date.weekday(), shortened=True)
        return OfficeDay(
            override.date, production.kind, hours, shortened, overridden=True, note=override.reason
        )

    def _scheduled_hours(self, production: ProductionDay) -> tuple[Interval, ...]:
        if production.kind in _CLOSED:
            return ()
        if production.hours_of is None:
            raise ValueError(
                f"{production.date:%d.%m.%Y}: рабочая суббота, но неизвестно, за какой день; "
                f"внесите её в calendar.yaml (overrides: works_as)"
            )
        return self._weekday_hours(
            production.date, production.hours_of, shortened=production.shortened
        )

    def _weekday_hours(self, day: date, weekday: int, *, shortened: bool) -> tuple[Interval, ...]:
        schedule = bisect_right(self._valid_from, day) - 1
        if schedule < 0:
            raise ValueError(f"{day:%d.%m.%Y}: расписание в calendar.yaml начинается позже")
        hours = self._settings.schedules[schedule].week[weekday]
        return shorten(hours, self._settings.shortened_day_minutes) if shortened else hours
