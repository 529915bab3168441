"""The bridge of the demonstration is configured as the project is, led to the sandbox's servers."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bridge.channels import Channels
from bridge.messages import Network
from bridge.office import Office
from bridge.secrets import SecretReference
from sandbox.demo.configuration import Servers, bridge_environment, write_configuration
from sandbox.demo.connections import Connections
from sandbox.demo.failure import DemoFailed
from sandbox.exchange.model import System
from sandbox.redmine import RedmineAccess

CONFIG = Path(__file__).parents[4] / "config"
SERVERS = Servers("http://127.0.0.1:8770", "http://127.0.0.1:8771", "http://127.0.0.1:8772")
ACCESS = RedmineAccess("http://127.0.0.1:8780", "admin", "robot", "hook")


@pytest.fixture
def connections(tmp_path: Path) -> Connections:
    return write_configuration(CONFIG, tmp_path / "config", SERVERS)


@pytest.fixture
def channels(connections: Connections, tmp_path: Path) -> Channels:
    """As the bridge reads them; `connections` has written them."""
    assert connections.pages
    return Office.load(tmp_path / "config").channels


def test_every_channel_speaks_to_the_sandbox(channels: Channels) -> None:
    written = [each.model_dump_json() for each in channels]
    assert len(written) == 6
    assert not any("https://" in channel for channel in written)


def test_every_page_group_and_system_has_its_channel(
    connections: Connections, channels: Channels
) -> None:
    everything = (*connections.pages, *connections.groups, *connections.systems)
    assert {each.channel.key for each in everything} == {channel.key for channel in channels}


def test_one_system_exchanges_files_and_the_other_speaks_http(connections: Connections) -> None:
    incident = connections.system(System.INCIDENT).channel.exchange_section
    mss = connections.system(System.MSS).channel.exchange_section
    assert incident.files
    assert incident.answers.files
    assert not incident.push
    assert mss.push
    assert mss.answers.http
    assert not mss.files


def test_cards_may_name_comments_of_the_sandbox(connections: Connections) -> None:
    for system in connections.systems:
        assert system.channel.exchange_section.link_hosts.vk == ("127.0.0.1:8770",)
        assert system.channel.exchange_section.link_hosts.ok == ("127.0.0.1:8771",)


def test_every_secret_of_the_channels_is_in_the_environment(connections: Connections) -> None:
    environment = bridge_environment(connections, ACCESS, {})
    everything = (*connections.pages, *connections.groups, *connections.systems)
    named = [name for each in everything for name in secret_names(each.channel.model_dump())]
    assert len(named) > len(everything)
    assert all(environment.get(name) for name in named)
    first = connections.pages[0]
    token = first.channel.vk_section.token.env
    assert token
    assert environment[token] == first.community.community_token


def secret_names(part: Any) -> list[str]:
    """The environment variables that a part of the configuration names."""
    if isinstance(part, dict):
        if set(part) == set(SecretReference.model_fields):
            return [str(part["env"])]
        return [name for each in part.values() for name in secret_names(each)]
    return []


def test_secrets_are_new_each_time(connections: Connections, tmp_path: Path) -> None:
    again = write_configuration(CONFIG, tmp_path / "again", SERVERS)
    both = (connections, again)
    secrets = {page.callback_secret for each in both for page in each.pages}
    secrets |= {group.webhook_key for each in both for group in each.groups}
    secrets |= {system.push_secret for each in both for system in each.systems}
    assert len(secrets) == 2 * 6


def test_channels_of_servers_that_are_not_there_are_left_out(tmp_path: Path) -> None:
    connections = write_configuration(CONFIG, tmp_path / "config", Servers(SERVERS.vk))
    assert {each.network for each in Office.load(tmp_path / "config").channels} == {Network.VK}
    assert not connections.groups
    assert not connections.systems


def test_settings_of_another_bridge_are_not_passed_on(
    connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIDGE_STORE_URL", "postgresql://the.city/bridge")
    environment = bridge_environment(connections, ACCESS, {"BRIDGE_PORT": "8790"})
    assert "BRIDGE_STORE_URL" not in environment
    assert environment["BRIDGE_REDMINE_KEY"] == "robot"
    assert environment["BRIDGE_PORT"] == "8790"


@pytest.mark.parametrize(
    ("network", "section", "number"), [("vk", "vk", 1001), ("ok", "ok", 53001001)]
)
def test_channels_without_the_sandboxs_pages_are_explained(
    tmp_path: Path, network: str, section: str, number: int
) -> None:
    source = tmp_path / "city"
    source.mkdir()
    document = yaml.safe_load((CONFIG / "channels.yaml").read_text(encoding="utf-8"))
    first = next(each for each in document["channels"] if each["network"] == network)
    first[section]["group_id"] = 77
    (source / "channels.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    with pytest.raises(DemoFailed, match=rf"{section}\.group_id {number}"):
        write_configuration(source, tmp_path / "config", SERVERS)


def test_a_configuration_without_a_system_is_explained(tmp_path: Path) -> None:
    source = tmp_path / "city"
    source.mkdir()
    document = yaml.safe_load((CONFIG / "channels.yaml").read_text(encoding="utf-8"))
    document["channels"] = [each for each in document["channels"] if each["network"] != "mss"]
    (source / "channels.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    with pytest.raises(DemoFailed, match="mss"):
        write_configuration(source, tmp_path / "config", SERVERS)
