"""What a person asks the board for: the query string, read and written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self, TypeVar

from bridge.admin.board.choosing import Choice, Order
from bridge.sla.clocks import CURATOR
from bridge.sla.policy import Party
from bridge.store.board import Band

BANDS: Mapping[str, Band] = {
    "overdue": Band.OVERDUE,
    "30min": Band.HALF_HOUR,
    "2h": Band.TWO_HOURS,
    "today": Band.TODAY,
    "later": Band.LATER,
    "none": Band.UNTIMED,
}
_NAMES = {band: name for name, band in BANDS.items()}
EVERYTHING = Choice()
_LAST_PAGE = 10_000

Word = TypeVar("Word", bound=StrEnum)


class View(StrEnum):
    """How the board is shown."""

    LIST = "list"
    HOLDERS = "holders"


@dataclass(frozen=True)
class Asked:
    """One address of the board. Pages count from 1; `wall`: for a screen on the wall."""

    choice: Choice = EVERYTHING
    order: Order = Order.DUE
    view: View = View.LIST
    page: int = 1
    wall: bool = False

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> Self:
        """Raises ValueError, in Russian, for what cannot be asked."""
        return cls(
            choice=Choice(
                party=_one_of(Party, "party", arguments),
                department=arguments.get("department") or None,
                channel=arguments.get("channel") or None,
                clause=arguments.get("clause") or None,
                band=_band(arguments.get("band", "")),
            ),
            order=_one_of(Order, "order", arguments) or Order.DUE,
            view=_one_of(View, "view", arguments) or View.LIST,
            page=_page(arguments.get("page", "")),
            wall=arguments.get("wall") == "1",
        )

    def arguments(self) -> dict[str, str]:
        """The query string that asks for this, without what is usual."""
        choice = self.choice
        named = {
            "party": choice.party,
            "department": choice.department,
            "channel": choice.channel,
            "clause": choice.clause,
            "band": None if choice.band is None else _NAMES[choice.band],
            "order": None if self.order is Order.DUE else self.order,
            "view": None if self.view is View.LIST else self.view,
            "page": None if self.page == 1 else str(self.page),
            "wall": "1" if self.wall else None,
        }
        return {name: str(value) for name, value in named.items() if value}

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is filtered out."""
        return self.choice != EVERYTHING

    def whole(self) -> "Asked":
        """Without filters."""
        return replace(self, choice=EVERYTHING, page=1)

    def seen_as(self, view: View) -> "Asked":
        """The same, shown so."""
        return replace(self, view=view, page=1)

    def on_page(self, page: int) -> "Asked":
        """The same, another page."""
        return replace(self, page=page)

    def on_wall(self, wall: bool) -> "Asked":
        """The same, for a screen on the wall or for a desk."""
        return replace(self, wall=wall)

    def of_holder(self, key: str, band: Band | None = None) -> "Asked":
        """What one holder has, in one band or all in all."""
        if key == CURATOR:
            return self.narrowed(party=Party.CURATOR, department=None, band=band)
        return self.narrowed(party=Party.DEPARTMENT, department=key, band=band)

    def narrowed(self, **choice: object) -> "Asked":
        """The first page of the list with this changed in the choice."""
        narrowed = replace(self.choice, **choice)  # type: ignore[arg-type]  # by field names
        return replace(self, choice=narrowed, view=View.LIST, page=1)


def band_name(band: Band) -> str:
    """The band as addresses have it."""
    return _NAMES[band]


def _one_of(kind: type[Word], name: str, arguments: Mapping[str, str]) -> Word | None:
    given = arguments.get(name, "")
    if not given:
        return None
    try:
        return kind(given)
    except ValueError as error:
        raise ValueError(f"{name}: «{given}» — такого значения нет") from error


def _band(given: str) -> Band | None:
    if given and given not in BANDS:
        raise ValueError(f"band: «{given}» — такого значения нет")
    return BANDS.get(given)


def _page(given: str) -> int:
    if not given:
        return 1
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:6]) <= _LAST_PAGE):
        raise ValueError(f"page: «{given}» — такой страницы нет")
    return int(given[:6])
