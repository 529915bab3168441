"""Instants as a person writes them: ISO 8601, without an offset in the office's zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bridge.sla.production_calendar import SUPPORTED_SPAN, SUPPORTED_YEARS

_WANTED = "нужны дата и время, например 2026-11-23T16:20 или 2026-11-23T16:20:00+05:00"


def given_instant(name: str, text: str, zone: ZoneInfo) -> datetime:
    """The instant, aware. Raises ValueError, in Russian, that names what was given so."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{name}: {text!r} не прочитать: {_WANTED}") from error
    if _is_date_only(text):
        raise ValueError(f"{name}: {text!r} без времени: {_WANTED}")
    if moment.year not in SUPPORTED_YEARS:
        raise ValueError(f"{name}: год {moment.year} вне календаря ({SUPPORTED_SPAN})")
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


def _is_date_only(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
