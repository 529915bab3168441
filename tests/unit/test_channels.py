"""`config/channels.yaml`: mistakes are named with their place and what would be right."""

from pathlib import Path

import pytest

from bridge.channels import Channels, load_channels
from bridge.config.document import ConfigError
from bridge.messages import Network, Visibility
from bridge.networks.registry import module_of
from bridge.networks.vk_settings import CommentPictures, Transport, VkSettings
from bridge.publish.rendering import AnswerTemplates

PROJECT = Path(__file__).parents[2]
POLICIES = ("administration", "head-direct", "head-feed")
CHANNEL = """\
  - key: {key}
    network: vk
    title: ВКонтакте
    policy: {{feed: {policy}, direct: head-direct}}
    vk:
      group_id: {group_id}
      token: {token}
      callback: {{secret: {{env: TEST_VK_SECRET}}}}
"""
GOOD = {"key": "vk-head", "policy": "head-feed", "group_id": "1", "token": "{env: TEST_VK_TOKEN}"}


def loaded(folder: Path, *channels: dict[str, str]) -> Channels:
    path = folder / "channels.yaml"
    sections = "".join(CHANNEL.format(**{**GOOD, **channel}) for channel in channels)
    path.write_text(f"channels:\n{sections}", encoding="utf-8")
    return load_channels(path, POLICIES)


@pytest.mark.clause("1.1", "2.1.1")
def test_shipped_configuration_is_right() -> None:
    channels = load_channels(PROJECT / "config" / "channels.yaml", POLICIES)

    assert [channel.key for channel in channels] == [
        "vk-administration",
        "vk-head",
        "incident",
        "mss",
        "ok-administration",
        "ok-head",
    ]
    assert channels["vk-head"].policy.of(Visibility.FEED) == "head-feed"
    assert channels["vk-head"].policy.of(Visibility.DIRECT) == "head-direct"


@pytest.mark.clause("3.2.1", "3.2.2", "3.3")
def test_shipped_systems_have_the_terms_of_their_pages() -> None:
    """Incident Management has the administration's (3.3), MSS the head's (3.2)."""
    channels = load_channels(PROJECT / "config" / "channels.yaml", POLICIES)

    assert channels["incident"].policy.of(Visibility.FEED) == "administration"
    assert channels["mss"].policy.of(Visibility.FEED) == "head-feed"
    assert channels["mss"].policy.of(Visibility.DIRECT) == "head-direct"


def test_every_offered_kind_of_answer_has_its_template() -> None:
    templates = AnswerTemplates(PROJECT / "templates" / "answers")
    names = set(templates.names)

    for channel in load_channels(PROJECT / "config" / "channels.yaml", POLICIES):
        offered = module_of(channel).capabilities(channel).by_visibility
        for kind in ("", "_interim"):
            wanted = {f"{channel.network}_{visibility}{kind}.txt.j2" for visibility in offered}
            assert wanted <= names


def test_channel_is_found_by_its_key(tmp_path: Path) -> None:
    channels = loaded(tmp_path, {}, {"key": "vk-other", "group_id": "2"})

    assert channels["vk-other"].vk_section.group_id == 2
    assert channels["vk-other"].network is Network.VK
    assert "vk-other" in channels
    assert "vk-none" not in channels
    with pytest.raises(KeyError):
        channels["vk-none"]


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        ({"policy": "haed-feed"}, "channel vk-head: policy.feed: there is no policy 'haed-feed'; "),
        ({"key": "VK head"}, "channels.yaml:2: channels.0.key: "),
        ({"group_id": "-1"}, "channels.yaml:7: channels.0.vk.group_id: "),
        ({"token": "vk1.a.secret"}, "channels.yaml:8: channels.0.vk.token: "),
        ({"token": "{env: A, file: /b}"}, "exactly one"),
        ({"token": "{}"}, "exactly one"),
    ],
)
def test_mistake_is_named(tmp_path: Path, mistake: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        loaded(tmp_path, mistake)
    assert message in str(raised.value)


def test_policies_that_exist_are_listed(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="administration, head-direct, head-feed"):
        loaded(tmp_path, {"policy": "none"})


def vk_of(folder: Path, *lines: str) -> VkSettings:
    """The `vk` section of a channel with these lines in it."""
    path = folder / "channels.yaml"
    section = CHANNEL.format(**GOOD).replace(
        "      callback: {secret: {env: TEST_VK_SECRET}}\n", ""
    )
    added = "".join(f"      {line}\n" for line in lines)
    path.write_text(f"channels:\n{section}{added}", encoding="utf-8")
    return load_channels(path, POLICIES)["vk-head"].vk_section


def test_office_without_a_public_address_needs_no_callback_section(tmp_path: Path) -> None:
    vk = vk_of(tmp_path, "transport: long_poll")

    assert vk.transport is Transport.LONG_POLL
    with pytest.raises(ConfigError, match="no section `callback:`"):
        assert vk.callback_section


def test_callback_without_its_section_says_what_to_give_instead(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="transport: long_poll"):
        vk_of(tmp_path, "api_version: '5.199'")


def test_photos_in_comments_need_a_persons_token(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="comment_pictures photo needs a `user_token`"):
        vk_of(tmp_path, "transport: long_poll", "comment_pictures: photo")


@pytest.mark.parametrize(
    ("line", "shown_as"),
    [
        ("user_token: {env: X}", CommentPictures.PHOTO),
        ("api_version: '5.199'", CommentPictures.DOCUMENT),
        ("comment_pictures: by_hand", CommentPictures.BY_HAND),
    ],
)
def test_pictures_in_comments_are_photos_where_somebody_may_upload_them(
    tmp_path: Path, line: str, shown_as: CommentPictures
) -> None:
    assert vk_of(tmp_path, "transport: long_poll", line).pictures_in_comments is shown_as


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ({"group_id": "2"}, "key must be unique, given more than once: vk-head"),
        ({"key": "vk-x"}, "vk.group_id must be unique, given more than once: 1"),
    ],
)
def test_doubles_are_refused(tmp_path: Path, second: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        loaded(tmp_path, {}, second)


def test_network_without_its_section_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "channels.yaml"
    text = "channels: [{key: a, network: vk, title: A, policy: {feed: x, direct: x}}]"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError, match="channel a: network vk needs a section `vk:`"):
        load_channels(path, ["x"])


def test_folder_of_two_channels_is_refused(tmp_path: Path) -> None:
    """Whose cards they are would depend on who looks first."""
    path = tmp_path / "channels.yaml"
    exchange = "exchange: {time_zone: Europe/Moscow, files: {folder: cards}}"
    entry = "network: mss, title: A, policy: {feed: x, direct: x}"
    entries = ", ".join(f"{{key: {key}, {entry}, {exchange}}}" for key in "ab")
    path.write_text(f"channels: [{entries}]", encoding="utf-8")

    with pytest.raises(ConfigError, match=r"exchange\.files\.folder must be unique.*cards"):
        load_channels(path, ["x"])


def test_system_without_its_section_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "channels.yaml"
    text = "channels: [{key: a, network: mss, title: A, policy: {feed: x, direct: x}}]"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError, match="network mss needs a section `exchange:`"):
        load_channels(path, ["x"])


def test_token_written_into_the_file_is_not_repeated_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        loaded(tmp_path, {"token": "vk1.a.topsecret"})
    assert "topsecret" not in str(raised.value)


OK_CHANNEL = """\
channels:
  - key: ok-head
    network: ok
    title: Одноклассники
    policy: {feed: head-feed, direct: head-direct}
    limits: {feed: 3000, direct: 3000}
    ok:
      group_id: 53001002
      token: {env: TEST_OK_TOKEN}
      webhook: {key: {env: TEST_OK_WEBHOOK_KEY}}
      rest:
        application_key: {env: A}
        application_secret: {env: B}
        access_token: {env: C}
"""


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("feed: 3000", "feed: 4000", "limits.feed must be at most 3000"),
        (OK_CHANNEL[OK_CHANNEL.index("    ok:") :], "", "needs a section `ok:`"),
        ("      webhook: {key: {env: TEST_OK_WEBHOOK_KEY}}\n", "", "transport: long_poll"),
        ("        application_secret: {env: B}\n", "", "exactly one"),
        (
            "application_secret: {env: B}",
            'session_secret: {env: B}\n        refresh: {application_id: "1", token: {env: D}}',
            "refresh needs application_secret",
        ),
        ("{env: TEST_OK_WEBHOOK_KEY}}", "{env: X}, networks: [217.20.145.1/28]}", "network"),
        ("{env: TEST_OK_WEBHOOK_KEY}}", "{env: X}, networks: []}", "at least 1 item"),
    ],
)
def test_mistake_in_a_channel_of_ok_is_named(
    tmp_path: Path, right: str, wrong: str, message: str
) -> None:
    path = tmp_path / "channels.yaml"
    assert right in OK_CHANNEL
    path.write_text(OK_CHANNEL.replace(right, wrong), encoding="utf-8")

    with pytest.raises(ConfigError) as raised:
        load_channels(path, POLICIES)
    assert message in str(raised.value)


def test_channel_of_ok_lets_in_the_networks_that_ok_documents(tmp_path: Path) -> None:
    path = tmp_path / "channels.yaml"
    path.write_text(OK_CHANNEL, encoding="utf-8")

    webhook = load_channels(path, POLICIES)["ok-head"].ok_section.webhook

    assert webhook is not None
    assert [str(network) for network in webhook.networks] == [
        "217.20.145.192/28",
        "217.20.151.160/28",
        "217.20.153.48/28",
    ]
