"""What a day of the office's year is, as a sign and in words: for the terminal and for the page."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from bridge.sla.office_calendar import OfficeDay
from bridge.sla.production_calendar import DayKind
from bridge.sla.schedule import Interval


class DayMark(StrEnum):
    """What is to be noticed of a day first."""

    HOLIDAY = "holiday"
    MOVED_DAY_OFF = "moved_day_off"
    WORKING_WEEKEND = "working_weekend"
    WEEKEND = "weekend"
    SHORTENED = "shortened"
    OVERRIDDEN = "overridden"
    WORKDAY = "workday"

    @property
    def sign(self) -> str:
        """One character to stand after the day's number."""
        return _SIGNS[self][0]

    @property
    def meaning(self) -> str:
        """The same in words."""
        return _SIGNS[self][1]


_SIGNS: Final[Mapping[DayMark, tuple[str, str]]] = {
    DayMark.HOLIDAY: ("!", "праздничный"),
    DayMark.MOVED_DAY_OFF: (">", "выходной (перенос)"),
    DayMark.WORKING_WEEKEND: ("+", "рабочая суббота"),
    DayMark.WEEKEND: (".", "выходной"),
    DayMark.SHORTENED: ("*", "короче на час"),
    DayMark.OVERRIDDEN: ("#", "изменено учреждением"),
    DayMark.WORKDAY: (" ", "рабочий"),
}
_USUAL: Final = frozenset({DayMark.WORKDAY, DayMark.WEEKEND})


def mark_of(day: OfficeDay) -> DayMark:
    """The day's mark; what the office decided itself comes before all."""
    if day.overridden:
        return DayMark.OVERRIDDEN
    if day.shortened and day.kind is DayKind.WORKDAY:
        return DayMark.SHORTENED
    return DayMark(day.kind.value)


def special_days(days: Iterable[OfficeDay]) -> list[OfficeDay]:
    """Those that are not what their weekday usually is."""
    return [day for day in days if mark_of(day) not in _USUAL or day.shortened]


def note_on(day: OfficeDay) -> str:
    """Why a special day is special."""
    note = day.note or mark_of(day).meaning
    return f"{note}, {DayMark.SHORTENED.meaning}" if day.shortened and day.note else note


def hours_of(day: OfficeDay) -> str:
    """«09:00–12:00 12:48–18:00», or «выходной»."""
    return " ".join(_written(interval) for interval in day.hours) or "выходной"


def _written(interval: Interval) -> str:
    return f"{minute_of_day(interval.start)}–{minute_of_day(interval.end)}"


def minute_of_day(minute: int) -> str:
    """«09:00»; a day ends at «24:00»."""
    return f"{minute // 60:02}:{minute % 60:02}"
