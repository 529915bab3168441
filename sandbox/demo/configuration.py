"""The bridge's configuration for the demonstration: the project's own, led to the sandbox."""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from bridge.channels import ChannelsFile
from bridge.config.document import load_document
from sandbox.demo.connections import Connections, card_systems, ok_groups, vk_pages
from sandbox.redmine import RedmineAccess

_LOOK_SECONDS = 1
"""Between two looks at what sends nothing: shorter than usual, somebody is watching."""

Section = dict[str, Any]


@dataclass(frozen=True)
class Servers:
    """Where the sandbox answers. Channels of what is empty are left out."""

    vk: str
    ok: str = ""
    exchange: str = ""

    def of(self, network: str) -> str:
        """The server of a network or system; empty when there is none."""
        urls = {"vk": self.vk, "ok": self.ok, "incident": self.exchange, "mss": self.exchange}
        return urls.get(network, "")

    @property
    def source_hosts(self) -> dict[str, list[str]]:
        """For cards that name posts of these servers."""
        hosts = {"vk": self.vk, "ok": self.ok}
        return {name: [urlsplit(url).netloc] for name, url in hosts.items() if url}


def write_configuration(source: Path, target: Path, servers: Servers) -> Connections:
    """Copy the folder `source` to `target` with its channels led to the sandbox.

    Secrets are made at random. Raises `ConfigError` when the configuration is wrong, and
    `DemoFailed` when it lacks a page of the sandbox.
    """
    shutil.copytree(source, target)
    path = target / "channels.yaml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    document["channels"] = [each for each in document["channels"] if _led(each, servers)]
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    channels = load_document(path, ChannelsFile).channels
    return Connections(
        pages=vk_pages(channels),
        groups=ok_groups(channels) if servers.ok else (),
        systems=card_systems(channels) if servers.exchange else (),
    )


def bridge_environment(
    connections: Connections, access: RedmineAccess, settings: Mapping[str, str]
) -> dict[str, str]:
    """The environment of the bridge's processes: `settings`, secrets, nothing of another bridge."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("BRIDGE_") or name == "BRIDGE_DEMO"
    }
    helpdesk = {
        "BRIDGE_REDMINE_URL": access.url,
        "BRIDGE_REDMINE_KEY": access.robot_key,
        "BRIDGE_REDMINE_WEBHOOK_SECRET": access.webhook_secret,
    }
    return inherited | connections.secrets() | helpdesk | dict(settings)


def _led(channel: Section, servers: Servers) -> bool:
    """Lead the channel to its server; False when there is none."""
    network = channel["network"]
    if not servers.of(network):
        return False
    _LEADERS[network](channel, servers)
    return True


def _lead_vk(channel: Section, servers: Servers) -> None:
    channel["vk"].update(api_url=f"{servers.vk}/method", page_url=servers.vk)


def _lead_ok(channel: Section, servers: Servers) -> None:
    ok = channel["ok"]
    ok.update(
        graph_url=f"{servers.ok}/graph",
        rest_url=f"{servers.ok}/fb.do",
        oauth_url=f"{servers.ok}/oauth/token.do",
        page_url=servers.ok,
        feed={"pause_seconds": _LOOK_SECONDS, "backfill_hours": 1},
        webhook={**ok.get("webhook", {}), "networks": ["127.0.0.0/8"]},
    )


def _lead_incident(channel: Section, servers: Servers) -> None:
    """Exports in a folder, and answers as files."""
    channel["exchange"].update(
        source_hosts=servers.source_hosts,
        files={"folder": "exchange/incident/cards", "pause": _LOOK_SECONDS},
        answers={"files": {"folder": "exchange/incident/answers"}},
    )


def _lead_mss(channel: Section, servers: Servers) -> None:
    """A webhook, and answers over HTTP."""
    api = f"{servers.exchange}/api/mss"
    channel["exchange"].pop("files", None)
    channel["exchange"].update(
        source_hosts=servers.source_hosts,
        push={"secret": {"env": "BRIDGE_MSS_PUSH_SECRET"}},
        answers={
            "http": {
                "url": f"{api}/cards/{{number}}/answers",
                "status_url": f"{api}/answers/{{key}}",
                "token": {"env": "BRIDGE_MSS_TOKEN"},
            }
        },
    )


_LEADERS: Mapping[str, Callable[[Section, Servers], None]] = {
    "vk": _lead_vk,
    "ok": _lead_ok,
    "incident": _lead_incident,
    "mss": _lead_mss,
}
