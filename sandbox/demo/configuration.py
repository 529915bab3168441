"""The bridge's configuration for the demonstration: the project's own, with the sandbox as VK."""

import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bridge.channels import ChannelSettings, ChannelsFile
from bridge.config.document import load_document
from bridge.secrets import SecretReference
from sandbox.demo.failure import DemoFailed
from sandbox.redmine import RedmineAccess
from sandbox.vk.seed import COMMUNITIES, SeedCommunity


@dataclass(frozen=True)
class Page:
    """A community of the sandbox and the channel that serves it."""

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


def write_configuration(source: Path, target: Path, vk_url: str) -> list[Page]:
    """Copy the folder `source` to `target` with VK at `vk_url`; returns the sandbox's pages.

    Channels of other networks are left out: the demonstration has only VK.

    Callback secrets are made at random. Raises `ConfigError` when the configuration is wrong, and
    `DemoFailed` when it knows no page of the sandbox.
    """
    shutil.copytree(source, target)
    channels = target / "channels.yaml"
    document = yaml.safe_load(channels.read_text(encoding="utf-8"))
    document["channels"] = [channel for channel in document["channels"] if "vk" in channel]
    for channel in document["channels"]:
        channel["vk"].update(api_url=f"{vk_url}/method", page_url=vk_url)
    channels.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return _pages(load_document(channels, ChannelsFile).channels)


def bridge_environment(
    pages: list[Page], access: RedmineAccess, settings: Mapping[str, str]
) -> dict[str, str]:
    """The environment of the bridge's processes: `settings`, secrets, nothing of another bridge."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("BRIDGE_") or name == "BRIDGE_DEMO"
    }
    tokens = {name: value for page in pages for name, value in page.secrets().items()}
    helpdesk = {
        "BRIDGE_REDMINE_URL": access.url,
        "BRIDGE_REDMINE_KEY": access.robot_key,
        "BRIDGE_REDMINE_WEBHOOK_SECRET": access.webhook_secret,
    }
    return inherited | tokens | helpdesk | dict(settings)


def _pages(channels: tuple[ChannelSettings, ...]) -> list[Page]:
    by_group = {channel.vk.group_id: channel for channel in channels if channel.vk}
    pages = [
        Page(seed, by_group[seed.id], secrets.token_hex(16))
        for seed in COMMUNITIES
        if seed.id in by_group
    ]
    if len(pages) < len(COMMUNITIES):
        wanted = ", ".join(str(seed.id) for seed in COMMUNITIES)
        raise DemoFailed(
            f"config/channels.yaml: the demonstration needs channels with vk.group_id {wanted}, "
            "the sandbox's communities, as the file had them at first"
        )
    return pages


def _variable(reference: SecretReference | None) -> str:
    if reference is None or reference.env is None:
        raise DemoFailed(
            "config/channels.yaml: the demonstration needs every secret as {env: NAME}, "
            "read_token too, as the file had them at first"
        )
    return reference.env
