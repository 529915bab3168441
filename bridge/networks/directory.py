"""The networks as one worker uses them: what needs a connection or a token is made once."""

from functools import cache

import structlog

from bridge.channels import Channels, ChannelSettings
from bridge.ingest.as_told import AsTold
from bridge.ingest.port import MessageCompleter, Parsed
from bridge.messages import Capabilities, Visibility
from bridge.networks.outside import Outside
from bridge.networks.registry import module_of
from bridge.publish.port import Publisher, PublishError, Remedy
from bridge.secrets import SecretMissing

log = structlog.get_logger()


class NetworkDirectory:
    """Makes and keeps each channel's parts. One per worker."""

    def __init__(self, channels: Channels, outside: Outside) -> None:
        self._channels = channels
        self._outside = outside
        self._completers = cache(self._make_completer)
        self._publishers = cache(self._make_publisher)

    def parse(self, body: bytes, channel: ChannelSettings) -> Parsed:
        """Read an event's body."""
        return module_of(channel).parse(body, channel)

    def capabilities(self, channel: ChannelSettings, visibility: Visibility) -> Capabilities:
        """What the channel can do for messages of this visibility."""
        return module_of(channel).capabilities(channel).by_visibility[visibility]

    def title(self, channel: str) -> str:
        """How staff call the channel; of one that is no longer configured, its key."""
        return self._channels[channel].title if channel in self._channels else channel

    def is_told_where(self, channel: str, visibility: Visibility) -> bool:
        """Whether an answer is entered there with a link to where it stands on a page."""
        if channel not in self._channels:
            return False
        return self.capabilities(self._channels[channel], visibility).is_told_where

    def pictures_limit(self, channel: str, visibility: Visibility) -> int:
        """How many pictures an answer takes there; 0 where it takes none."""
        if channel not in self._channels:
            return 0
        able = self.capabilities(self._channels[channel], visibility)
        return able.pictures_limit if able.photos else 0

    def completer(self, channel: ChannelSettings) -> MessageCompleter:
        """Who fetches what the channel's events do not tell."""
        return self._completers(channel.key)

    def can_retract(self, channel: str, visibility: Visibility) -> bool:
        """Whether an answer that stands there can be taken away again."""
        if channel not in self._channels:
            return False
        return self.capabilities(self._channels[channel], visibility).retract

    def of(self, channel: str) -> Publisher:
        """The channel's publisher. Raises `PublishError` when its token is missing."""
        try:
            return self._publishers(channel)
        except SecretMissing as error:
            raise PublishError(
                Remedy.CHANNEL_DOWN,
                "no_token",
                "У канала нет ключа доступа. Администратору: bridge check скажет, какого.",
            ) from error

    def _make_completer(self, channel: str) -> MessageCompleter:
        settings = self._channels[channel]
        try:
            return module_of(settings).completer(settings, self._outside)
        except SecretMissing as error:
            log.error("messages cannot be completed", channel=channel, why=str(error))
            return AsTold()  # a ticket without a name beats no ticket

    def _make_publisher(self, channel: str) -> Publisher:
        settings = self._channels[channel]
        return module_of(settings).publisher(settings, self._outside)
