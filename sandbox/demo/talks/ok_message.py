"""A private message to the administration's group in OK."""

from dataclasses import dataclass
from typing import Self

from bridge.networks import ok_links
from sandbox.demo.talks.talk import Shown
from sandbox.ok.client import SandboxOk
from sandbox.ok.model import User
from sandbox.ok.seed import ADMINISTRATION


@dataclass(frozen=True)
class OkMessage:
    """The chat with whoever wrote."""

    ok: SandboxOk
    chat_id: str

    @classmethod
    def write(cls, ok: SandboxOk, author: User, text: str) -> Self:
        """Write it."""
        return cls(ok, ok.write(ADMINISTRATION.id, author.id, text))

    @property
    def link(self) -> str:
        """The chat's address."""
        return ok_links.chat(self.ok.url, ADMINISTRATION.id, self.chat_id)

    def answers(self) -> list[Shown]:
        """The group's messages."""
        return [
            Shown(message["message"]["text"])
            for message in reversed(self.ok.messages(ADMINISTRATION, self.chat_id))
            if message["sender"]["user_id"] == f"group:{ADMINISTRATION.id}"
        ]
