"""What is to be fetched for a channel of OK."""

from bridge.channels import ChannelSettings
from bridge.ingest.ok_feed import OkFeedPoller
from bridge.ingest.ok_long_poll import TIMEOUT, OkLongPoll
from bridge.ingest.ok_subscription import OkSubscriptionWatch
from bridge.ingest.port import Poller
from bridge.networks.ok_api import OkGraph, OkRestClient
from bridge.networks.outside import Outside


def pollers(channel: ChannelSettings, outside: Outside) -> tuple[Poller, ...]:
    """The channel's pollers. Raises `SecretMissing`."""
    ok = channel.ok_section
    rest = OkRestClient.of_group(ok)
    chats = _chats(channel, outside)
    if rest is None:
        return (chats,)
    return (chats, OkFeedPoller(channel.key, ok, rest, outside.now))


def _chats(channel: ChannelSettings, outside: Outside) -> Poller:
    """The long poll, or the watch over what OK is to send."""
    ok = channel.ok_section
    if ok.transport == "long_poll" or ok.webhook is None:
        return OkLongPoll(OkGraph.of_group(ok, TIMEOUT))
    return OkSubscriptionWatch(
        channel.key,
        OkGraph.of_group(ok),
        outside.callback_url(channel.network, channel.key),
        ok.webhook.key.read("ok.webhook.key"),
    )
