"""A policy's rules in words: from when, how long, until what, whose duty, warned when."""

from collections.abc import Mapping, Sequence
from typing import Final

from bridge.sla.alarm import WarningPoint
from bridge.sla.policy import DayTerm, Party, StartEvent, StopEvent, TimeTerm, Unit
from bridge.sla.wording import amount, counted

STARTS: Final[Mapping[StartEvent, str]] = {
    StartEvent.ARRIVED: "сообщение поступило",
    StartEvent.DETECTED: "сообщение обнаружено",
    StartEvent.SENT: "направлено исполнителю",
    StartEvent.ANSWER_RECEIVED: "ответ получен",
    StartEvent.SENT_BACK: "возвращено на доработку",
}
STOPS: Final[Mapping[StopEvent, str]] = {
    StopEvent.REACTED: "автору сообщено, что вопросом занимаются",
    StopEvent.ROUTED: "направлено исполнителю",
    StopEvent.SUBMITTED: "ответ передан куратору",
    StopEvent.PLACED: "ответ размещён",
    StopEvent.PLACED_OR_SENT_BACK: "ответ размещён или возвращён на доработку",
}
_PARTIES: Final[Mapping[Party, str]] = {
    Party.CURATOR: "куратор",
    Party.DEPARTMENT: "исполнитель",
}


def term_in_words(term: TimeTerm | DayTerm) -> str:
    """«4 ч подряд», «8 ч служебного времени», «8 календарных дней»."""
    if isinstance(term, TimeTerm):
        kind = "служебного времени" if term.unit is Unit.SERVICE_TIME else "подряд"
        return f"{amount(term.amount)} {kind}"
    if term.unit is Unit.WORKING_DAYS:
        return counted(term.days, "рабочий день", "рабочих дня", "рабочих дней")
    return counted(term.days, "календарный день", "календарных дня", "календарных дней")


def parties_in_words(parties: Sequence[Party]) -> str:
    """«исполнитель и куратор»; the first is the one to whom a breach is booked."""
    return " и ".join(_PARTIES[party] for party in parties)


def warnings_in_words(points: Sequence[WarningPoint]) -> str:
    """«когда прошло 50 %, за 30 мин»; «нет» where nobody is warned."""
    return ", ".join(_point_in_words(point) for point in points) or "нет"


def _point_in_words(point: WarningPoint) -> str:
    if point.passed_percent:
        return f"когда прошло {point.passed_percent} %"
    return f"за {point.minutes_left} мин"
