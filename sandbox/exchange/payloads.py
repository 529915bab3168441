"""Cards as the systems show them: as JSON objects and as rows of a table."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.exchange.model import Answer, Card

COLUMNS = (
    "Номер",
    "Источник",
    "Ссылка",
    "Автор",
    "Ссылка на автора",
    "Текст",
    "Тема",
    "Район",
    "Зарегистрировано",
    "Срок",
    "Вид",
    "Ссылка на карточку",
)
_TERM = timedelta(hours=24)
"""The systems have a term of their own for each card; what it really is nobody tells."""


@dataclass(frozen=True)
class Shower:
    """Shows cards in the system's zone, with links to its own pages below `url`."""

    zone: ZoneInfo
    url: str

    def as_json(self, card: Card) -> dict[str, Any]:
        """The card as the API and the webhook have it."""
        draft = card.draft
        return {
            "number": card.number,
            "network": _network(card),
            "links": list(draft.sources),
            "author": {"name": draft.author, "link": draft.author_link},
            "text": draft.text,
            "topics": [draft.topic] if draft.topic else [],
            "district": draft.district,
            "registered_at": self._local(card.registered_at).isoformat(timespec="seconds"),
            "deadline": self._local(card.registered_at + _TERM).strftime("%d.%m.%Y %H:%M"),
            "visibility": _visibility(card),
            "card_link": self.url,
        }

    def as_rows(self, card: Card) -> list[list[Any]]:
        """The card as lines of an export: one for each source post, the dates as Excel has them."""
        draft = card.draft
        whole = [
            draft.author,
            draft.author_link,
            draft.text,
            draft.topic,
            draft.district,
            self._local(card.registered_at).replace(tzinfo=None, microsecond=0),
            self._local(card.registered_at + _TERM).strftime("%d.%m.%Y %H:%M"),
            _visibility(card),
            self.url,
        ]
        return [[card.number, _network(card), link, *whole] for link in draft.sources or ("",)]

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)


def answer_object(answer: Answer) -> dict[str, Any]:
    """An answer as the API shows it."""
    return {
        "id": answer.key,
        "number": answer.number,
        "answer": answer.text,
        "link": answer.link,
        "answered_at": answer.answered_at,
        "way": answer.way,
        "pictures": list(answer.pictures),
    }


def _visibility(card: Card) -> str:
    return "Личное сообщение" if card.draft.private else "Лента"


def _network(card: Card) -> str:
    return "Одноклассники" if any("ok.ru" in link for link in card.draft.sources) else "ВКонтакте"
