"""The door: only OK's own webhooks, at the secret address, are taken in."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.channels import ChannelSettings
from bridge.ingest.ok_callback import OkCallbackReader, callback_reader
from bridge.ingest.port import Callback, Event, Refused

Payload = Callable[[str], bytes]
KEY = "secret-part"
SENDER = "217.20.151.170"
FUZZ = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def reader(ok_channel: ChannelSettings) -> OkCallbackReader:
    reader = callback_reader(ok_channel)
    assert reader is not None
    return reader


def read(reader: OkCallbackReader, body: bytes, key: str = KEY, sender: str = SENDER) -> Event:
    return reader.read(Callback(body, datetime(2026, 11, 23, tzinfo=UTC), {}, key, sender))


def refusal(reader: OkCallbackReader, body: bytes, **where: str) -> Refused:
    with pytest.raises(Refused) as raised:
        read(reader, body, **where)
    return raised.value


def status(reader: OkCallbackReader, body: bytes) -> int:
    """What OK is answered."""
    try:
        read(reader, body)
    except Refused as refused:
        return refused.status
    return 200


def test_message_is_taken_with_every_digit_of_its_number(
    reader: OkCallbackReader, ok_payload: Payload
) -> None:
    event = read(reader, ok_payload("message"))

    assert event.external_id == "mid:C3ecb9d02a600.15cea67d78d2059"
    assert event.kind == "MESSAGE_CREATED"
    assert b"98211023614189660" in event.body


@pytest.mark.scenario(13)
def test_message_that_is_sent_again_has_the_same_id(
    reader: OkCallbackReader, ok_payload: Payload
) -> None:
    again = json.dumps({**json.loads(ok_payload("message")), "webhookType": "MESSAGE_CREATED"})

    first = read(reader, ok_payload("message"))
    assert read(reader, again.encode()).external_id == first.external_id


def test_pressed_button_is_not_taken_for_the_message_it_stands_on(
    reader: OkCallbackReader, ok_payload: Payload
) -> None:
    button, message = read(reader, ok_payload("button")), read(reader, ok_payload("message"))

    assert button.kind == "MESSAGE_CALLBACK"
    assert button.external_id != message.external_id
    assert read(reader, ok_payload("button")) == button


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"webhookType": "SOMETHING_NEW"},
        {"webhookType": 5, "message": {"mid": "x"}},
        {"webhookType": "x" * 500},
        {"message": None},
        {"message": {"mid": "я" * 10}},
        {"message": {"mid": "x" * 5000}},
        {"message": {"mid": "a\x00b", "text": "\ud800"}},
        {"n": 10**400},
    ],
)
def test_odd_event_of_oks_is_kept_because_refusals_end_the_subscription(
    reader: OkCallbackReader, body: dict[str, object]
) -> None:
    event = read(reader, json.dumps(body).encode())

    assert 0 < len(event.external_id) <= 128
    assert 0 < len(event.kind) <= 64
    assert json.loads(event.body) == body


@pytest.mark.parametrize("key", ["", "wrong", "secret-part2", "secret-par\ud800", "ключ"])
def test_wrong_address_is_refused(reader: OkCallbackReader, ok_payload: Payload, key: str) -> None:
    refused = refusal(reader, ok_payload("message"), key=key)

    assert refused.status == 403
    assert KEY not in refused.reason


@pytest.mark.parametrize("sender", ["217.20.145.192", "217.20.153.63", "::ffff:217.20.151.160"])
def test_documented_senders_are_let_in(
    reader: OkCallbackReader, ok_payload: Payload, sender: str
) -> None:
    assert read(reader, ok_payload("message"), sender=sender)


@pytest.mark.parametrize(
    "sender",
    ["", "217.20.145.191", "217.20.153.64", "127.0.0.1", "::1", "unix:", "217.20.151.170:80"],
)
def test_other_senders_are_refused(
    reader: OkCallbackReader, ok_payload: Payload, sender: str
) -> None:
    assert refusal(reader, ok_payload("message"), sender=sender).status == 403


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'"x"', b"\xff\xfe", b'{"a":', b'{"a": NaN}', b"[" * 200_000, b"9" * 10_000],
)
def test_what_is_no_json_object_is_refused(reader: OkCallbackReader, body: bytes) -> None:
    assert refusal(reader, body).status == 400


def test_deeply_nested_object_is_refused_and_breaks_nothing(reader: OkCallbackReader) -> None:
    bodies = (b'{"a":' * depth + b"1" + b"}" * depth for depth in range(100, 5000, 100))

    assert {status(reader, body) for body in bodies} == {200, 400}


def test_without_its_own_key_the_bridge_asks_to_come_again(
    reader: OkCallbackReader, ok_payload: Payload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEST_OK_WEBHOOK_KEY")

    assert refusal(reader, ok_payload("message")).status == 503


def test_channel_that_fetches_is_sent_nothing(ok_channel: ChannelSettings) -> None:
    fetching = ok_channel.ok_section.model_copy(update={"transport": "long_poll"})

    assert callback_reader(ok_channel.model_copy(update={"ok": fetching})) is None


@FUZZ
@given(body=st.binary(), key=st.text(), sender=st.text())
def test_stranger_is_always_refused_with_4xx(
    reader: OkCallbackReader, body: bytes, key: str, sender: str
) -> None:
    assert refusal(reader, body, key=key, sender=sender).status == 403


@FUZZ
@given(body=st.dictionaries(st.text(), st.text() | st.integers() | st.none()).map(json.dumps))
def test_any_object_of_oks_is_taken(reader: OkCallbackReader, body: str) -> None:
    assert read(reader, body.encode())
