"""Which tickets a person asks for, in which order, and how many each other choice would show.

Filters choose among the duties; a ticket stands where the nearest of those that are left is due.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from bridge.sla.clocks import CURATOR
from bridge.sla.policy import Party
from bridge.store.board import Band, Duty


class Dimension(StrEnum):
    """What duties are told apart by."""

    PARTY = "party"
    DEPARTMENT = "department"
    CHANNEL = "channel"
    CLAUSE = "clause"


class Order(StrEnum):
    """How the list is sorted."""

    DUE = "due"
    HOLDER = "holder"
    ARRIVAL = "arrival"


@dataclass(frozen=True)
class Choice:
    """Which duties to look at; what is None is not looked at."""

    party: Party | None = None
    department: str | None = None
    channel: str | None = None
    clause: str | None = None
    band: Band | None = None


ByBand = Mapping[Band, int]
Counts = Mapping[str, ByBand]
"""Tickets by a dimension's value and by band."""

_VALUES: Final[Mapping[Dimension, Callable[[Duty], str]]] = {
    Dimension.PARTY: lambda duty: Party.CURATOR if duty.holder == CURATOR else Party.DEPARTMENT,
    Dimension.DEPARTMENT: lambda duty: duty.department,
    Dimension.CHANNEL: lambda duty: duty.channel,
    Dimension.CLAUSE: lambda duty: duty.clause,
}


def nearest(duties: Sequence[Duty], choice: Choice, order: Order) -> Sequence[Duty]:
    """The nearest fitting duty of each ticket; `duties` come in the order of their urgency."""
    found: dict[int, Duty] = {}
    for duty in _fitting(duties, choice):
        found.setdefault(duty.ticket_id, duty)
    fitting = list(found.values())
    if choice.band is not None:
        fitting = [duty for duty in fitting if duty.band == choice.band]
    if order is Order.ARRIVAL:
        return sorted(fitting, key=lambda duty: duty.ticket_id)
    return sorted(fitting, key=lambda duty: duty.holder) if order is Order.HOLDER else fitting


def by_band(duties: Sequence[Duty], choice: Choice) -> ByBand:
    """How many tickets fit in each band, whatever band is chosen."""
    return _counted(_fitting(duties, choice), lambda _: "").get("", {})


def by_value(duties: Sequence[Duty], choice: Choice, dimension: Dimension) -> Counts:
    """How many tickets each value has by band, its dimension's own filter left out."""
    others = replace(choice, **{dimension.value: None})
    return _counted(_fitting(duties, others), _VALUES[dimension])


def by_holder(duties: Sequence[Duty], choice: Choice) -> Counts:
    """How many tickets each holder has by band, whoever is chosen."""
    others = replace(choice, party=None, department=None)
    return _counted(_fitting(duties, others), lambda duty: duty.holder)


def _fitting(duties: Sequence[Duty], choice: Choice) -> Sequence[Duty]:
    for dimension in Dimension:
        wanted, value = getattr(choice, dimension.value), _VALUES[dimension]
        if wanted is not None:
            duties = [duty for duty in duties if value(duty) == wanted]
    return duties


def _counted(duties: Iterable[Duty], value: Callable[[Duty], str]) -> Counts:
    """Each ticket once for each value: at its nearest duty, which comes first."""
    places: dict[tuple[str, int], int] = {}
    for duty in duties:
        places.setdefault((value(duty), duty.ticket_id), duty.band)
    counts: dict[str, dict[Band, int]] = {}
    for (key, band), number in Counter((key, band) for (key, _), band in places.items()).items():
        counts.setdefault(key, {})[Band(band)] = number
    return counts
