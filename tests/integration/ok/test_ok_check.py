"""The probes of an OK channel name what is wrong with it, and how to mend it."""

from typing import Any

import pytest

from bridge.channels import ChannelSettings
from bridge.findings import Finding, State
from bridge.networks.ok_check import check
from bridge.publish.ok import ADD_COMMENT
from sandbox.ok.seed import ADMINISTRATION, HEAD

CALLBACK = "https://bridge.example/hooks/ok/ok-administration"


@pytest.fixture(autouse=True)
def subscribed(ok: Any) -> None:
    """OK sends to the bridge, as the watch has arranged."""
    ok.sandbox.subscriptions.add(ADMINISTRATION.id, f"{CALLBACK}/webhook-key")


def troubles(findings: list[Finding]) -> list[Finding]:
    for finding in findings:
        assert finding.text.endswith(".")
        assert bool(finding.remedy) == (finding.state is not State.OK), finding
        assert "webhook-key" not in finding.text + finding.remedy
    return [finding for finding in findings if finding.state is not State.OK]


def test_channel_that_is_set_up_right_has_no_trouble(channel: ChannelSettings) -> None:
    findings = check(channel, CALLBACK)

    assert troubles(findings) == []
    assert {finding.name for finding in findings} == {
        f"ok-administration: {name}"
        for name in ("ключ группы", "подписка", "чтение ленты", "ответы в ленте")
    }


def test_check_changes_nothing(ok: Any, channel: ChannelSettings) -> None:
    check(channel, CALLBACK)

    assert {call["method"] for call in ok.calls()} == {
        "GET me/info",
        "GET me/subscriptions",
        "group.getStatTopics",
        "users.getCallsLeft",
    }


@pytest.mark.parametrize("name", ["TEST_OK_TOKEN", "TEST_OK_WEBHOOK_KEY", "TEST_OK_SESSION"])
def test_missing_secret_is_named(
    channel: ChannelSettings, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delenv(name)

    (trouble,) = troubles(check(channel, CALLBACK))

    assert trouble.state is State.FAIL
    assert name in trouble.text


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "error", "code": 103}, "код 103"),
        ({"kind": "drop_before_processing"}, "Нет связи"),
    ],
)
def test_unusable_token_is_the_only_trouble_reported(
    ok: Any, channel: ChannelSettings, fault: dict[str, Any], words: str
) -> None:
    ok.fail("GET me/info", **fault)

    (trouble,) = troubles(check(channel, CALLBACK))

    assert trouble.state is State.FAIL
    assert words in trouble.text


def test_key_of_another_group_is_found(
    channel: ChannelSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_OK_TOKEN", HEAD.bot_token)

    (trouble,) = troubles(check(channel, CALLBACK))

    assert str(HEAD.id) in trouble.text


def test_missing_subscription_is_warned_about(ok: Any, channel: ChannelSettings) -> None:
    ok.sandbox.subscriptions.reset()

    (trouble,) = troubles(check(channel, CALLBACK))

    assert (trouble.state, trouble.name) == (State.WARN, "ok-administration: подписка")


def test_session_that_reads_nothing_is_found(
    channel: ChannelSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_OK_SESSION", HEAD.access_token)

    (trouble,) = troubles(check(channel, CALLBACK))

    assert (trouble.state, trouble.name) == (State.FAIL, "ok-administration: чтение ленты")
    assert "код 50" in trouble.text


def test_closed_method_for_answers_is_warned_about(ok: Any, channel: ChannelSettings) -> None:
    ok.close_method(ADD_COMMENT)

    (trouble,) = troubles(check(channel, CALLBACK))

    assert (trouble.state, trouble.name) == (State.WARN, "ok-administration: ответы в ленте")
    assert "comments: false" in trouble.remedy


def test_answers_that_are_switched_off_are_no_trouble(ok: Any, channel: ChannelSettings) -> None:
    ok.close_method(ADD_COMMENT)
    silent = channel.ok_section.model_copy(update={"comments": False})

    assert troubles(check(channel.model_copy(update={"ok": silent}), CALLBACK)) == []


def test_channel_without_a_session_is_warned_about(channel: ChannelSettings) -> None:
    blind = channel.ok_section.model_copy(update={"rest": None})

    (trouble,) = troubles(check(channel.model_copy(update={"ok": blind}), CALLBACK))

    assert trouble.state is State.WARN
