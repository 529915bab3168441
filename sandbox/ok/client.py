"""Acts on a running sandbox of OK from outside: as a citizen, and as whoever looks on."""

from typing import Any

import requests

from sandbox.client import TIMEOUT_SECONDS, SandboxClient
from sandbox.ok.seed import SeedGroup


class SandboxOk(SandboxClient):
    """A thin client: the `/sandbox/` API, and reading as a group's own bot does."""

    def topics(self, group_id: int) -> list[dict[str, Any]]:
        """A group's topics, newest first."""
        found: list[dict[str, Any]] = self.control("GET", f"groups/{group_id}/topics")["topics"]
        return found

    def comment(self, topic_id: int, author_id: int, text: str) -> str:
        """Write a comment as a citizen; returns its id."""
        body = {"topic_id": topic_id, "author_id": author_id, "text": text}
        comment_id: str = self.control("POST", "comments", body)["id"]
        return comment_id

    def comments(self, topic_id: int) -> list[dict[str, Any]]:
        """The comments below a topic that its readers see, oldest first."""
        found: list[dict[str, Any]] = self.control("GET", f"topics/{topic_id}/comments")["comments"]
        return found

    def write(self, group_id: int, user_id: int, text: str) -> str:
        """Write a private message to a group as a citizen; returns the chat's id."""
        body = {"group_id": group_id, "user_id": user_id, "text": text}
        chat_id: str = self.control("POST", "messages", body)["chat_id"]
        return chat_id

    def messages(self, seed: SeedGroup, chat_id: str) -> list[dict[str, Any]]:
        """The messages of a group's chat, newest first."""
        found: list[dict[str, Any]] = self._graph(seed, f"messages/{chat_id}")["messages"]
        return found

    def webhooks(self, seed: SeedGroup) -> list[str]:
        """The addresses that a group's private messages are sent to."""
        return [one["url"] for one in self._graph(seed, "subscriptions")["subscriptions"]]

    def _graph(self, seed: SeedGroup, path: str) -> Any:
        answer = requests.get(
            f"{self.url}/graph/me/{path}",
            params={"access_token": seed.bot_token},
            timeout=TIMEOUT_SECONDS,
        )
        answer.raise_for_status()
        return answer.json()
