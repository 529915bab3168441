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
from bridge.ingest.port import CallbackReader, MessageCompleter, Outside, Parsed, Poller
from bridge.ingest.vk_completion import VkCompleter
from bridge.messages import ChannelCapabilities, Network
from bridge.networks import exchange_check, ok_check, vk_check
from bridge.networks.rate_limit import Pace
from bridge.publish import exchange as exchange_publish
from bridge.publish import ok as ok_publish
from bridge.publish import vk as vk_publish
from bridge.publish.port import Publisher


@dataclass(frozen=True)
class NetworkModule:
    """What a network brings. Every part is made from a channel's settings.

    Makers that need a token raise `SecretMissing` when it is not there.
    """

    callback_reader: Callable[[ChannelSettings], CallbackReader | None]
    """None for a channel that is not sent anything."""
    pollers: Callable[[ChannelSettings, Outside], Sequence[Poller]]
    """What is to be fetched for the channel; the caller keeps the state."""
    parse: Callable[[bytes, ChannelSettings], Parsed]
    completer: Callable[[ChannelSettings, Pace], MessageCompleter]
    """Who fetches what events do not tell of a message."""
    publisher: Callable[[ChannelSettings, Pace], Publisher]
    capabilities: Callable[[ChannelSettings], ChannelCapabilities]
    check: Callable[[ChannelSettings, str], list[Finding]]
    """Probes of the channel; the second argument is the address its callbacks must go to."""


def _exchange(
    capabilities: Callable[[ChannelSettings], ChannelCapabilities],
) -> NetworkModule:
    """A system whose cards come by file or HTTP, in the shape that the configuration says."""
    return NetworkModule(
        callback_reader=PushReader.of_channel,
        pollers=_exchange_pollers,
        parse=exchange_ingest.parse,
        completer=lambda _channel, _pace: AsTold(),
        publisher=lambda channel, _pace: exchange_publish.publisher_of(channel),
        capabilities=capabilities,
        check=exchange_check.check,
    )


def _exchange_pollers(channel: ChannelSettings, _outside: Outside) -> Sequence[Poller]:
    pollers = (FolderPoller.of_channel(channel), PullPoller.of_channel(channel))
    return tuple(poller for poller in pollers if poller)


NETWORKS: Mapping[Network, NetworkModule] = {
    Network.VK: NetworkModule(
        callback_reader=vk_callback.callback_reader,
        pollers=vk_pollers.pollers,
        parse=vk_ingest.parse,
        completer=VkCompleter.of_channel,
        publisher=vk_publish.VkPublisher.of_channel,
        capabilities=vk_publish.capabilities,
        check=vk_check.check,
    ),
    Network.INCIDENT: _exchange(exchange_publish.capabilities_where(self_placement=True)),
    Network.MSS: _exchange(exchange_publish.capabilities_where(self_placement=False)),
    Network.OK: NetworkModule(
        callback_reader=ok_callback.callback_reader,
        pollers=ok_pollers.pollers,
        parse=ok_ingest.parse,
        completer=lambda channel, _pace: NamingCompleter(OkAuthors(channel)),
        publisher=lambda channel, _pace: ok_publish.OkPublisher.of_channel(channel),
        capabilities=ok_publish.capabilities,
        check=ok_check.check,
    ),
}


def module_of(channel: ChannelSettings) -> NetworkModule:
    """The network module of a channel."""
    return NETWORKS[channel.network]
