"""A private message to the administration's page in VK."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from sandbox.demo.talks.talk import Shown
from sandbox.demo.talks.vk_reading import read
from sandbox.vk.client import SandboxVk
from sandbox.vk.model import User
from sandbox.vk.seed import ADMINISTRATION


@dataclass(frozen=True)
class VkMessage:
    """The dialog with this person."""

    vk: SandboxVk
    person: User

    @classmethod
    def write(cls, vk: SandboxVk, author: User, text: str) -> Self:
        """Write it."""
        vk.write(ADMINISTRATION.id, author.id, text)
        return cls(vk, author)

    @property
    def link(self) -> str:
        """The dialog's address."""
        return f"{self.vk.url}/gim{ADMINISTRATION.id}?sel={self.person.id}"

    def answers(self) -> list[Shown]:
        """The community's messages."""
        history = read(
            self.vk,
            "messages.getHistory",
            group_id=ADMINISTRATION.id,
            user_id=self.person.id,
            rev=1,
        )
        return [
            Shown(message["text"], tuple(_photos(message["attachments"])))
            for message in history["items"]
            if message["out"]
        ]


def _photos(attachments: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The addresses of the photos in their largest size."""
    for attachment in attachments:
        if attachment["type"] == "photo":
            yield max(attachment["photo"]["sizes"], key=lambda size: size["width"])["url"]
