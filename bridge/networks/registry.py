"""The networks the bridge speaks to: one line each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bridge.channels import ChannelSettings
from bridge.findings import Finding
from bridge.ingest import exchange as exchange_ingest
from bridge.ingest import ok as ok_ingest
from bridge.ingest import ok_callback, ok_pollers, vk_callback, vk_pollers
from bridge.ingest import vk as vk_ingest
from bridge.ingest.as_told import AsTold
from bridge.ingest.exchange_folder import FolderPoller
from bridge.ingest.exchange_pull import PullPoller
from bridge.ingest.exchange_push import PushReader
from bridge.ingest.naming import NamingCompleter
from bridge.ingest.ok_authors import OkAuthors
from bridge.ingest.port import CallbackReader, MessageCompleter, Parsed, Poller
from bridge.ingest.vk_completion import VkCompleter
from bridge.messages import ChannelCapabilities, Network
from bridge.networks import exchange_check, ok_check, vk_check
from bridge.networks.outside import Outside
from bridge.publish import exchange as exchange_publish
from bridge.publish import ok as ok_publish
from bridge.publish import vk as vk_publish
from bridge.publish.port import Publisher


@dataclass(frozen=True)
class NetworkModule:
    """What a network brings. Every part is made from a channel's settings and what it may know of
    the world.

    Makers that need a token raise `SecretMissing` when it is not there.
    """

    callback_reader: Callable[[ChannelSettings], CallbackReader | None]
    """None for a channel that is not sent anything."""
    pollers: Callable[[ChannelSettings, Outside], Sequence[Poller]]
    """What is to be fetched for the channel; the caller keeps the state."""
    parse: Callable[[bytes, ChannelSettings], Parsed]
    completer: Callable[[ChannelSettings, Outside], MessageCompleter]
    """Who fetches what events do not tell of a message."""
    publisher: Callable[[ChannelSettings, Outside], Publisher]
    capabilities: Callable[[ChannelSettings], ChannelCapabilities]
    check: Callable[[ChannelSettings, Outside], list[Finding]]
    """Probes of the channel, for `bridge check`."""


def _exchange(
    capabilities: Callable[[ChannelSettings], ChannelCapabilities],
) -> NetworkModule:
    """A system whose cards come by file or HTTP, in the shape that the configuration says."""
    return NetworkModule(
        callback_reader=PushReader.of_channel,
        pollers=_exchange_pollers,
        parse=exchange_ingest.parse,
        completer=lambda _channel, _outside: AsTold(),
        publisher=exchange_publish.publisher_of,
        capabilities=capabilities,
        check=lambda channel, outside: exchange_check.check(
            channel, _callback_url(channel, outside), outside.data
        ),
    )


def _exchange_pollers(channel: ChannelSettings, outside: Outside) -> Sequence[Poller]:
    pollers = (FolderPoller.of_channel(channel, outside.data), PullPoller.of_channel(channel))
    return tuple(poller for poller in pollers if poller)


def _callback_url(channel: ChannelSettings, outside: Outside) -> str:
    return outside.callback_url(channel.network, channel.key)


NETWORKS: Mapping[Network, NetworkModule] = {
    Network.VK: NetworkModule(
        callback_reader=vk_callback.callback_reader,
        pollers=vk_pollers.pollers,
        parse=vk_ingest.parse,
        completer=lambda channel, outside: VkCompleter.of_channel(channel, outside.pace),
        publisher=lambda channel, outside: vk_publish.VkPublisher.of_channel(channel, outside.pace),
        capabilities=vk_publish.capabilities,
        check=lambda channel, outside: vk_check.check(channel, _callback_url(channel, outside)),
    ),
    Network.INCIDENT: _exchange(exchange_publish.capabilities_where(self_placement=True)),
    Network.MSS: _exchange(exchange_publish.capabilities_where(self_placement=False)),
    Network.OK: NetworkModule(
        callback_reader=ok_callback.callback_reader,
        pollers=ok_pollers.pollers,
        parse=ok_ingest.parse,
        completer=lambda channel, _outside: NamingCompleter(OkAuthors(channel)),
        publisher=lambda channel, _outside: ok_publish.OkPublisher.of_channel(channel),
        capabilities=ok_publish.capabilities,
        check=lambda channel, outside: ok_check.check(channel, _callback_url(channel, outside)),
    ),
}


def module_of(channel: ChannelSettings) -> NetworkModule:
    """The network module of a channel."""
    return NETWORKS[channel.network]
