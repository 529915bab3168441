"""Acts on running systems from outside: as a person at the desk, as a troublemaker."""

from pathlib import Path
from typing import Any

import requests

from sandbox.exchange.exports import ExportForm
from sandbox.exchange.model import System

_TIMEOUT_SECONDS = 30


class SandboxExchange:
    """A thin client of the `/sandbox/` API."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def control(self, verb: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Call `/sandbox/<path>`; raises `requests.HTTPError` when the sandbox refuses."""
        answer = requests.request(
            verb, f"{self.url}/sandbox/{path}", json=body or {}, timeout=_TIMEOUT_SECONDS
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def register(self, system: System, text: str, *sources: str, **fields: Any) -> str:
        """Register a card about these posts; returns its number."""
        body = {"text": text, "sources": list(sources), **fields}
        number: str = self.control("POST", f"{system}/cards", body)["number"]
        return number

    def change(self, system: System, number: str, text: str, *sources: str) -> None:
        """Change a card's text and posts."""
        body = {"text": text, "sources": list(sources)}
        self.control("POST", f"{system}/cards/{number}/edit", body)

    def answers(self, system: System, number: str) -> list[dict[str, Any]]:
        """The answers to a card that the system has, those from its folder included."""
        path = f"{system}/cards/{number}/answers"
        found: list[dict[str, Any]] = self.control("GET", path)["answers"]
        return found

    def push_to(self, system: System, url: str, secret: str) -> None:
        """Have cards sent to this webhook from now on."""
        self.control("PUT", f"{system}/ways", {"hook": {"url": url, "secret": secret}})

    def exchange_files(
        self, system: System, cards: Path, answers: Path, form: ExportForm = ExportForm.XLSX
    ) -> None:
        """Have cards put into a folder and answers taken from another from now on."""
        folders = {"cards": str(cards), "answers": str(answers), "form": form}
        self.control("PUT", f"{system}/ways", {"folders": folders})
