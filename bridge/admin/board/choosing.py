"""Which tickets a person asks for, in which order, and how many each other choice would show.

Filters choose among the duties; a ticket stands where the nearest of those that are left is due.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NamedTuple

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


class Kind(NamedTuple):
    """What of a duty matters to the filters."""

    holder: str
    department: str
    channel: str
    clause: str
    band: int


Plain = tuple[str, str, str, str, int]
"""The same as a row has it: making thousands of the other takes longer than reading them."""
Profiles = Mapping[tuple[Kind, ...], int]
"""Numbers of tickets by the kinds of their duties, the most urgent first."""
ByBand = Mapping[Band, int]
Counts = Mapping[str, ByBand]
"""Tickets by a dimension's value and by band."""

_VALUES: Final[Mapping[Dimension, Callable[[Kind], str]]] = {
    Dimension.PARTY: lambda kind: Party.CURATOR if kind.holder == CURATOR else Party.DEPARTMENT,
    Dimension.DEPARTMENT: lambda kind: kind.department,
    Dimension.CHANNEL: lambda kind: kind.channel,
    Dimension.CLAUSE: lambda kind: kind.clause,
}


def nearest(duties: Sequence[Duty], choice: Choice, order: Order) -> Sequence[Duty]:
    """The nearest fitting duty of each ticket; `duties` come in the order of their urgency."""
    fits = _fits(choice)
    fitting_kinds = {plain for plain in {duty[2:] for duty in duties} if fits(Kind(*plain))}
    found: dict[int, Duty] = {}
    for duty in duties:
        if duty[2:] in fitting_kinds:
            found.setdefault(duty[0], duty)
    fitting = list(found.values())
    if choice.band is not None:
        fitting = [duty for duty in fitting if duty.band == choice.band]
    if order is Order.ARRIVAL:
        return sorted(fitting, key=lambda duty: duty.ticket_id)
    return sorted(fitting, key=lambda duty: duty.holder) if order is Order.HOLDER else fitting


def profiles_of(duties: Iterable[Duty]) -> Profiles:
    """How many tickets have which duties: thousands of tickets are some hundred profiles."""
    by_ticket: dict[int, tuple[Plain, ...]] = {}
    for duty in duties:
        by_ticket[duty[0]] = (*by_ticket.get(duty[0], ()), duty[2:])
    return {
        tuple(Kind(*plain) for plain in profile): number
        for profile, number in Counter(by_ticket.values()).items()
    }


def by_band(profiles: Profiles, choice: Choice) -> ByBand:
    """How many tickets fit in each band, whatever band is chosen."""
    return _counted(profiles, choice, lambda _: "").get("", {})


def by_value(profiles: Profiles, choice: Choice, dimension: Dimension) -> Counts:
    """How many tickets each value has by band, its dimension's own filter left out."""
    others = replace(choice, **{dimension.value: None})
    return _counted(profiles, others, _VALUES[dimension])


def by_holder(profiles: Profiles, choice: Choice) -> Counts:
    """How many tickets each holder has by band, whoever is chosen."""
    others = replace(choice, party=None, department=None)
    return _counted(profiles, others, lambda kind: kind.holder)


def _fits(choice: Choice) -> Callable[[Kind], bool]:
    wanted = [
        (_VALUES[dimension], value)
        for dimension in Dimension
        if (value := getattr(choice, dimension.value)) is not None
    ]
    return lambda kind: all(value_of(kind) == value for value_of, value in wanted)


def _counted(profiles: Profiles, choice: Choice, value_of: Callable[[Kind], str]) -> Counts:
    """Each ticket once for each value: at its nearest duty, which comes first."""
    fits = _fits(choice)
    counts: dict[str, Counter[Band]] = defaultdict(Counter)
    for profile, number in profiles.items():
        nearest_of: dict[str, int] = {}
        for kind in filter(fits, profile):
            nearest_of.setdefault(value_of(kind), kind.band)
        for value, band in nearest_of.items():
            counts[value][Band(band)] += number
    return {value: dict(bands) for value, bands in counts.items()}
