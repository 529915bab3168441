"""From the form's fields to what is looked for; what cannot be understood is said in Russian."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bridge.store.inbox_search import LONGEST_WORD, InboxSearch

_LARGEST_ID = 2**31 - 1


class NotUnderstood(Exception):
    """Which field is wrong, and what would be right."""


def read_search(given: Mapping[str, str], sources: tuple[str, ...], zone: ZoneInfo) -> InboxSearch:
    """What the form asks for. Days are the office's. Raises `NotUnderstood`."""
    fields = {name: " ".join(value.split())[: LONGEST_WORD * 10] for name, value in given.items()}
    until = _day(fields, "until", "По", zone)
    return InboxSearch(
        source=fields.get("source", ""),
        state=fields.get("state", ""),
        kind=fields.get("kind", ""),
        event=_number(fields, "event", "Событие"),
        issue=_number(fields, "issue", "Карточка"),
        number=fields.get("number", ""),
        words=fields.get("words", "")[:LONGEST_WORD],
        author=fields.get("author", "")[:LONGEST_WORD],
        since=_day(fields, "since", "С", zone),
        until=until + timedelta(days=1) if until else None,
        sources=sources,
    )


def _number(fields: Mapping[str, str], name: str, title: str) -> int | None:
    value = fields.get(name, "").removeprefix("#")
    if not value:
        return None
    if not (value.isdecimal() and value.isascii()) or int(value[:12]) > _LARGEST_ID:
        raise NotUnderstood(f"«{title}» — это номер, например 1234.")
    return int(value)


def _day(fields: Mapping[str, str], name: str, title: str, zone: ZoneInfo) -> datetime | None:
    value = fields.get(name, "")
    if not value:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = _written_day(value, title)
    if not 1970 <= day.year < 9000:
        raise NotUnderstood(f"«{title}»: такого года здесь быть не может.")
    return datetime.combine(day, time(), zone)


def _written_day(value: str, title: str) -> date:
    try:
        return datetime.strptime(value, "%d.%m.%Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError as error:
        raise NotUnderstood(f"«{title}» — это день, например 26.11.2026.") from error
