"""The channels of an installation: `config/channels.yaml`, read and checked."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Self

from pydantic import Field, model_validator

from bridge.config.document import ConfigError, ConfigModel, load_document
from bridge.messages import Network, Visibility
from bridge.networks.exchange_settings import ExchangeSettings
from bridge.networks.ok_settings import LONGEST_COMMENT, OkSettings
from bridge.networks.vk_settings import VkSettings


class PolicyKeys(ConfigModel):
    """Which SLA policy of `config/sla.yaml` rules messages of the feed and direct ones."""

    feed: str
    """Of public comments and posts (clause 1.2.3)."""
    direct: str
    """Of private messages (clause 1.2.4)."""

    def of(self, visibility: Visibility) -> str:
        """The policy's key for messages of this visibility."""
        return self.feed if visibility is Visibility.FEED else self.direct


class AnswerLimits(ConfigModel):
    """The longest answer in characters.

    VK documents 9,000 for `messages.send` and nothing for comments; 4,000 is a cautious choice. OK
    documents 3,000 for an edited comment and nothing for messages.
    """

    feed: int = Field(default=4000, ge=100, le=20000)
    """Characters of an answer in the feed, with greeting and signature."""
    direct: int = Field(default=9000, ge=100, le=20000)
    """Characters of an answer to a private message, with greeting and signature."""

    def of(self, visibility: Visibility) -> int:
        """The limit for answers of this visibility."""
        return self.feed if visibility is Visibility.FEED else self.direct


class ChannelSettings(ConfigModel):
    """One page of the city in one network: feed and direct messages."""

    key: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)
    """Short name in addresses, logs and commands; never changed, for stored rows carry it."""
    network: Network
    """The system of clause 1.1 that the page belongs to; it needs the section of that network."""
    title: str = Field(min_length=1, max_length=100)
    """What staff call the channel: shown in the ticket."""
    policy: PolicyKeys
    """Which deadlines hold for its messages."""
    signature: str = ""
    """Put below each answer; may have several lines; empty: none."""
    limits: AnswerLimits = AnswerLimits()
    """The longest answers; a longer one goes out in parts."""
    join_seconds: int = Field(default=120, ge=0, le=3600)
    """How long after a direct message further ones of the same person are taken for its
    continuation; 0: never."""
    keys_expire: date | None = None
    """The last day of the channel's keys, if they were given with an end: `bridge check` and the
    page of the channels warn two weeks before. No network tells it."""
    vk: VkSettings | None = None
    """How the community is reached, where `network` is `vk`."""
    exchange: ExchangeSettings | None = None
    """How a system without an API of its own is reached: Incident Management, the MSS module."""
    ok: OkSettings | None = None
    """How the group is reached, where `network` is `ok`."""

    @model_validator(mode="after")
    def _has_the_section_of_its_network(self) -> Self:
        section = _SECTIONS.get(self.network)
        if section and getattr(self, section) is None:
            raise ValueError(
                f"channel {self.key}: network {self.network} needs a section `{section}:`"
            )
        return self

    @model_validator(mode="after")
    def _keeps_to_the_longest_comment(self) -> Self:
        if self.network is Network.OK and self.limits.feed > LONGEST_COMMENT:
            raise ValueError(
                f"channel {self.key}: limits.feed must be at most {LONGEST_COMMENT}: "
                "longer comments OK does not take"
            )
        return self

    @property
    def vk_section(self) -> VkSettings:
        """The `vk` section of a channel whose network is VK."""
        if self.vk is None:
            raise ConfigError(f"channel {self.key}: has no section `vk:`, its network is not VK")
        return self.vk

    @property
    def exchange_section(self) -> ExchangeSettings:
        """The `exchange` section of a channel whose network is a system with cards."""
        if self.exchange is None:
            raise ConfigError(f"channel {self.key}: has no section `exchange:`")
        return self.exchange

    @property
    def ok_section(self) -> OkSettings:
        """The `ok` section of a channel whose network is OK."""
        if self.ok is None:
            raise ConfigError(f"channel {self.key}: has no section `ok:`, its network is not OK")
        return self.ok


_SECTIONS: Final[Mapping[Network, str]] = {
    Network.VK: "vk",
    Network.OK: "ok",
    Network.INCIDENT: "exchange",
    Network.MSS: "exchange",
}
"""The section that a channel of each network must have."""


class ChannelsFile(ConfigModel):
    """The contents of `config/channels.yaml`."""

    channels: tuple[ChannelSettings, ...] = Field(min_length=1)
    """The city's pages and systems; keys, groups and folders are each given once."""

    @model_validator(mode="after")
    def _is_unambiguous(self) -> Self:
        _refuse_doubles("key", [channel.key for channel in self.channels])
        groups = [channel.vk.group_id for channel in self.channels if channel.vk]
        _refuse_doubles("vk.group_id", groups)
        exchanges = [channel.exchange for channel in self.channels if channel.exchange]
        folders = [str(each.files.folder) for each in exchanges if each.files]
        _refuse_doubles("exchange.files.folder", folders)
        ok_groups = [channel.ok.group_id for channel in self.channels if channel.ok]
        _refuse_doubles("ok.group_id", ok_groups)
        return self


@dataclass(frozen=True)
class Channels:
    """The channels by key, in the file's order."""

    settings: tuple[ChannelSettings, ...]

    def __iter__(self) -> Iterator[ChannelSettings]:
        return iter(self.settings)

    def __getitem__(self, key: str) -> ChannelSettings:
        """The channel with this key. Raises `KeyError`."""
        for channel in self.settings:
            if channel.key == key:
                return channel
        raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        return any(channel.key == key for channel in self.settings)


def load_channels(path: Path, policies: Collection[str]) -> Channels:
    """Read the channels; `policies` are the keys of `config/sla.yaml`.

    Raises `ConfigError`, which names the file, the channel, what is wrong and what would be right.
    """
    channels = load_document(path, ChannelsFile).channels
    mistakes = [
        f"{path}: channel {channel.key}: policy.{visibility}: there is no policy "
        f"{channel.policy.of(visibility)!r}; config/sla.yaml has: {', '.join(sorted(policies))}"
        for channel in channels
        for visibility in Visibility
        if channel.policy.of(visibility) not in policies
    ]
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    return Channels(channels)


def _refuse_doubles(name: str, values: Sequence[str] | Sequence[int]) -> None:
    doubles = sorted(str(value) for value, times in Counter(values).items() if times > 1)
    if doubles:
        raise ValueError(f"{name} must be unique, given more than once: {', '.join(doubles)}")
