"""How cards leave a system and answers come back, besides its API: a webhook, folders."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import requests
from pydantic import Field

from sandbox.control import ControlRequest
from sandbox.exchange.answer_files import take_answers
from sandbox.exchange.exports import ExportForm, write_export
from sandbox.exchange.model import Card, System
from sandbox.exchange.payloads import Shower
from sandbox.exchange.world import ExchangeWorld

_TIMEOUT_SECONDS = 10


class Hook(ControlRequest):
    """Where cards are pushed to, and what signs them."""

    url: str = Field(min_length=1)
    secret: str = Field(min_length=1)


class Folders(ControlRequest):
    """Where exports are put and answers are fetched from."""

    cards: Path
    answers: Path
    form: ExportForm = ExportForm.XLSX


class Ways(ControlRequest):
    """The ways of one system; what is absent is not used."""

    hook: Hook | None = None
    folders: Folders | None = None


@dataclass(frozen=True)
class Delivery:
    """How a card went out: `outcome` is an HTTP status, an error's name or a file's name."""

    at: datetime
    number: str
    outcome: str


class WaysOut:
    """Sends cards by the ways that are set up, and looks for answers in folders."""

    def __init__(self, world: ExchangeWorld) -> None:
        self._world = world
        self._ways = {system: Ways() for system in System}
        self.deliveries: dict[System, list[Delivery]] = {system: [] for system in System}

    def reset(self) -> None:
        """Forget the ways and what went out by them."""
        self._ways = {system: Ways() for system in System}
        self.deliveries = {system: [] for system in System}

    def set(self, system: System, ways: Ways) -> None:
        """Use these ways from now on."""
        self._ways[system] = ways

    def deliver(self, system: System, card: Card, shower: Shower) -> None:
        """Send one card by each way."""
        ways = self._ways[system]
        if ways.hook:
            self.push(system, [card], [shower])
        if ways.folders:
            self.export(system, f"{card.number}-{card.position}", [card], [shower])

    def push(self, system: System, cards: list[Card], showers: list[Shower]) -> int:
        """Send cards in one signed body; the HTTP status, 0 when no answer came."""
        hook = self._ways[system].hook
        if hook is None:
            return 0
        shown = [shower.as_json(card) for card, shower in zip(cards, showers, strict=True)]
        status, outcome = self._post(hook, shown[0] if len(shown) == 1 else {"cards": shown})
        self._note(system, cards, outcome)
        return status

    def export(
        self, system: System, name: str, cards: list[Card], showers: list[Shower]
    ) -> Path | None:
        """Put cards into the folder as one file; None without a folder."""
        folders = self._ways[system].folders
        if folders is None:
            return None
        both = list(zip(cards, showers, strict=True))
        rows = [shower.as_rows(card) for card, shower in both]
        objects = [shower.as_json(card) for card, shower in both]
        path = write_export(folders.cards, name, folders.form, rows, objects)
        self._note(system, cards, path.name)
        return path

    def look_for_answers(self, system: System) -> None:
        """Take in the answers that lie in the folder."""
        folders = self._ways[system].folders
        if folders:
            for answer in take_answers(folders.answers):
                self._world.add_answer(system, answer)

    def _post(self, hook: Hook, document: Any) -> tuple[int, str]:
        body = json.dumps(document, ensure_ascii=False).encode()
        timestamp = str(int(self._world.clock().timestamp()))
        signed = hmac.new(hook.secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
        headers = {
            "Content-Type": "application/json",
            "X-Timestamp": timestamp,
            "X-Signature-256": f"sha256={signed.hexdigest()}",
        }
        with requests.Session() as session:
            # A proxy of the environment must not see what is sent to a local server.
            session.trust_env = False
            try:
                answer = session.post(hook.url, body, headers=headers, timeout=_TIMEOUT_SECONDS)
            except requests.RequestException as error:
                return 0, type(error).__name__
        return answer.status_code, str(answer.status_code)

    def _note(self, system: System, cards: list[Card], outcome: str) -> None:
        at = self._world.clock()
        self.deliveries[system].extend(Delivery(at, card.number, outcome) for card in cards)
        self._world.version += 1
