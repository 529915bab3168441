"""Who calls VK's API for a community: several tokens, each of which may what the others may not."""

from dataclasses import dataclass
from typing import Self

from bridge.networks.rate_limit import Pace
from bridge.networks.vk_api import DEFAULT_TIMEOUT, Timeout, VkClient
from bridge.networks.vk_settings import VkSettings


@dataclass(frozen=True)
class VkClients:
    """The community; whoever may read its wall; a person who administers it."""

    community: VkClient
    reader: VkClient | None = None
    person: VkClient | None = None

    @classmethod
    def of(cls, vk: VkSettings, pace: Pace, timeout: Timeout = DEFAULT_TIMEOUT) -> Self:
        """Those that the community has tokens for; a person may read, too.

        Raises `SecretMissing`.
        """
        person = VkClient.of_user(vk, timeout, pace)
        return cls(
            community=VkClient.of_community(vk, timeout, pace),
            reader=VkClient.of_reader(vk, timeout, pace) or person,
            person=person,
        )
