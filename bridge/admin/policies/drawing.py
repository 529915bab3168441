"""A policy as a picture: a bar for each duty, one after the other as they follow in a ticket.

Terms are from minutes to weeks, so bars grow with the logarithm: the picture tells what follows
what and which is longer, the words beside each bar how long it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import log2
from typing import Final

from bridge.admin.policies.duties import PolicyDuty
from bridge.sla.alarm import WarningPoint
from bridge.sla.policy import DayTerm, Party, TimeTerm, Unit
from bridge.sla.wording import cited

WIDTH: Final = 1000
_LEFT: Final = 250
_RIGHT: Final = 205
_TOP: Final = 14
_ROW: Final = 46
_BAR: Final = 22
_HOUR: Final = timedelta(hours=1)
_SERVICE_HOURS_OF_DAY: Final = 8


@dataclass(frozen=True)
class Bar:
    """One duty. `style` is the class that colours it; `marks` are where warnings stand."""

    y: float
    x: float
    width: float
    style: str
    title: str
    note: str
    text: str
    marks: tuple[float, ...]

    @property
    def end(self) -> float:
        """Its right edge."""
        return self.x + self.width


@dataclass(frozen=True)
class PolicyPicture:
    """The bars, and upright lines where one duty hands over to the next."""

    bars: tuple[Bar, ...]
    lines: tuple[float, ...]
    height: float
    width: int = WIDTH
    left: int = _LEFT


def draw(duties: Sequence[PolicyDuty]) -> PolicyPicture:
    """The picture of one policy."""
    spans = _spans(duties)
    scale = (WIDTH - _LEFT - _RIGHT) / max(end for _, end in spans.values())
    bars = tuple(
        _bar(duty, _TOP + number * _ROW, spans[duty.key], scale)
        for number, duty in enumerate(duties)
    )
    ends = {duty.begins for duty in duties if duty.begins}
    lines = sorted({_LEFT, *(_LEFT + spans[key][1] * scale for key in ends)})
    return PolicyPicture(bars, tuple(lines), _TOP + len(duties) * _ROW)


def _spans(duties: Sequence[PolicyDuty]) -> Mapping[str, tuple[float, float]]:
    """Where each duty begins and ends, before scaling."""
    spans: dict[str, tuple[float, float]] = {}
    for duty in duties:
        if duty.term is None and duty.like:
            spans[duty.key] = spans[duty.like]
            continue
        start = spans[duty.begins][1] if duty.begins else 0.0
        spans[duty.key] = start, start + (_size(duty.term) if duty.term else 0.0)
    return spans


def _size(term: TimeTerm | DayTerm) -> float:
    return 1 + log2(1 + 2 * _hours(term))


def _hours(term: TimeTerm | DayTerm) -> float:
    """About how many hours pass."""
    if isinstance(term, DayTerm):
        return term.days * 24
    hours = term.amount / _HOUR
    return hours * 24 / _SERVICE_HOURS_OF_DAY if term.unit is Unit.SERVICE_TIME else hours


def _bar(duty: PolicyDuty, y: float, span: tuple[float, float], scale: float) -> Bar:
    start, end = span
    x, width = _LEFT + start * scale, (end - start) * scale
    places = [_place(point, duty.term) for point in duty.warnings]
    return Bar(
        y=y,
        x=round(x, 1),
        width=round(width, 1),
        style="by-curator" if duty.held_by[0] is Party.CURATOR else "by-department",
        title=duty.title,
        note=f"{cited(duty.clause)}, {duty.who}",
        text=duty.length,
        marks=tuple(round(x + width * place, 1) for place in places if place is not None),
    )


def _place(point: WarningPoint, term: TimeTerm | DayTerm | None) -> float | None:
    """How far along the bar the warning comes; not told of a term that is not known."""
    if point.passed_percent:
        return point.passed_percent / 100
    if term is None or not point.minutes_left:
        return None
    exact = term.amount / _HOUR if isinstance(term, TimeTerm) else term.days * 24
    return max(0.0, 1 - point.minutes_left / 60 / exact)
