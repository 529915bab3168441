"""Cards of «Инцидент менеджмент» and the MSS module become messages (clauses 1.1, 2.1.1)."""

import json
import re
from typing import Any, Final

from bridge.channels import ChannelSettings
from bridge.ingest.exchange_cards import BadCard, Card, normal_name, read_card
from bridge.ingest.exchange_events import CardNews
from bridge.ingest.port import (
    MessageArrived,
    MessageEdited,
    NothingToDo,
    Parsed,
    SetAside,
    Unreadable,
)
from bridge.messages import Message, Surroundings
from bridge.networks.exchange_settings import ExchangeSettings

MOST_SOURCES_SHOWN: Final = 20

_WEB: Final = re.compile(r"^(?:(?:https?:)?//)?(?:(?:www|m)\.)?")


def parse(body: bytes, channel: ChannelSettings) -> Parsed:
    """Read a stored event. Never raises for what the event holds: see `Unreadable`."""
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        return Unreadable("not JSON", "")
    records = event.get("records") if isinstance(event, dict) else None
    if not isinstance(records, list) or not all(isinstance(each, dict) for each in records):
        return Unreadable("a list of objects is expected", "records")
    try:
        card = read_card(records, channel.exchange_section)
    except BadCard as bad:
        return Unreadable(bad.reason, _where(event, bad))
    if _is_own(card, channel.exchange_section):
        return SetAside(NothingToDo.OWN)
    message = _message(card, channel)
    if event.get("news") == CardNews.READS:
        return MessageEdited(message)
    return MessageArrived(message)


def _is_own(card: Card, exchange: ExchangeSettings) -> bool:
    """These systems watch the city's pages, and find its own answers there, too."""
    own = {_normal_author(author) for author in exchange.own_authors}
    told = (card.author.link, card.author.name)
    return any(_normal_author(author) in own for author in told if author)


def _normal_author(written: str) -> str:
    return _WEB.sub("", normal_name(written)).rstrip("/")


def _where(event: dict[str, Any], bad: BadCard) -> str:
    place = event.get("place")
    return f"{place}: {bad.where}" if isinstance(place, str) and place else bad.where


def _message(card: Card, channel: ChannelSettings) -> Message:
    """Registered in the system is arrived (clause 3.1)."""
    link = card.link or next(iter(card.sources), "")
    return Message(
        channel=channel.key,
        network=channel.network,
        visibility=card.visibility,
        external_id=card.number,
        author=card.author,
        text=card.text,
        link=link,
        posted_at=card.registered_at,
        address={"number": card.number, "link": link},
        attachments=card.attachments,
        surroundings=_surroundings(card, channel, link),
        also_known_as=card.also_known_as,
        topics=card.topics,
        district=card.district,
    )


def _surroundings(card: Card, channel: ChannelSettings, link: str) -> Surroundings:
    """The card around the citizen's words: what staff would look up in the system."""
    lines = [f"Карточка № {card.number}, {channel.title}."]
    if card.network:
        lines.append(f"Откуда: {card.network}.")
    if card.deadline:
        lines.append(f"Срок в системе: {card.deadline}.")
    others = [source for source in card.sources if source != link]
    if others:
        left = len(others) - MOST_SOURCES_SHOWN
        more = f" и ещё {left}" if left > 0 else ""
        lines.append(f"Публикации: {', '.join(others[:MOST_SOURCES_SHOWN])}{more}")
    return Surroundings("\n".join(lines), link)
