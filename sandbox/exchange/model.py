"""What the systems hold: cards about posts, and the answers that came back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class System(StrEnum):
    """The two systems that the sandbox plays."""

    INCIDENT = "incident"
    MSS = "mss"


TITLES = {
    System.INCIDENT: "Инцидент менеджмент",
    System.MSS: "Модуль «Мониторинг социальных сетей»",
}
PREFIXES = {System.INCIDENT: "IM", System.MSS: "MSS"}
TOKENS = {
    System.INCIDENT: "sandbox-exchange-token-incident",
    System.MSS: "sandbox-exchange-token-mss",
}
"""What a client sends as `Authorization: Bearer …`; obviously fake."""


@dataclass(frozen=True)
class CardDraft:
    """What a person writes into a card; `sources` are links to the posts that it is about."""

    text: str
    sources: tuple[str, ...] = ()
    author: str = ""
    author_link: str = ""
    topic: str = ""
    district: str = ""
    private: bool = False


@dataclass(frozen=True)
class Card:
    """A registered card. `position` rises with each change in its system: lists go by it."""

    number: str
    draft: CardDraft
    registered_at: datetime
    position: int


@dataclass(frozen=True)
class Answer:
    """An answer to a card. `key` tells one from another; `way` is `http` or `file`."""

    number: str
    text: str
    link: str
    answered_at: str
    key: str
    way: str
    pictures: tuple[str, ...] = ()
