"""Names of VK's users and communities, which its events do not tell."""

from typing import Any

from bridge.channels import ChannelSettings
from bridge.ingest.storable import storable
from bridge.messages import Author
from bridge.networks import vk_links
from bridge.networks.vk_api import Timeout, VkClient, VkFailure

AUTHOR_TIMEOUT: Timeout = (2.0, 3.0)
"""Short: a ticket without a name is better than a ticket that comes late."""


class VkAuthors:
    """Looks authors up with the community's token. Keep one per worker."""

    def __init__(self, channel: ChannelSettings, client: VkClient | None = None) -> None:
        vk = channel.vk_section
        self._page_url = vk.page_url
        self._client = client or VkClient.of_community(vk, AUTHOR_TIMEOUT)

    def find(self, external_id: str) -> Author:
        """The author, without a name when VK does not tell it in time."""
        author_id = int(external_id)
        link = vk_links.profile(self._page_url, author_id)
        try:
            name = self._user(author_id) if author_id > 0 else self._community(-author_id)
        except VkFailure:
            name = ""
        return Author(external_id=external_id, name=name, link=link)

    def _user(self, user_id: int) -> str:
        user = _first(self._client.call("users.get", user_ids=user_id))
        return " ".join(filter(None, (_text(user, "first_name"), _text(user, "last_name"))))

    def _community(self, group_id: int) -> str:
        answer = self._client.call("groups.getById", group_id=group_id)
        # 5.199 wraps the list in an object, earlier versions do not.
        groups = answer.get("groups") if isinstance(answer, dict) else answer
        return _text(_first(groups), "name")


def _first(items: Any) -> dict[str, Any]:
    first = items[0] if isinstance(items, list) and items else {}
    return first if isinstance(first, dict) else {}


def _text(fields: dict[str, Any], key: str) -> str:
    value = fields.get(key)
    return storable(value).strip() if isinstance(value, str) else ""
