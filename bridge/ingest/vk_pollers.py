"""What is to be fetched from VK for a community."""

from collections.abc import Sequence

from bridge.channels import ChannelSettings
from bridge.ingest.port import Poller
from bridge.ingest.vk_back_fill import VkDirectBackFill, VkFeedBackFill
from bridge.ingest.vk_long_poll import VkLongPoll
from bridge.networks.outside import Outside
from bridge.networks.vk_clients import VkClients
from bridge.networks.vk_settings import Transport


def pollers(channel: ChannelSettings, outside: Outside) -> Sequence[Poller]:
    """The long poll where VK does not call, and what looks for events that were not told.

    A community's token may read its dialogs, not its wall. Raises `SecretMissing`.
    """
    vk = channel.vk_section
    clients = VkClients.of(vk, outside.pace)
    found: list[Poller] = [VkDirectBackFill(vk.group_id, clients.community)]
    if clients.reader is not None:
        found.append(VkFeedBackFill(vk.group_id, clients.reader))
    if vk.transport is Transport.LONG_POLL:
        found.append(VkLongPoll(vk, clients.community))
    return found
