"""The bridge of the demonstration is configured as the project is, with the sandbox as VK."""

from pathlib import Path

import pytest
import yaml

from bridge.office import Office
from sandbox.demo.configuration import Page, bridge_environment, write_configuration
from sandbox.demo.failure import DemoFailed
from sandbox.redmine import RedmineAccess

CONFIG = Path(__file__).parents[4] / "config"
VK = "http://127.0.0.1:8770"
ACCESS = RedmineAccess("http://127.0.0.1:8780", "admin", "robot", "hook")


@pytest.fixture
def pages(tmp_path: Path) -> list[Page]:
    return write_configuration(CONFIG, tmp_path / "config", VK)


def test_every_channel_speaks_to_the_sandbox(pages: list[Page], tmp_path: Path) -> None:
    communities = [each for each in Office.load(tmp_path / "config").channels if each.vk]
    assert {channel.vk_section.api_url for channel in communities} == {f"{VK}/method"}
    assert {channel.vk_section.page_url for channel in communities} == {VK}
    assert {page.channel.key for page in pages} == {channel.key for channel in communities}


def test_every_secret_of_the_channels_is_in_the_environment(
    pages: list[Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in bridge_environment(pages, ACCESS, {}).items():
        monkeypatch.setenv(name, value)
    for page in pages:
        vk = page.channel.vk_section
        assert vk.token.read("token").get_secret_value() == page.community.community_token
        assert vk.callback_section.secret.read("secret").get_secret_value() == page.callback_secret


def test_callback_secrets_are_new_each_time(pages: list[Page], tmp_path: Path) -> None:
    again = write_configuration(CONFIG, tmp_path / "again", VK)
    secrets = {page.callback_secret for page in [*pages, *again]}
    assert len(secrets) == 2 * len(pages)


def test_settings_of_another_bridge_are_not_passed_on(
    pages: list[Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIDGE_STORE_URL", "postgresql://the.city/bridge")
    environment = bridge_environment(pages, ACCESS, {"BRIDGE_PORT": "8790"})
    assert "BRIDGE_STORE_URL" not in environment
    assert environment["BRIDGE_REDMINE_KEY"] == "robot"
    assert environment["BRIDGE_PORT"] == "8790"


def test_channels_without_the_sandboxs_communities_are_explained(tmp_path: Path) -> None:
    source = tmp_path / "city"
    source.mkdir()
    document = yaml.safe_load((CONFIG / "channels.yaml").read_text(encoding="utf-8"))
    document["channels"][0]["vk"]["group_id"] = 77
    (source / "channels.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    with pytest.raises(DemoFailed, match="1001"):
        write_configuration(source, tmp_path / "config", VK)
