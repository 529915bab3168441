"""The board as the template shows it: summary, filters with their counts, lines, holders."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Final

from bridge.admin.board.asking import Asked, View, band_name
from bridge.admin.board.choosing import (
    ByBand,
    Counts,
    Dimension,
    Order,
    by_band,
    by_holder,
    by_value,
    profiles_of,
)
from bridge.admin.board.lines import CURATORS, TicketLine, Writer
from bridge.sla.clocks import CURATOR
from bridge.sla.policy import Party
from bridge.sla.wording import cited
from bridge.store.board import Band, Duty, Horizons, Promptness

PAGE: Final = 100
BAND_TITLES: Final[Mapping[Band, str]] = {
    Band.OVERDUE: "Просрочено",
    Band.HALF_HOUR: "До 30 минут",
    Band.TWO_HOURS: "До 2 часов",
    Band.TODAY: "Сегодня",
    Band.LATER: "Позже",
    Band.UNTIMED: "Без срока",
}
"""Each band takes in what is due after the one before it."""
TONES: Final[Mapping[Band, str]] = {
    Band.OVERDUE: "bad",
    Band.HALF_HOUR: "warn",
    Band.TWO_HOURS: "info",
    Band.TODAY: "idle",
    Band.LATER: "idle",
    Band.UNTIMED: "idle",
}
PARTY_TITLES: Final[Mapping[Party, str]] = {
    Party.CURATOR: "Кураторы",
    Party.DEPARTMENT: "Подразделения",
}
ORDER_TITLES: Final[Mapping[Order, str]] = {
    Order.DUE: "по срочности",
    Order.HOLDER: "по держателю",
    Order.ARRIVAL: "сначала давние",
}
EVERYTHING: Final = ("", "все")

Option = tuple[str, str]
"""One choice of a filter: its value, and its name with how many tickets it would show."""


@dataclass(frozen=True)
class PartyFigures:
    """One side's state: open tickets by band, duties of today and of the last seven days."""

    party: Party
    title: str
    bands: ByBand
    today: Promptness
    week: Promptness


@dataclass(frozen=True)
class HolderRow:
    """One holder's open tickets by band."""

    key: str
    name: str
    bands: ByBand

    @property
    def total(self) -> int:
        """All of the holder's open tickets."""
        return sum(self.bands.values())


@dataclass(frozen=True)
class Section:
    """Lines that stand together; no band where the list is not sorted by urgency."""

    band: Band | None
    lines: tuple[TicketLine, ...]


@dataclass(frozen=True)
class Board:
    """Everything on the page but the time of day: equal boards look the same."""

    asked: Asked
    parties: tuple[PartyFigures, ...]
    bands: ByBand
    options: Mapping[str, tuple[Option, ...]]
    holders: tuple[HolderRow, ...]
    sections: tuple[Section, ...]
    shown: int
    total: int

    @property
    def version(self) -> str:
        """What a browser tells to learn whether anything has changed."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]

    @property
    def pages(self) -> int:
        """How many pages the list has."""
        return max(1, -(-self.total // PAGE))


def horizons(writer: Writer) -> Horizons:
    """The bands' ends at the writer's moment."""
    now, calendar = writer.now, writer.office.calendar
    return Horizons(
        start_of_day=calendar.end_of_calendar_day(now, -1),
        now=now,
        half_hour=now + timedelta(minutes=30),
        two_hours=now + timedelta(hours=2),
        end_of_day=calendar.end_of_calendar_day(now, 0),
    )


def compose(
    asked: Asked,
    writer: Writer,
    duties: Sequence[Duty],
    today: Mapping[Party, Promptness],
    week: Mapping[Party, Promptness],
    lines: Sequence[TicketLine],
) -> Board:
    """The board of what was read."""
    profiles = profiles_of(duties)
    bands = by_band(profiles, asked.choice)
    counts = {each: by_value(profiles, asked.choice, each) for each in Dimension}
    return Board(
        asked=asked,
        parties=tuple(
            PartyFigures(
                party,
                PARTY_TITLES[party],
                counts[Dimension.PARTY].get(party, {}),
                today[party],
                week[party],
            )
            for party in Party
        ),
        bands=bands,
        options={"band": _bands(bands)} | _options(asked, writer, counts),
        holders=_holders(writer, by_holder(profiles, asked.choice))
        if asked.view is View.HOLDERS
        else (),
        sections=_sections(asked, lines),
        shown=len(lines),
        total=_number(bands, asked.choice.band),
    )


def _options(
    asked: Asked, writer: Writer, counts: Mapping[Dimension, Counts]
) -> dict[str, tuple[Option, ...]]:
    names = {
        Dimension.PARTY: {party.value: title for party, title in PARTY_TITLES.items()},
        Dimension.DEPARTMENT: {
            key: writer.holder(key) for key in counts[Dimension.DEPARTMENT] if key
        },
        Dimension.CHANNEL: {key: writer.channel(key) for key in counts[Dimension.CHANNEL]},
        Dimension.CLAUSE: {key: cited(key) for key in counts[Dimension.CLAUSE] if key},
    }
    chosen = asked.choice
    return {
        dimension.value: _of_dimension(
            titles, counts[dimension], chosen.band, getattr(chosen, dimension.value)
        )
        for dimension, titles in names.items()
    }


def _of_dimension(
    titles: Mapping[str, str],
    counts: Mapping[str, ByBand],
    band: Band | None,
    chosen: str | None,
) -> tuple[Option, ...]:
    """What is chosen is offered though nothing is there, so that one sees what is chosen."""
    known = dict(titles) if not chosen else {chosen: chosen} | dict(titles)
    numbers = {key: _number(counts.get(key, {}), band) for key in known}
    offered = [(key, f"{title} ({numbers[key]})") for key, title in known.items()]
    return (EVERYTHING, *sorted(offered, key=lambda option: option[1]))


def _bands(bands: ByBand) -> tuple[Option, ...]:
    titles = BAND_TITLES.items()
    return (
        EVERYTHING,
        *((band_name(band), f"{title} ({bands.get(band, 0)})") for band, title in titles),
    )


def _holders(writer: Writer, counts: Counts) -> tuple[HolderRow, ...]:
    """Whoever is late most comes first; the curators before all."""
    rows = [
        HolderRow(key, CURATORS if key == CURATOR else writer.holder(key), bands)
        for key, bands in counts.items()
    ]
    return tuple(sorted(rows, key=_how_late))


def _how_late(row: HolderRow) -> tuple[bool, list[int], str]:
    return row.key != CURATOR, [-row.bands.get(band, 0) for band in Band], row.name


def _sections(asked: Asked, lines: Sequence[TicketLine]) -> tuple[Section, ...]:
    if asked.order is not Order.DUE:
        return (Section(None, tuple(lines)),) if lines else ()
    return tuple(
        Section(band, tuple(together)) for band, together in groupby(lines, lambda line: line.band)
    )


def _number(bands: ByBand, band: Band | None) -> int:
    return sum(bands.values()) if band is None else bands.get(band, 0)
