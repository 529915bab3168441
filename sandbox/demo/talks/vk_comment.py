"""A comment on the administration's page in VK, as any reader of the wall sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from sandbox.demo.failure import DemoFailed
from sandbox.demo.talks.talk import Shown
from sandbox.demo.talks.vk_reading import read
from sandbox.vk.client import SandboxVk
from sandbox.vk.model import User
from sandbox.vk.seed import ADMINISTRATION

_POST = 1
"""The second newest: about snow and roads."""


@dataclass(frozen=True)
class VkComment:
    """The comment with this id below a post."""

    vk: SandboxVk
    post_id: int
    id: int

    @classmethod
    def write(cls, vk: SandboxVk, author: User, text: str) -> Self:
        """Write it. Raises `DemoFailed` when VK loses it."""
        owner_id = ADMINISTRATION.owner_id
        posts = read(vk, "wall.get", owner_id=owner_id)
        post_id: int = posts["items"][_POST]["id"]
        comment = cls(vk, post_id, vk.comment(owner_id, post_id, author.id, text))
        if comment._thread()["text"] != text:
            raise DemoFailed(f"The comment does not stand at {comment.link}")
        return comment

    @property
    def link(self) -> str:
        """The comment's address."""
        return f"{self.vk.url}/wall{ADMINISTRATION.owner_id}_{self.post_id}?reply={self.id}"

    def answers(self) -> list[Shown]:
        """The community's replies."""
        return [
            Shown(reply["text"])
            for reply in self._thread()["thread"]["items"]
            if reply["from_id"] == ADMINISTRATION.owner_id
        ]

    def _thread(self) -> Mapping[str, Any]:
        """The comment with the replies under it."""
        answer = read(
            self.vk,
            "wall.getComments",
            owner_id=ADMINISTRATION.owner_id,
            post_id=self.post_id,
            count=100,
            thread_items_count=10,
        )
        for item in answer["items"]:
            if item["id"] == self.id:
                return dict(item)
        raise DemoFailed(f"The comment does not stand at {self.link}")
