"""Callbacks are stored before they are acknowledged; what is refused leaves only a count."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.unit.web.conftest import CALLBACK_LIMIT, CALLBACK_SECRET, NOW, Door, Push


def callback(event_id: str = "e-1", **changes: Any) -> dict[str, Any]:
    comment = {"id": 7, "from_id": 501, "text": "Яма", "post_id": 2, "owner_id": -1001}
    event = {
        "type": "wall_reply_new",
        "event_id": event_id,
        "v": "5.199",
        "group_id": 1001,
        "secret": CALLBACK_SECRET,
        "object": comment,
    }
    return event | changes


def test_callback_is_stored_acknowledged_and_hinted(door: Door) -> None:
    answer = door.callback(callback("e-1"))

    assert (answer.status_code, answer.data) == (200, b"ok")
    (event,) = door.stored()
    assert (event.source, event.external_id, event.kind) == (
        "vk-administration",
        "e-1",
        "wall_reply_new",
    )
    assert event.received_at == NOW
    assert door.hints.events == [event.id]


def test_stored_event_does_not_hold_the_secret(door: Door) -> None:
    door.callback(callback())

    assert CALLBACK_SECRET.encode() not in door.stored()[0].body


@pytest.mark.scenario(13)
def test_repeated_callback_is_acknowledged_and_nothing_else(door: Door) -> None:
    door.callback(callback("e-1"))

    answer = door.callback(callback("e-1"))

    assert (answer.status_code, answer.data) == (200, b"ok")
    assert len(door.stored()) == len(door.hints.events) == 1


def test_event_of_an_unknown_kind_is_kept(door: Door) -> None:
    assert door.callback(callback(type="something_new")).data == b"ok"
    assert [event.kind for event in door.stored()] == ["something_new"]


def test_callback_is_not_acknowledged_while_the_store_is_down(door: Door, file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        answer = door.callback(callback("e-1"))

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert door.stored() == []
    assert door.hints.events == []


def test_callback_is_taken_when_the_store_is_up_again(door: Door, file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        door.callback(callback("e-1"))

    assert door.callback(callback("e-1")).data == b"ok"
    assert len(door.stored()) == 1


@pytest.mark.parametrize(
    ("body", "path", "status"),
    [
        (callback(secret="guessed"), "/hooks/vk/vk-administration", 403),
        (callback(group_id=1), "/hooks/vk/vk-administration", 403),
        (b"{", "/hooks/vk/vk-administration", 400),
        (b"[" * CALLBACK_LIMIT + b"[", "/hooks/vk/vk-administration", 413),
        (callback(), "/hooks/vk/nowhere", 404),
        (callback(), "/hooks/ok/vk-administration", 404),
    ],
    ids=["secret", "group", "json", "size", "channel", "network"],
)
def test_what_is_no_callback_of_ours_is_refused_and_not_kept(
    door: Door, body: Any, path: str, status: int
) -> None:
    answer = door.callback(body, path)

    assert answer.status_code == status
    assert answer.data.strip() not in {b"ok", b"remove"}
    assert door.stored() == []
    assert door.hints.events == []


def test_callbacks_are_counted_by_outcome(door: Door) -> None:
    door.callback(callback("e-1"))
    door.callback(callback("e-1"))
    door.callback(callback(secret="guessed"))

    counted = door.counted()
    for outcome in ("stored", "duplicate", "refused_403"):
        line = f'bridge_callbacks_total{{channel="vk-administration",outcome="{outcome}"}} 1.0'
        assert line in counted


def test_body_with_several_cards_is_acknowledged_when_all_are_stored(pushed: Push) -> None:
    cards = [
        {"number": 1, "text": "Яма", "registered_at": "24.11.2026 16:20"},
        {"number": 2},
        {"number": 3, "text": "Снег", "registered_at": "24.11.2026 16:21"},
    ]

    answer = pushed.send(cards)

    assert (answer.status_code, answer.data) == (200, b"ok")
    kinds = [event.kind for event in pushed.door.stored()]
    assert sorted(kinds) == [*["card_reads"] * 2, *["card_registered"] * 2, "card_unreadable"]
    assert sorted(pushed.door.hints.events) == [event.id for event in pushed.door.stored()]


@pytest.mark.scenario(13)
def test_replayed_cards_are_acknowledged_and_nothing_else(pushed: Push) -> None:
    card = {"number": 1, "text": "Яма", "registered_at": "24.11.2026 16:20"}
    pushed.send(card)

    assert pushed.send(card).data == b"ok"
    assert len(pushed.door.stored()) == len(pushed.door.hints.events) == 2


def test_cards_with_a_wrong_signature_are_refused_and_not_kept(pushed: Push) -> None:
    assert pushed.send({"number": 1}, secret="guessed").status_code == 403
    assert pushed.door.stored() == []
