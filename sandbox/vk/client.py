"""Acts on a running sandbox from outside: as an administrator, as a citizen, as a troublemaker."""

import time
from typing import Any

import requests

from sandbox.client import TIMEOUT_SECONDS, SandboxClient
from sandbox.vk.callback_servers import API_VERSION
from sandbox.vk.seed import SeedCommunity


class CallRefused(Exception):
    """VK answered a call with an error. Says which, without parameters."""


class CallbackNotConfirmed(Exception):
    """A callback server did not pass the handshake. Says which."""


class SandboxVk(SandboxClient):
    """A thin client: API calls as VK's own clients make them, and the `/sandbox/` API."""

    def call(self, method: str, token: str, **parameters: str | int) -> dict[str, Any]:
        """Call an API method; returns the whole envelope, `response` or `error`."""
        sent = {"access_token": token, "v": API_VERSION, **parameters}
        answer = requests.post(f"{self.url}/method/{method}", data=sent, timeout=TIMEOUT_SECONDS)
        envelope: dict[str, Any] = answer.json()
        return envelope

    def answer(self, method: str, token: str, **parameters: str | int) -> Any:
        """Call an API method; returns its `response`, raises `CallRefused` on an error."""
        envelope = self.call(method, token, **parameters)
        if "error" in envelope:
            error = envelope["error"]
            raise CallRefused(f"{method}: [{error['error_code']}] {error['error_msg']}")
        return envelope["response"]

    def comment(
        self, owner_id: int, post_id: int, from_id: int, text: str, reply_to: int | None = None
    ) -> int:
        """Write a comment as a citizen; returns its id."""
        body = {
            "owner_id": owner_id,
            "post_id": post_id,
            "from_id": from_id,
            "text": text,
            "reply_to_comment": reply_to,
        }
        comment_id: int = self.control("POST", "comments", body)["id"]
        return comment_id

    def write(self, group_id: int, from_id: int, text: str) -> None:
        """Write a private message to a community as a citizen."""
        self.control("POST", "messages", {"group_id": group_id, "from_id": from_id, "text": text})

    def connect(self, seed: SeedCommunity, url: str, secret: str, events: tuple[str, ...]) -> int:
        """Add a callback server with these events on, as an administrator would.

        Returns the server's id; raises `CallbackNotConfirmed` when the handshake fails.
        """
        added = self.answer(
            "groups.addCallbackServer",
            seed.community_token,
            group_id=seed.id,
            url=url,
            title="bridge",
            secret_key=secret,
        )
        server_id: int = added["server_id"]
        self.answer(
            "groups.setCallbackSettings",
            seed.community_token,
            group_id=seed.id,
            server_id=server_id,
            api_version=API_VERSION,
            **dict.fromkeys(events, 1),
        )
        self._await_confirmation(seed, server_id)
        return server_id

    def server_status(self, seed: SeedCommunity, server_id: int) -> str:
        """How the handshake with a callback server went: `wait`, `ok` or `failed`."""
        servers = self.answer(
            "groups.getCallbackServers",
            seed.community_token,
            group_id=seed.id,
            server_ids=server_id,
        )
        status: str = servers["items"][0]["status"]
        return status

    def _await_confirmation(self, seed: SeedCommunity, server_id: int) -> None:
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while (status := self.server_status(seed, server_id)) == "wait":
            if time.monotonic() > deadline:
                break
            # Twenty calls a second are allowed, and others may use the token, too.
            time.sleep(0.1)
        if status != "ok":
            raise CallbackNotConfirmed(
                f"callback server {server_id} of community {seed.id}: {status}"
            )
