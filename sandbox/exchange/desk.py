"""What a person at the system does: registers a card, changes it; each goes out at once."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import request

from sandbox.exchange.model import Card, CardDraft, System
from sandbox.exchange.payloads import Shower
from sandbox.exchange.ways import WaysOut
from sandbox.exchange.world import ExchangeWorld


@dataclass(frozen=True)
class Desk:
    """The desk of both systems, within a request to the sandbox: links lead to its own pages."""

    world: ExchangeWorld
    ways: WaysOut
    zone: ZoneInfo

    def register(self, system: System, draft: CardDraft) -> Card:
        """A new card."""
        with self.world.lock:
            card = self.world.register(system, draft)
        self.ways.deliver(system, card, self.shower(system, card))
        return card

    def change(self, system: System, number: str, draft: CardDraft) -> Card:
        """The card with other contents. Raises `NoSuchThing`."""
        with self.world.lock:
            card = self.world.change(system, number, draft)
        self.ways.deliver(system, card, self.shower(system, card))
        return card

    def shower(self, system: System, card: Card) -> Shower:
        """Shows the card with the address of its page."""
        return Shower(self.zone, card_page(system, card.number))


def card_page(system: System, number: str) -> str:
    """The address of a card's page on the server that is being asked."""
    return f"{request.host_url}{system}/cards/{number}"
