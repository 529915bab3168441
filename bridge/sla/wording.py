"""Russian words for clocks, instants and amounts of time, as staff write them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bridge.sla.policy import ClockKind

CLOCK_TITLES: Mapping[ClockKind, str] = {
    ClockKind.FIRST_REACTION: "Первая реакция",
    ClockKind.ROUTING: "Направление исполнителю",
    ClockKind.ANSWER: "Подготовка ответа",
    ClockKind.INTERIM: "Промежуточный ответ",
    ClockKind.FINAL: "Окончательный ответ",
    ClockKind.PLACEMENT: "Размещение ответа",
    ClockKind.REVISION: "Доработка ответа",
}
MONTHS: Sequence[str] = (
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
)
WEEKDAYS: Sequence[str] = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")

_MINUTE = timedelta(minutes=1)
_TEENS = range(11, 15)


def local_moment(instant: datetime, zone: ZoneInfo) -> str:
    """Return the instant as the zone's clocks show it: «23.11.2026 18:30», seconds if any."""
    local = instant.astimezone(zone)
    return f"{local:%d.%m.%Y} {clock_time(local)}"


def clock_time(local: datetime) -> str:
    """Return «18:30», or «18:30:05» when there are seconds; fractions of them are left out."""
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def amount(duration: timedelta) -> str:
    """Return «1 ч 40 мин», «24 ч», «0 мин»; seconds only when there are any."""
    minutes, rest = divmod(duration, _MINUTE)
    hours, minutes = divmod(minutes, 60)
    parts = [
        f"{number} {unit}"
        for number, unit in ((hours, "ч"), (minutes, "мин"), (rest.seconds, "с"))
        if number
    ]
    return " ".join(parts) or "0 мин"


def counted(number: int, one: str, few: str, many: str) -> str:
    """Return the number with its noun in the form it asks for: «1 день», «3 дня», «8 дней»."""
    if number % 100 in _TEENS or number % 10 not in range(1, 5):
        return f"{number} {many}"
    return f"{number} {one if number % 10 == 1 else few}"


def cited(clause: str) -> str:
    """Return «п. 3.3» for a numbered clause, and any other name of a rule as it is."""
    return f"п. {clause}" if clause[:1].isdigit() else clause
