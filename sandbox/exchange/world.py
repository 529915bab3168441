"""The state of both systems. Whoever reads or changes it holds `lock` meanwhile."""

import threading
from dataclasses import dataclass, field, replace

from sandbox.clock import Clock
from sandbox.control import NoSuchThing
from sandbox.exchange.model import PREFIXES, Answer, Card, CardDraft, System


@dataclass
class _Books:
    cards: dict[str, Card] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    position: int = 0


class ExchangeWorld:
    """Cards and answers by system. `honours_keys`: a repeated key is recognised."""

    def __init__(self, clock: Clock, *, honours_keys: bool, first_number: int) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.version = 0
        """Rises with everything that a page would show."""
        self._honours_keys = honours_keys
        self._first_number = first_number
        self._books = {system: _Books() for system in System}

    def reset(self) -> None:
        """Forget all cards and answers."""
        self._books = {system: _Books() for system in System}
        self.version += 1

    def cards(self, system: System) -> list[Card]:
        """All cards, in the order of their last change."""
        return sorted(self._books[system].cards.values(), key=lambda card: card.position)

    def card(self, system: System, number: str) -> Card:
        """The card. Raises `NoSuchThing`."""
        card = self._books[system].cards.get(number)
        if card is None:
            raise NoSuchThing(f"there is no card {number}")
        return card

    def answers(self, system: System, number: str) -> list[Answer]:
        """The answers to a card, as they came."""
        return [answer for answer in self._books[system].answers if answer.number == number]

    def answer_with(self, system: System, key: str) -> Answer | None:
        """The answer that came with this key."""
        return next((each for each in self._books[system].answers if each.key == key), None)

    def register(self, system: System, draft: CardDraft) -> Card:
        """A new card, numbered and registered now."""
        books = self._books[system]
        number = f"{PREFIXES[system]}-{self._first_number + len(books.cards)}"
        return self._keep(books, Card(number, draft, self.clock(), 0))

    def change(self, system: System, number: str, draft: CardDraft) -> Card:
        """The card with other contents; its registration stays. Raises `NoSuchThing`."""
        card = self.card(system, number)
        return self._keep(self._books[system], replace(card, draft=draft))

    def add_answer(self, system: System, answer: Answer) -> Answer:
        """Keep an answer; one with a known key is kept once where keys are honoured."""
        known = self.answer_with(system, answer.key)
        if known and self._honours_keys:
            return known
        self._books[system].answers.append(answer)
        self.version += 1
        return answer

    def _keep(self, books: _Books, card: Card) -> Card:
        books.position += 1
        kept = replace(card, position=books.position)
        books.cards[card.number] = kept
        self.version += 1
        return kept
