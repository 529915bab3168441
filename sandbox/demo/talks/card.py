"""A card of Incident Management or the MSS module, as people at the system see it."""

from dataclasses import dataclass
from typing import Self

from sandbox.demo.talks.talk import Shown
from sandbox.exchange.client import SandboxExchange
from sandbox.exchange.model import System


@dataclass(frozen=True)
class Card:
    """The card with this number."""

    exchange: SandboxExchange
    system: System
    number: str

    @classmethod
    def register(
        cls, exchange: SandboxExchange, system: System, author: str, text: str, *sources: str
    ) -> Self:
        """Register it; it goes out at once. `sources` are links to posts that it is about."""
        return cls(exchange, system, exchange.register(system, text, *sources, author=author))

    @property
    def link(self) -> str:
        """The card's page."""
        return f"{self.exchange.url}/{self.system}/cards/{self.number}"

    def answers(self) -> list[Shown]:
        """The answers that the system has got."""
        return [
            Shown(answer["answer"], link=answer["link"])
            for answer in self.exchange.answers(self.system, self.number)
        ]
