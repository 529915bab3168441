"""Instants as people, Excel and programs in Russia write them. Pure.

24.11.2026 16:20 · 24.11.26, 16:20:05 · 16:20 24.11.2026 · 24 ноября 2026 г. в 16 ч. 20 мин. ·
2026-11-24T16:20:00+05:00 · 46350.68 (Excel's days) · 1795521600 (Unix seconds).
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

_EXCEL_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel's days have no zone
_EXCEL_DAYS: Final = range(20_000, 80_000)
"""1954 to 2119: no other number of a card's date lies there."""
_UNIX_SECONDS: Final = range(10**9, 10**10)
_MILLISECONDS: Final = 1000
_LARGEST: Final = 10**14
_YEARS: Final = range(2000, 2101)

_MONTHS: Final = {
    "янв": 1, "фев": 2, "мар": 3, "апр": 4, "мая": 5, "май": 5, "июн": 6,
    "июл": 7, "авг": 8, "сен": 9, "окт": 10, "ноя": 11, "дек": 12,
}  # fmt: skip
"""By the first three letters, in any case and in short."""

_DATE = (
    r"(?:(?P<year>\d{4})[-./](?P<month>\d{1,2})[-./](?P<day>\d{1,2})"
    r"|(?P<day_ru>\d{1,2})[-./](?P<month_ru>\d{1,2})[-./](?P<year_ru>\d{4}|\d{2})(?:\s*г\.?)?"
    r"|(?P<day_in_words>\d{1,2})\s+(?P<month_in_words>[а-яё]+)\.?\s+(?P<year_in_words>\d{4})"
    r"(?:\s*г(?:ода|\.)?)?)"
)
_TIME = (
    r"(?P<hour{n}>\d{{1,2}})(?:[:.](?P<minute{n}>\d{{2}})(?:[:.](?P<second{n}>\d{{2}})(?:[.,]\d+)?)?"
    r"|\s*ч(?:ас\w*)?\.?\s*(?P<minute_in_words{n}>\d{{1,2}})\s*м(?:ин\w*)?\.?)"
)
_ZONE = r"(?:\s*(?P<zone>z|utc|мск|[+-]\d{2}:?\d{2}))?"
_BETWEEN = r"(?:\s*,\s*|\s+в\s+|\s+|t)"
_WRITTEN = re.compile(
    rf"(?:{_TIME.format(n=1)}{_BETWEEN})?{_DATE}(?:{_BETWEEN}{_TIME.format(n=2)})?{_ZONE}",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{5,13}(?:[.,]\d+)?", re.ASCII)


class NoInstant(ValueError):
    """What is written is no instant. Its text is Russian, for staff, without the value."""


def read_instant(value: Any, zone: ZoneInfo, day_begins: time | None = None) -> datetime:
    """The instant, UTC; what names no zone is in `zone`.

    A day without a time of day counts from `day_begins`, or is refused where there is none. Raises
    `NoInstant`.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise NoInstant("дата и время записаны непонятно")
    if isinstance(value, int | float):
        return _numeric(value, zone, day_begins)
    text = " ".join(value.split())
    if _NUMBER.fullmatch(text):
        return _numeric(float(text.replace(",", ".")), zone, day_begins)
    return _written(text, zone, day_begins)


def _numeric(number: float, zone: ZoneInfo, day_begins: time | None) -> datetime:
    if not 0 < number < _LARGEST:
        raise NoInstant("число не похоже на дату")
    for seconds in (number, number / _MILLISECONDS):
        if _UNIX_SECONDS.start <= seconds < _UNIX_SECONDS.stop:
            return datetime.fromtimestamp(seconds, UTC).replace(microsecond=0)
    if not _EXCEL_DAYS.start <= number < _EXCEL_DAYS.stop:
        raise NoInstant("число не похоже на дату")
    local = _EXCEL_EPOCH + timedelta(seconds=round(number * 86400))
    at = None if float(number).is_integer() else local.time()
    return _instant(local.date(), at, zone, day_begins)


def _written(text: str, zone: ZoneInfo, day_begins: time | None) -> datetime:
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise NoInstant("дата и время записаны непонятно, ожидается, например, 24.11.2026 16:20")
    parts = {name: part for name, part in found.groupdict().items() if part is not None}
    try:
        return _instant(_date(parts), _time(parts), _zone(parts, zone), day_begins)
    except (ValueError, OverflowError) as error:
        if isinstance(error, NoInstant):
            raise
        raise NoInstant("такой даты или такого времени не бывает") from None


def _instant(day: date, at: time | None, zone: Any, day_begins: time | None) -> datetime:
    if day.year not in _YEARS:
        raise NoInstant("год вне 2000–2100")
    at = at or day_begins
    if at is None:
        raise NoInstant("нет времени, только день: срок пункта 3.1 не от чего считать")
    return datetime.combine(day, at, zone).astimezone(UTC)


def _date(parts: dict[str, str]) -> date:
    for suffix in ("", "_ru", "_in_words"):
        if f"year{suffix}" in parts:
            year = int(parts[f"year{suffix}"])
            month = _month(parts[f"month{suffix}"])
            return date(year + 2000 if year < 100 else year, month, int(parts[f"day{suffix}"]))
    raise NoInstant("нет даты")


def _month(written: str) -> int:
    if written.isdecimal():
        return int(written)
    return _MONTHS.get(written.lower()[:3], 0)


def _time(parts: dict[str, str]) -> time | None:
    for n in (1, 2):
        if f"hour{n}" in parts:
            minute = parts.get(f"minute{n}") or parts.get(f"minute_in_words{n}")
            if minute is None:
                raise NoInstant("время записано непонятно")
            return time(int(parts[f"hour{n}"]), int(minute), int(parts.get(f"second{n}", 0)))
    return None


def _zone(parts: dict[str, str], zone: ZoneInfo) -> Any:
    name = parts.get("zone", "").lower()
    if not name:
        return zone
    if name == "мск":
        return ZoneInfo("Europe/Moscow")
    if name in ("z", "utc"):
        return UTC
    return datetime.strptime(name, "%z").tzinfo
