"""The probes of a VK channel name what is wrong with it, and how to mend it."""

from collections.abc import Callable
from typing import Any

import pytest

from bridge.channels import ChannelSettings
from bridge.findings import Finding, State
from bridge.networks.vk_check import NEEDED_EVENTS, check
from bridge.networks.vk_settings import Transport
from sandbox.vk.seed import ADMINISTRATION, HEAD
from tests.integration.vk.conftest import without

Server = Callable[..., None]
SECRET = "shared secret"


@pytest.fixture
def bridge_url(door: Any) -> str:
    """Where this test's callbacks go."""
    url: str = door.url
    return url


@pytest.fixture
def server(set_up_callback: Server, bridge_url: str) -> Server:
    """Sets the callback server up, rightly unless told otherwise."""

    def set_up(secret: str = SECRET, **events: int) -> None:
        set_up_callback(bridge_url, secret, **{**dict.fromkeys(NEEDED_EVENTS, 1), **events})

    return set_up


def troubles(findings: list[Finding]) -> list[Finding]:
    for finding in findings:
        assert finding.text.endswith(".")
        assert bool(finding.remedy) == (finding.state is not State.OK), finding
    return [finding for finding in findings if finding.state is not State.OK]


def test_channel_that_is_set_up_right_has_no_trouble(
    channel: ChannelSettings, server: Server, bridge_url: str
) -> None:
    server()

    findings = check(channel, bridge_url)

    assert troubles(findings) == []
    assert {finding.name for finding in findings} == {
        f"vk-administration: {name}"
        for name in (
            "ключ сообщества",
            "права ключа",
            "сервер Callback API",
            "секретный ключ",
            "события",
            "ключ для чтения",
            "ключ пользователя",
        )
    }


def test_missing_secret_is_named(
    channel: ChannelSettings, bridge_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEST_VK_TOKEN")

    (trouble,) = troubles(check(channel, bridge_url))

    assert trouble.state is State.FAIL
    assert "TEST_VK_TOKEN" in trouble.text


@pytest.mark.parametrize(
    ("method", "fault", "words"),
    [
        ("groups.getById", {"kind": "error", "code": 5}, "код 5"),
        ("groups.getById", {"kind": "drop_before_processing"}, "Нет связи"),
    ],
)
def test_unusable_token_is_the_only_trouble_reported(
    vk: Any,
    channel: ChannelSettings,
    bridge_url: str,
    method: str,
    fault: dict[str, Any],
    words: str,
) -> None:
    vk.fail(method, **fault)

    (trouble,) = troubles(check(channel, bridge_url))

    assert trouble.state is State.FAIL
    assert words in trouble.text


def test_callbacks_that_go_elsewhere_are_found(
    channel: ChannelSettings, server: Server, bridge_url: str
) -> None:
    server()

    (trouble,) = troubles(check(channel, "https://bridge.example/hooks/vk/vk-administration"))

    assert trouble.state is State.FAIL
    assert bridge_url in trouble.text


def test_community_without_a_callback_server_is_found(
    channel: ChannelSettings, bridge_url: str
) -> None:
    (trouble,) = troubles(check(channel, bridge_url))

    assert "не настроен ни один сервер" in trouble.text


@pytest.mark.parametrize(
    ("set_up", "name"),
    [
        ({"secret": "another"}, "секретный ключ"),
        ({"wall_reply_new": 0}, "события"),
    ],
)
def test_wrong_callback_setting_is_found(
    channel: ChannelSettings, server: Server, bridge_url: str, set_up: dict[str, Any], name: str
) -> None:
    server(**set_up)

    (trouble,) = troubles(check(channel, bridge_url))

    assert (trouble.name, trouble.state) == (f"vk-administration: {name}", State.FAIL)


def test_callback_server_that_was_not_confirmed_is_found(
    vk: Any, channel: ChannelSettings, set_up_callback: Server
) -> None:
    nobody = f"{vk.url}/nobody/confirms/here"
    set_up_callback(nobody, SECRET, **dict.fromkeys(NEEDED_EVENTS, 1))

    (trouble,) = troubles(check(channel, nobody))

    assert (trouble.state, trouble.name) == (State.FAIL, "vk-administration: сервер Callback API")


def test_community_token_given_for_reading_is_found(
    channel: ChannelSettings, server: Server, bridge_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server()
    monkeypatch.setenv("TEST_VK_READ_TOKEN", HEAD.community_token)

    (trouble,) = troubles(check(channel, bridge_url))

    assert "Это ключ сообщества" in trouble.text


def test_channel_without_a_token_that_reads_is_warned_about(
    channel: ChannelSettings, server: Server, bridge_url: str
) -> None:
    server()

    (trouble,) = troubles(check(without(channel, "read_token", "user_token"), bridge_url))

    assert trouble.state is State.WARN


@pytest.mark.parametrize("kind", ["photo_comment", "video_comment", "market_comment", "board_post"])
def test_comments_that_are_not_told_of_are_found(
    channel: ChannelSettings, server: Server, bridge_url: str, kind: str
) -> None:
    server(**{f"{kind}_restore": 0})

    (trouble,) = troubles(check(channel, bridge_url))

    assert f"{kind}_restore" in trouble.text


@pytest.mark.parametrize(
    ("token", "words"),
    [(ADMINISTRATION.community_token, "Это ключ сообщества"), (HEAD.admin_token, "код 203")],
)
def test_user_token_that_may_not_act_for_the_community_is_found(
    channel: ChannelSettings,
    server: Server,
    bridge_url: str,
    monkeypatch: pytest.MonkeyPatch,
    token: str,
    words: str,
) -> None:
    server()
    monkeypatch.setenv("TEST_VK_USER_TOKEN", token)

    (trouble,) = troubles(check(channel, bridge_url))

    assert (trouble.name, trouble.state) == ("vk-administration: ключ пользователя", State.FAIL)
    assert words in trouble.text


def test_persons_token_reads_the_wall_where_there_is_no_other(
    channel: ChannelSettings, server: Server, bridge_url: str
) -> None:
    server()

    assert troubles(check(without(channel, "read_token"), bridge_url)) == []


def _polled(channel: ChannelSettings) -> ChannelSettings:
    return without(channel, "callback", transport=Transport.LONG_POLL)


def test_long_poll_that_is_not_enabled_is_found(channel: ChannelSettings) -> None:
    (trouble,) = troubles(check(_polled(channel), ""))

    assert (trouble.name, trouble.state) == ("vk-administration: Long Poll API", State.FAIL)


def test_long_poll_without_some_events_is_found(vk: Any, channel: ChannelSettings) -> None:
    vk.enable_long_poll(*NEEDED_EVENTS[1:])

    (trouble,) = troubles(check(_polled(channel), ""))

    assert NEEDED_EVENTS[0] in trouble.text
    assert "Long Poll API" in trouble.remedy


def test_long_poll_that_is_set_up_right_has_no_trouble(vk: Any, channel: ChannelSettings) -> None:
    vk.enable_long_poll(*NEEDED_EVENTS)

    assert troubles(check(_polled(channel), "")) == []
