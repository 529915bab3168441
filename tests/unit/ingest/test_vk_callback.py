"""The door: only our community's callbacks with the right secret are taken in."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import responses
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.channels import ChannelSettings
from bridge.ingest.port import Callback, Confirmation, Event, Refused
from bridge.ingest.vk_callback import CODE_LIFETIME, VkCallbackReader, callback_reader
from bridge.networks.vk_settings import Transport

EVENT_ID = "0123456789abcdef0123456789abcdef01234567"
CODE_METHOD = "http://vk.invalid/method/groups.getCallbackConfirmationCode"


def body(**fields: object) -> bytes:
    """A good event with fields replaced; `...` removes one."""
    event = {
        "type": "wall_reply_new",
        "event_id": EVENT_ID,
        "v": "5.199",
        "group_id": 1001,
        "secret": "shared secret",
        "object": {"text": "снег"},
    }
    return json.dumps({k: v for k, v in {**event, **fields}.items() if v is not ...}).encode()


def read_by(reader: VkCallbackReader, contents: bytes) -> Confirmation | Event:
    """What the reader makes of a request with this body."""
    return reader.read(Callback(contents, datetime(2026, 11, 23, tzinfo=UTC)))


def refusal(channel: ChannelSettings, contents: bytes) -> Refused:
    with pytest.raises(Refused) as raised:
        read_by(VkCallbackReader(channel), contents)
    return raised.value


@pytest.fixture
def asking_channel(channel: ChannelSettings) -> ChannelSettings:
    """A channel whose confirmation string is asked of VK."""
    callback = channel.vk_section.callback_section.model_copy(update={"confirmation": None})
    return channel.model_copy(
        update={"vk": channel.vk_section.model_copy(update={"callback": callback})}
    )


def test_good_event_is_taken_without_its_secret(channel: ChannelSettings) -> None:
    event = read_by(VkCallbackReader(channel), body())

    assert isinstance(event, Event)
    assert (event.external_id, event.kind) == (EVENT_ID, "wall_reply_new")
    assert json.loads(event.body)["object"] == {"text": "снег"}
    assert b"shared secret" not in event.body


def test_unknown_kind_is_taken(channel: ChannelSettings) -> None:
    event = read_by(VkCallbackReader(channel), body(type="something_new"))

    assert isinstance(event, Event)
    assert event.kind == "something_new"


def test_event_without_an_id_is_known_again_by_its_body(channel: ChannelSettings) -> None:
    reader = VkCallbackReader(channel)
    first, again, other = (
        read_by(reader, body(event_id=..., object={"id": number})) for number in (1, 1, 2)
    )

    assert isinstance(first, Event)
    assert isinstance(other, Event)
    assert first == again
    assert first.external_id != other.external_id


@pytest.mark.parametrize(
    ("contents", "status"),
    [
        (body(secret="wrong"), 403),
        (body(secret="shared secre\ud800"), 403),
        (body(secret=...), 403),
        (body(secret=None), 403),
        (body(secret=["shared secret"]), 403),
        (body(group_id=1002), 403),
        (body(group_id="1001"), 400),
        (body(group_id=True), 400),
        (body(group_id=...), 400),
        (body(type=...), 400),
        (body(type=5), 400),
        (body(type=""), 400),
        (body(type="x" * 65), 400),
        (body(event_id=7), 400),
        (body(event_id="x" * 65), 400),
        (body(event_id="a\x00b"), 400),
        (b"", 400),
        (b"[]", 400),
        (b"\xff\xfe", 400),
        (b'{"type":', 400),
        (body()[:-1] + b',"n":NaN}', 400),
        (b"[" * 200_000, 400),
        (b"9" * 10_000, 400),
    ],
)
def test_bad_callback_is_refused(channel: ChannelSettings, contents: bytes, status: int) -> None:
    assert refusal(channel, contents).status == status


def test_refusal_repeats_nothing_of_the_body(channel: ChannelSettings) -> None:
    assert "remove" not in refusal(channel, body(type="remove" * 20)).reason


def test_without_its_own_secret_the_bridge_asks_to_come_again(
    channel: ChannelSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEST_VK_SECRET")

    assert refusal(channel, body()).status == 503


@pytest.mark.parametrize("secret", [..., "shared secret"])
def test_handshake_gives_the_confirmation_string(channel: ChannelSettings, secret: object) -> None:
    handshake = body(type="confirmation", secret=secret, event_id=..., object=...)

    assert read_by(VkCallbackReader(channel), handshake) == Confirmation("a1b2c3d4")


def test_handshake_with_a_wrong_secret_is_refused(channel: ChannelSettings) -> None:
    assert refusal(channel, body(type="confirmation", secret="wrong")).status == 403


@responses.activate
def test_confirmation_string_is_asked_of_vk_and_kept_for_a_minute(
    asking_channel: ChannelSettings,
) -> None:
    for code in ("first", "second"):
        responses.post(CODE_METHOD, json={"response": {"code": code}})
    now = [1000.0]
    reader = VkCallbackReader(asking_channel, lambda: now[0])
    handshake = body(type="confirmation", secret=...)

    given = []
    for moment in (0.0, CODE_LIFETIME - 1, CODE_LIFETIME):
        now[0] = 1000.0 + moment
        given.append(read_by(reader, handshake))

    assert given == [Confirmation("first"), Confirmation("first"), Confirmation("second")]


@responses.activate
@pytest.mark.parametrize(
    "answer",
    [
        {"error": {"error_code": 5, "error_msg": "User authorization failed"}},
        {"response": {"code": "remove <b>"}},
        {"response": []},
    ],
)
def test_handshake_waits_while_vk_does_not_tell_the_string(
    asking_channel: ChannelSettings, answer: object
) -> None:
    responses.post(CODE_METHOD, json=answer)

    assert refusal(asking_channel, body(type="confirmation", secret=...)).status == 503


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contents=st.binary() | st.dictionaries(st.text(), st.text()).map(json.dumps).map(str.encode))
def test_strangers_body_is_always_refused_with_4xx(
    channel: ChannelSettings, contents: bytes
) -> None:
    assert refusal(channel, contents).status in {400, 403}


def test_every_recorded_event_is_taken(
    channel: ChannelSettings, payload: Callable[[str], bytes]
) -> None:
    event = {**json.loads(payload("comment_with_attachments")), "secret": "shared secret"}

    assert isinstance(read_by(VkCallbackReader(channel), json.dumps(event).encode()), Event)


def test_community_that_is_polled_has_no_reader_of_callbacks(channel: ChannelSettings) -> None:
    asked = channel.vk_section.model_copy(update={"transport": Transport.LONG_POLL})

    assert callback_reader(channel.model_copy(update={"vk": asked})) is None
    assert callback_reader(channel) is not None
