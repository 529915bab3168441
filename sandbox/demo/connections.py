"""Which channel of the configuration serves which page of the sandbox, and with which secrets."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from bridge.channels import ChannelSettings
from bridge.messages import Network
from bridge.secrets import SecretReference
from sandbox.demo.failure import DemoFailed
from sandbox.exchange.model import TOKENS, System
from sandbox.ok.seed import APPLICATION_KEY, APPLICATION_SECRET, GROUPS, SeedGroup
from sandbox.vk.seed import COMMUNITIES, SeedCommunity


@dataclass(frozen=True)
class Page:
    """A community of the sandbox's VK and the channel that serves it."""

    community: SeedCommunity
    channel: ChannelSettings
    callback_secret: str = field(repr=False)

    def secrets(self) -> dict[str, str]:
        """The environment variables that the channel's configuration refers to."""
        vk = self.channel.vk_section
        return {
            _variable(vk.token): self.community.community_token,
            _variable(vk.read_token): self.community.service_token,
            _variable(vk.callback_section.secret): self.callback_secret,
        }


@dataclass(frozen=True)
class OkGroup:
    """A group of the sandbox's OK and the channel that serves it."""

    seed: SeedGroup
    channel: ChannelSettings
    webhook_key: str = field(repr=False)

    def secrets(self) -> dict[str, str]:
        """The environment variables that the channel's configuration refers to."""
        ok = self.channel.ok_section
        if ok.rest is None or ok.webhook is None:
            raise _not_as_at_first(f"channel {self.channel.key} with ok.rest and ok.webhook")
        return {
            _variable(ok.token): self.seed.bot_token,
            _variable(ok.webhook.key): self.webhook_key,
            _variable(ok.rest.application_key): APPLICATION_KEY,
            _variable(ok.rest.application_secret): APPLICATION_SECRET,
            _variable(ok.rest.access_token): self.seed.access_token,
        }


@dataclass(frozen=True)
class CardSystem:
    """A system with cards and the channel that serves it."""

    system: System
    channel: ChannelSettings
    push_secret: str = field(repr=False)

    def secrets(self) -> dict[str, str]:
        """The environment variables that the channel's configuration refers to."""
        exchange = self.channel.exchange_section
        found: dict[str, str] = {}
        if exchange.push:
            found[_variable(exchange.push.secret)] = self.push_secret
        if exchange.answers.http:
            found[_variable(exchange.answers.http.token)] = TOKENS[self.system]
        return found


@dataclass(frozen=True)
class Connections:
    """Everything of the sandbox that the bridge is connected to."""

    pages: tuple[Page, ...]
    groups: tuple[OkGroup, ...]
    systems: tuple[CardSystem, ...]

    def secrets(self) -> dict[str, str]:
        """The environment variables that the channels' configuration refers to."""
        found: dict[str, str] = {}
        for page in self.pages:
            found |= page.secrets()
        for group in self.groups:
            found |= group.secrets()
        for system in self.systems:
            found |= system.secrets()
        return found

    def system(self, system: System) -> CardSystem:
        """The connection of this system. Raises `KeyError`."""
        return {each.system: each for each in self.systems}[system]


def vk_pages(channels: Iterable[ChannelSettings]) -> tuple[Page, ...]:
    """Every community of the sandbox. Raises `DemoFailed` when one has no channel."""
    by_group = {channel.vk.group_id: channel for channel in channels if channel.vk}
    missing = [seed.id for seed in COMMUNITIES if seed.id not in by_group]
    if missing:
        raise _not_as_at_first(f"channels with vk.group_id {_listed(missing)}")
    return tuple(Page(seed, by_group[seed.id], secrets.token_hex(16)) for seed in COMMUNITIES)


def ok_groups(channels: Iterable[ChannelSettings]) -> tuple[OkGroup, ...]:
    """Every group of the sandbox. Raises `DemoFailed` when one has no channel."""
    by_group = {channel.ok.group_id: channel for channel in channels if channel.ok}
    missing = [seed.id for seed in GROUPS if seed.id not in by_group]
    if missing:
        raise _not_as_at_first(f"channels with ok.group_id {_listed(missing)}")
    return tuple(OkGroup(seed, by_group[seed.id], secrets.token_hex(16)) for seed in GROUPS)


def card_systems(channels: Iterable[ChannelSettings]) -> tuple[CardSystem, ...]:
    """Both systems. Raises `DemoFailed` when one has no channel."""
    by_network = {channel.network: channel for channel in channels if channel.exchange}
    missing = [system for system in System if Network(system) not in by_network]
    if missing:
        raise _not_as_at_first(f"channels of the networks {_listed(missing)}")
    return tuple(
        CardSystem(system, by_network[Network(system)], secrets.token_hex(16)) for system in System
    )


def _listed(numbers: Iterable[object]) -> str:
    return ", ".join(map(str, numbers))


def _not_as_at_first(wanted: str) -> DemoFailed:
    return DemoFailed(
        f"config/channels.yaml: the demonstration needs {wanted}, as the file had them at first"
    )


def _variable(reference: SecretReference | None) -> str:
    if reference is None or reference.env is None:
        raise _not_as_at_first("every secret as {env: NAME}, read_token too")
    return reference.env
