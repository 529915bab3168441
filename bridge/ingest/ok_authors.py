"""Names of OK's users and groups, where an event does not tell them."""

from typing import Any

from bridge.channels import ChannelSettings
from bridge.ingest.storable import storable
from bridge.messages import Author
from bridge.networks import ok_links
from bridge.networks.ok_api import OkFailure, OkRestClient, Timeout

AUTHOR_TIMEOUT: Timeout = (2.0, 3.0)
"""Short: a ticket without a name is better than a ticket that comes late."""


class OkAuthors:
    """Looks authors up in the session of the group's administrator. Keep one per worker."""

    def __init__(self, channel: ChannelSettings) -> None:
        ok = channel.ok_section
        self._page_url = ok.page_url
        self._rest = OkRestClient.of_group(ok, AUTHOR_TIMEOUT)

    def find(self, external_id: str) -> Author:
        """The author, without a name when OK does not tell it in time, or may not be asked."""
        try:
            name = self._name(external_id)
        except OkFailure:
            name = ""
        return Author(external_id, name, ok_links.profile(self._page_url, external_id))

    def _name(self, external_id: str) -> str:
        """https://apiok.ru/en/dev/methods/rest/users/users.getInfo and group.getInfo"""
        if self._rest is None:
            return ""
        if external_id.startswith("-"):
            return _first_name(
                self._rest.call("group.getInfo", uids=external_id[1:], fields="NAME")
            )
        return _first_name(self._rest.call("users.getInfo", uids=external_id, fields="NAME"))


def _first_name(answer: Any) -> str:
    first = answer[0] if isinstance(answer, list) and answer else {}
    name = first.get("name") if isinstance(first, dict) else None
    return storable(name).strip()[:200] if isinstance(name, str) else ""
