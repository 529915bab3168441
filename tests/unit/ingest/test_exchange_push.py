"""A system's webhook: signed, fresh, and one bad card costs none of its neighbours."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.ingest.exchange_push import PushReader
from bridge.ingest.port import Callback, Event, Refused
from tests.exchange_channel import exchange_channel

NOW = datetime(2026, 11, 24, 11, 20, tzinfo=UTC)
SECRET = "push-secret"
CARD = {"number": 1, "text": "Яма", "registered_at": "24.11.2026 16:20"}


def callback(body: bytes, at: datetime = NOW, secret: str = SECRET, **headers: str) -> Callback:
    timestamp = str(int(at.timestamp()))
    signed = timestamp.encode() + b"." + body
    signature = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    named = {"x-timestamp": timestamp, "x-signature-256": f"sha256={signature}"}
    return Callback(body, NOW, named | headers)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> PushReader:
    monkeypatch.setenv("TEST_PUSH_SECRET", SECRET)
    reader = PushReader.of_channel(exchange_channel(push={"secret": {"env": "TEST_PUSH_SECRET"}}))
    assert reader
    return reader


def kinds(events: tuple[Event, ...]) -> list[str]:
    return [event.kind for event in events]


def test_one_card_or_a_list_of_them_is_taken(reader: PushReader) -> None:
    for document, cards in [(CARD, 1), ([CARD], 1), ({"cards": [CARD, CARD | {"number": 2}]}, 2)]:
        events = reader.read(callback(json.dumps(document).encode()))
        assert kinds(events) == ["card_registered", "card_reads"] * cards


def test_bad_card_costs_none_of_its_neighbours(reader: PushReader) -> None:
    body = json.dumps([CARD, {"number": 2}, "rubbish", None, CARD | {"number": 3}]).encode()
    events = reader.read(callback(body))
    assert kinds(events).count("card_unreadable") == 3
    assert kinds(events).count("card_registered") == 2


@pytest.mark.scenario(13)
def test_replayed_request_brings_the_same_events(reader: PushReader) -> None:
    request = callback(json.dumps([CARD, {"number": 2}]).encode())
    assert reader.read(request) == reader.read(request)


def test_names_of_headers_and_the_tolerance_are_configurable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TEST_PUSH_SECRET", SECRET)
    push = {
        "secret": {"env": "TEST_PUSH_SECRET"},
        "signature_header": "X-Sign",
        "timestamp_header": "X-When",
        "tolerance": 10,
    }
    reader = PushReader.of_channel(exchange_channel(push=push))
    assert reader
    usual = callback(json.dumps(CARD).encode())
    headers = {"x-sign": usual.headers["x-signature-256"], "x-when": usual.headers["x-timestamp"]}
    assert reader.read(Callback(usual.body, NOW, headers))
    with pytest.raises(Refused, match="20 s off"):
        reader.read(Callback(usual.body, NOW + timedelta(seconds=20), headers))


@pytest.mark.parametrize("seconds", [-300, 300])
def test_clocks_may_differ_by_five_minutes(reader: PushReader, seconds: int) -> None:
    body = json.dumps(CARD).encode()
    assert reader.read(callback(body, NOW + timedelta(seconds=seconds)))
    with pytest.raises(Refused, match="off"):
        reader.read(callback(body, NOW + timedelta(seconds=seconds * 1.01)))


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        (callback(b"{}", secret="guessed"), 403),
        (callback(b"{}", **{"x-timestamp": "1795519260"}), 403),
        (callback(b"{}", **{"x-signature-256": ""}), 403),
        (callback(b"{}", **{"x-signature-256": "sha256=ёё"}), 403),
        (callback(b"{}", **{"x-timestamp": "вчера"}), 403),
        (Callback(b"{}", NOW), 403),
        (Callback(b'{"a": 1}', NOW, callback(b"{}").headers), 403),
        (callback(b"{"), 400),
        (callback(b"\xff\xff"), 400),
        (callback(b"5"), 400),
        (callback(b"[NaN]"), 400),
        (callback(b"[" * 50_000), 400),
        (callback(b"[" * 500 + b"]" * 500), 400),
        (callback(json.dumps([CARD] * 1001).encode()), 413),
    ],
)
def test_what_is_not_the_systems_is_refused(
    reader: PushReader, wrong: Callback, status: int
) -> None:
    with pytest.raises(Refused) as refused:
        reader.read(wrong)
    assert refused.value.status == status
    assert SECRET not in refused.value.reason


def test_timestamp_that_is_signed_but_no_number_is_refused(reader: PushReader) -> None:
    for timestamp in ("soon", "1e9", "-5", "9" * 40):
        signed = hmac.new(SECRET.encode(), f"{timestamp}.{{}}".encode(), hashlib.sha256)
        headers = {"x-timestamp": timestamp, "x-signature-256": signed.hexdigest()}
        with pytest.raises(Refused, match="Unix seconds"):
            reader.read(Callback(b"{}", NOW, headers))


def test_without_a_secret_nothing_is_taken(
    reader: PushReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEST_PUSH_SECRET")
    with pytest.raises(Refused) as refused:
        reader.read(callback(b"{}"))
    assert refused.value.status == 503


def test_channel_that_is_sent_nothing_has_no_reader() -> None:
    assert PushReader.of_channel(exchange_channel()) is None


@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["number", "text", "cards", "registered_at"]), inner)
        ),
        max_leaves=10,
    ).map(lambda document: json.dumps(document).encode())
)
def test_any_signed_body_is_kept_or_refused(body: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEST_PUSH_SECRET", SECRET)
        channel = exchange_channel(push={"secret": {"env": "TEST_PUSH_SECRET"}})
        reader = PushReader.of_channel(channel)
        assert reader
        events: Any
        try:
            events = reader.read(callback(body))
        except Refused as refused:
            assert refused.status == 400  # noqa: PT017 - a refusal is one of two right ends
        else:
            assert all(len(event.external_id) <= 128 for event in events)
