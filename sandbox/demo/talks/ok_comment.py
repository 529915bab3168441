"""A comment below a topic of the administration's group in OK, as its readers see it."""

from dataclasses import dataclass
from typing import Self

from bridge.networks import ok_links
from sandbox.demo.talks.talk import Shown
from sandbox.ok.client import SandboxOk
from sandbox.ok.model import User
from sandbox.ok.seed import ADMINISTRATION


@dataclass(frozen=True)
class OkComment:
    """The comment with this id below a topic."""

    ok: SandboxOk
    topic_id: int
    id: str

    @classmethod
    def write(cls, ok: SandboxOk, author: User, text: str) -> Self:
        """Write it below the newest topic."""
        topic_id: int = ok.topics(ADMINISTRATION.id)[0]["id"]
        return cls(ok, topic_id, ok.comment(topic_id, author.id, text))

    @property
    def link(self) -> str:
        """The comment's address."""
        return ok_links.comment(self.ok.url, ADMINISTRATION.id, str(self.topic_id), self.id)

    def answers(self) -> list[Shown]:
        """The group's replies to the comment."""
        return [
            Shown(comment["text"])
            for comment in self.ok.comments(self.topic_id)
            if comment["author_id"] == str(ADMINISTRATION.id)
            and comment.get("reply_to_comment_id") == self.id
        ]
