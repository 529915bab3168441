"""Cards become events of the inbox, whichever way they came. Pure.

A card is told by two events: that it is registered, and how it reads now. Whatever comes again is
known by its number or by its contents, so a file that is read twice, a replayed webhook and an
export that holds all cards each time change nothing, and a card that reads differently is an edit.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from bridge.ingest.exchange_cards import BadCard, Card, Record, read_card
from bridge.ingest.port import Event
from bridge.networks.exchange_settings import ExchangeSettings

_DIGEST: Final = 16
"""Hexadecimal digits: enough to tell the editions of one card apart."""


class CardNews(StrEnum):
    """What an event says of a card: the event's kind."""

    REGISTERED = "card_registered"
    READS = "card_reads"
    UNREADABLE = "card_unreadable"


@dataclass(frozen=True)
class Found:
    """A card as it was found: its records, and where, for people («строка 12»)."""

    place: str
    records: tuple[Record, ...]


@dataclass(frozen=True)
class Trouble:
    """Something that cannot be read: where it stands and, in Russian, why."""

    place: str
    reason: str


@dataclass(frozen=True)
class CardEvents:
    """What one found card gives: its events, and its trouble where it cannot be read."""

    events: tuple[Event, ...]
    trouble: Trouble | None = None


def events_of(found: Found, exchange: ExchangeSettings) -> CardEvents:
    """The events of a card; one that cannot be read is kept as an event too."""
    try:
        card = read_card(found.records, exchange)
    except BadCard as bad:
        event = Event(
            f"unreadable:{_digest(found.records)}",
            CardNews.UNREADABLE,
            _body(CardNews.REGISTERED, found),
        )
        return CardEvents((event,), Trouble(found.place, bad.reason))
    return CardEvents(
        (
            Event(f"card:{card.number}", CardNews.REGISTERED, _body(CardNews.REGISTERED, found)),
            Event(
                f"card:{card.number}:{_digest(_meaning(card))}",
                CardNews.READS,
                _body(CardNews.READS, found),
            ),
        )
    )


def _meaning(card: Card) -> Any:
    """What makes an edit: not the columns that say how far the system has come with the card."""
    attachments = [attachment.url for attachment in card.attachments]
    return [card.text, card.sources, card.also_known_as, attachments, card.changed_at]


def _digest(contents: Any) -> str:
    return hashlib.sha256(_json(contents)).hexdigest()[:_DIGEST]


def _body(news: CardNews, found: Found) -> bytes:
    return _json({"news": news, "place": found.place, "records": found.records})


def _json(contents: Any) -> bytes:
    """In ASCII: lone surrogates and null bytes stay escaped, stores accept it."""
    return json.dumps(contents, sort_keys=True).encode("ascii")


def found_cards(items: Sequence[Any], place: str) -> list[Found]:
    """Items of a JSON list as found cards; one that is no object has no parts to be found."""
    return [
        Found(f"{place} {number}", (item if isinstance(item, dict) else {"": item},))
        for number, item in enumerate(items, 1)
    ]
