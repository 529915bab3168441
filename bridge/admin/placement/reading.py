"""Reads what the page of placement shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from bridge.admin.parts import AdminParts
from bridge.admin.placement.cards import PlacementCard, Surroundings, card_of
from bridge.store import clocks, deliveries, placements
from bridge.store.models import DeliveryRow, MessageRow, TicketRow
from bridge.store.placements import OnItsWay, Tab

PAGE: Final = 50


@dataclass(frozen=True)
class PlacementList:
    """One page of a list; `older` is where the next one begins, if there is one.

    `elsewhere`: tickets that wait for a person, too, with nothing of theirs on its way.
    """

    cards: Sequence[PlacementCard]
    older: int | None
    counts: Mapping[str, int]
    elsewhere: Sequence[tuple[TicketRow, MessageRow]] = ()


@dataclass(frozen=True)
class TroubledList:
    """One page of the tickets that could not be created or changed."""

    rows: Sequence[tuple[TicketRow, MessageRow]]
    older: int | None
    counts: Mapping[str, int]


TICKETS: Final = "tickets"


def read_placements(parts: AdminParts, tab: Tab, before: int | None) -> PlacementList:
    """A page of the list, newest first."""
    with parts.store.reading() as session:
        ways = placements.page(session, tab, parts.now(), PAGE + 1, before)
        shown = ways[:PAGE]
        around = _surroundings(session, parts, shown)
        counts = _counts(session, parts)
        by_hand = tab is Tab.BY_HAND and before is None
        elsewhere = placements.only_by_hand(session, PAGE) if by_hand else ()
    older = shown[-1].delivery.id if len(ways) > PAGE else None
    return PlacementList([card_of(way, around) for way in shown], older, counts, elsewhere)


def read_troubled(parts: AdminParts, before: int | None) -> TroubledList:
    """A page of the tickets that need a person, newest first."""
    with parts.store.reading() as session:
        rows = placements.troubled(session, PAGE + 1, before)
        counts = _counts(session, parts)
    older = rows[PAGE - 1][0].id if len(rows) > PAGE else None
    return TroubledList(rows[:PAGE], older, counts)


def _counts(session: Session, parts: AdminParts) -> Mapping[str, int]:
    counted = {tab.value: number for tab, number in placements.counts(session, parts.now()).items()}
    return {**counted, TICKETS: placements.count_troubled(session)}


def _surroundings(session: Session, parts: AdminParts, ways: Sequence[OnItsWay]) -> Surroundings:
    ticket_ids = {way.ticket.id for way in ways}
    rows: dict[int, list[DeliveryRow]] = {}
    for row in deliveries.of_effects(session, {way.effect.id for way in ways}):
        rows.setdefault(row.effect_id, []).append(row)
    return Surroundings(
        deliveries=rows,
        clocks=clocks.of_tickets(session, ticket_ids),
        orders=placements.orders(session, ticket_ids),
        titles={channel.key: channel.title for channel in parts.office.channels},
    )
