"""A card of an outside system: from rows or JSON objects, by configured names, to its parts.

Pure. A card may stand in several rows, one for each source post.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote, urlsplit

from bridge.ingest.storable import storable
from bridge.ingest.written_instants import NoInstant, read_instant
from bridge.messages import Attachment, Author, Visibility
from bridge.networks.canonical_links import numbers_of, split_links
from bridge.networks.exchange_settings import CardFields, ExchangeSettings
from bridge.web_links import web_link

Record = Mapping[str, Any]
"""A row by its columns' titles, or a JSON object."""

LONGEST_NUMBER: Final = 100
LONGEST_TEXT: Final = 200_000
"""Characters: ten times what the networks themselves let anybody write."""

_LONGEST_NAME: Final = 255
_LONGEST_AUTHOR_ID: Final = 64
_LONGEST_TOPIC: Final = 200
_MOST_LINKS: Final = 1000
"""A flood of posts about one thing is one incident."""
_MOST_OF_A_KIND: Final = 50
"""Topics or attachments of one card: more of them are somebody's mistake."""

_PICTURE: Final = re.compile(r"\.(?:jpe?g|png|gif|webp|bmp|heic)$", re.IGNORECASE)
_SEVERAL: Final = re.compile(r"\s*[;\n\r]+\s*")
_WORD: Final = re.compile(r"\w+")


class BadCard(Exception):
    """A card cannot be read. `reason` is Russian, for staff, without the card's words; `where` is
    the field's name in the configuration."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason


@dataclass(frozen=True)
class Card:
    """One card. `registered_at` is UTC, `deadline` as the system writes it."""

    number: str
    text: str
    registered_at: datetime
    visibility: Visibility
    author: Author
    link: str
    """The card's own page; empty where it has none."""
    sources: tuple[str, ...]
    also_known_as: tuple[str, ...]
    network: str
    topics: tuple[str, ...]
    district: str
    deadline: str
    attachments: tuple[Attachment, ...]
    changed_at: str
    """As the system writes it; empty where it tells none."""


def read_card(records: Sequence[Record], exchange: ExchangeSettings) -> Card:
    """The card that the records tell of. Raises `BadCard`."""
    found = _Found(records, exchange.fields)
    number = read_number(records, exchange.fields)
    links = tuple(found.links())
    attachments = tuple(found.attachments())
    text = found.text()
    if not text.strip() and not attachments:
        raise BadCard("text", "нет текста сообщения")
    return Card(
        number=number,
        text=text,
        registered_at=_registered_at(found.first("registered_at"), exchange),
        visibility=_visibility(found.first("visibility"), exchange),
        author=found.author(),
        link=_card_link(found.words("card_link"), number, exchange),
        sources=tuple(dict.fromkeys(filter(None, map(web_link, links)))),
        also_known_as=numbers_of(links, exchange.link_hosts),
        network=found.words("network")[:_LONGEST_NAME],
        topics=tuple(found.topics()),
        district=found.words("district")[:_LONGEST_NAME],
        deadline=found.words("deadline")[:_LONGEST_NAME],
        attachments=attachments,
        changed_at=found.words("changed_at")[:_LONGEST_NAME],
    )


def read_number(records: Sequence[Record], fields: CardFields) -> str:
    """The card's number. Raises `BadCard`."""
    number = _Found(records, fields).words("number")
    if not number:
        raise BadCard("number", "нет номера карточки")
    if len(number) > LONGEST_NUMBER or not number.isprintable():
        raise BadCard("number", f"номер длиннее {LONGEST_NUMBER} знаков или нечитаем")
    return number


@lru_cache(maxsize=4096)
def normal_name(name: str) -> str:
    """A name without what people write differently: case, `ё`, blanks, a colon at the end."""
    return " ".join(name.casefold().replace("ё", "е").split()).rstrip(" :*")


@dataclass(frozen=True)
class _Found:
    """What stands in the records under a field's names."""

    records: Sequence[Record]
    fields: CardFields

    def all(self, field: str) -> Iterator[Any]:
        """Every value that is not empty, record by record, each once."""
        seen = []
        names = getattr(self.fields, field)
        for value in (each for record in self.records for each in _values(record, names)):
            if value not in seen:
                seen.append(value)
                yield value

    def first(self, field: str) -> Any:
        """The first value, None when there is none."""
        return next(self.all(field), None)

    def words(self, field: str) -> str:
        """The first value as one line."""
        return " ".join(_text(self.first(field)).split())

    def text(self) -> str:
        """The citizen's words exactly; those of several records one below the other."""
        text = "\n\n".join(dict.fromkeys(filter(None, map(_written, self.all("text")))))
        if len(text) > LONGEST_TEXT:
            raise BadCard("text", f"текст длиннее {LONGEST_TEXT} знаков")
        return text

    def author(self) -> Author:
        """Who wrote it, as far as the card tells."""
        link = web_link(self.words("author_link"))
        name = self.words("author")[:_LONGEST_NAME]
        external_id = self.words("author_id") or link or name
        return Author(external_id[:_LONGEST_AUTHOR_ID], name, link)

    def links(self) -> Iterable[str]:
        """The source posts' links, as they are written."""
        pieces = (piece for value in self.all("links") for piece in split_links(_text(value)))
        return list(dict.fromkeys(pieces))[:_MOST_LINKS]

    def topics(self) -> Iterable[str]:
        """The rubrics, each apart."""
        pieces = (piece for value in self.all("topics") for piece in _SEVERAL.split(_text(value)))
        short = (" ".join(piece.split())[:_LONGEST_TOPIC] for piece in pieces)
        return list(dict.fromkeys(filter(None, short)))[:_MOST_OF_A_KIND]

    def attachments(self) -> Iterable[Attachment]:
        """The attachments' links; what is no link is left out."""
        pieces = (piece for value in self.all("attachments") for piece in split_links(_text(value)))
        links = list(dict.fromkeys(filter(None, map(web_link, pieces))))[:_MOST_OF_A_KIND]
        return [_attachment(link) for link in links]


def _attachment(link: str) -> Attachment:
    path = urlsplit(link).path
    kind = "photo" if _PICTURE.search(path) else "doc"
    return Attachment(kind, link, path.rsplit("/", 1)[-1][:_LONGEST_NAME])


def _values(record: Record, names: Iterable[str]) -> Iterator[Any]:
    """What stands under the names; a list's items one by one, empty ones and no left out."""
    for name in names:
        value = _value(record, name)
        for item in value if isinstance(value, list) else [value]:
            if item is True or _text(item).strip():
                yield item


def _value(record: Record, name: str) -> Any:
    """What stands under a column's title, or else under a dotted path."""
    whole = _child(record, name)
    if whole is not None or "." not in name:
        return whole
    value: Any = record
    for part in name.split("."):
        value = _child(value, part) if isinstance(value, Mapping) else None
    return value


def _child(record: Mapping[str, Any], name: str) -> Any:
    if name in record:
        return record[name]
    wanted = normal_name(name)
    return next((record[key] for key in record if normal_name(key) == wanted), None)


def _text(value: Any) -> str:
    """A number as people write it; nested JSON is no text."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return storable(str(value)) if isinstance(value, str | int | float) else ""


def _written(value: Any) -> str:
    return _text(value).replace("\r\n", "\n").strip("\n")


def _registered_at(value: Any, exchange: ExchangeSettings) -> datetime:
    if value is None:
        raise BadCard("registered_at", "нет времени регистрации")
    begins = time.fromisoformat(exchange.day_begins) if exchange.day_begins else None
    try:
        return read_instant(value, exchange.time_zone, begins)
    except NoInstant as error:
        raise BadCard("registered_at", str(error)) from None


def _visibility(value: Any, exchange: ExchangeSettings) -> Visibility:
    """By a word, or by yes, as in `"private": true`."""
    words = _WORD.findall(_text(value).casefold())
    beginnings = tuple(word.casefold() for word in exchange.direct_words)
    is_direct = value is True or any(word.startswith(beginnings) for word in words)
    return Visibility.DIRECT if is_direct else Visibility.FEED


def _card_link(written: str, number: str, exchange: ExchangeSettings) -> str:
    told = web_link(written)
    if told or exchange.card_link is None:
        return told
    return exchange.card_link.replace("{number}", quote(number, safe=""))
