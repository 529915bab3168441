"""The callback servers that administrators set up for their communities (A1, handshake)."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sandbox.vk.errors import VkError

MAX_SERVERS = 10
API_VERSION = "5.199"


class ServerStatus(StrEnum):
    """What groups.getCallbackServers says of a server."""

    UNCONFIGURED = "unconfigured"
    FAILED = "failed"
    WAIT = "wait"
    OK = "ok"


@dataclass(frozen=True)
class CallbackServer:
    """One server: where events go, signed by which secret, and which of them."""

    id: int
    group_id: int
    url: str
    title: str
    secret_key: str = field(repr=False)
    creator_id: int
    status: ServerStatus = ServerStatus.WAIT
    api_version: str = API_VERSION
    events: frozenset[str] = frozenset()


class CallbackServers:
    """The callback servers and confirmation codes of all communities.

    Used with the world's lock held. When VK changes a confirmation code by itself is not
    documented: here it changes only when `set_confirmation_code` is called.
    """

    def __init__(self, confirmation_codes: Mapping[int, str]) -> None:
        self._first_codes = dict(confirmation_codes)
        self.reset()

    def reset(self) -> None:
        """Forget all servers; the confirmation codes are the first ones again."""
        self._codes = dict(self._first_codes)
        self._servers: dict[int, CallbackServer] = {}
        self._ids = itertools.count(1)

    def confirmation_code(self, group_id: int) -> str:
        """The text that a server must answer the handshake with."""
        return self._codes[group_id]

    def set_confirmation_code(self, group_id: int, code: str) -> None:
        """Change the code for handshakes to come."""
        self._codes[group_id] = code

    def of(self, group_id: int) -> list[CallbackServer]:
        """The community's servers in the order in which they were added."""
        return [server for server in self._servers.values() if server.group_id == group_id]

    def find(self, server_id: int) -> CallbackServer | None:
        """The server, or None once it is deleted."""
        return self._servers.get(server_id)

    def get(self, group_id: int, server_id: int) -> CallbackServer:
        """The community's server; raises error 104 when it has none with this id."""
        server = self.find(server_id)
        if server is None or server.group_id != group_id:
            raise VkError(104)
        return server

    def add(
        self, group_id: int, url: str, title: str, secret_key: str, creator_id: int
    ) -> CallbackServer:
        """Add a server, all its events switched off; raises error 2000 beyond ten servers."""
        if len(self.of(group_id)) >= MAX_SERVERS:
            raise VkError(2000)
        server = CallbackServer(next(self._ids), group_id, url, title, secret_key, creator_id)
        return self.put(server)

    def put(self, server: CallbackServer) -> CallbackServer:
        """Store `server` under its id."""
        self._servers[server.id] = server
        return server

    def delete(self, server_id: int) -> None:
        """Delete the server if it is there."""
        self._servers.pop(server_id, None)

    def set_status(self, server_id: int, status: ServerStatus) -> None:
        """Note how the handshake went, if the server is still there."""
        server = self.find(server_id)
        if server is not None:
            self.put(replace(server, status=status))
