"""Webhooks of the helpdesk are verified, stored once, and refused with a reason."""

import json
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bridge.office import Office
from tests.unit.web.conftest import NOW, Door, opened_door


def webhook(journal_id: int | None = 31, at: datetime | None = NOW) -> bytes:
    data: dict[str, object] = {"issue": {"id": 12}}
    if journal_id:
        data["journal"] = {"id": journal_id}
    event = {"type": "issue.updated", "data": data}
    return json.dumps(event | ({"timestamp": at.isoformat()} if at else {})).encode()


def test_signed_webhook_is_stored_answered_and_hinted(door: Door) -> None:
    assert door.webhook(webhook()).status_code == 204
    (event,) = door.stored()
    assert (event.source, event.kind) == ("helpdesk", "issue.updated")
    assert door.hints.events == [event.id]


@pytest.mark.scenario(13)
@pytest.mark.parametrize("journal_id", [31, None], ids=["with a journal", "without"])
def test_webhook_that_comes_twice_is_stored_once(door: Door, journal_id: int | None) -> None:
    for _ in range(2):
        assert door.webhook(webhook(journal_id)).status_code == 204

    assert len(door.stored()) == len(door.hints.events) == 1


def test_forged_webhook_is_refused(door: Door) -> None:
    answer = door.webhook(webhook(), secret="guessed")

    assert answer.status_code == 401
    assert door.stored() == []


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (NOW - timedelta(hours=24, seconds=1), b"too old"),
        (NOW + timedelta(minutes=5, seconds=1), b"from the future"),
        (None, b"tells no time"),
    ],
    ids=["old", "from the future", "without a time"],
)
def test_webhook_that_may_be_a_replay_is_refused(
    door: Door, at: datetime | None, reason: bytes
) -> None:
    answer = door.webhook(webhook(at=at))

    assert answer.status_code == 400
    assert reason in answer.data
    assert door.stored() == []
    assert 'bridge_webhooks_total{outcome="stale"} 1.0' in door.counted()


@pytest.mark.parametrize("off", [timedelta(hours=-24), timedelta(minutes=5)])
def test_webhook_that_was_late_or_whose_sender_has_a_fast_clock_is_taken(
    door: Door, off: timedelta
) -> None:
    assert door.webhook(webhook(at=NOW + off)).status_code == 204


def test_how_old_a_webhook_may_be_is_the_offices_choice(office: Office, file: Path) -> None:
    with opened_door(office, file, webhook_hours=48) as door:
        assert door.webhook(webhook(1, NOW - timedelta(hours=47))).status_code == 204
        assert door.webhook(webhook(2, NOW - timedelta(hours=49))).status_code == 400


def test_webhook_that_cannot_be_read_is_refused(door: Door) -> None:
    assert door.webhook(b"{}").status_code == 400
    assert door.stored() == []


def test_webhook_is_not_taken_while_the_store_is_down(door: Door, file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        assert door.webhook(webhook()).status_code == 503

    assert door.stored() == []
    assert door.hints.events == []


def test_webhooks_are_counted_by_outcome(door: Door) -> None:
    door.webhook(webhook())
    door.webhook(webhook())
    door.webhook(webhook(), secret="guessed")

    counted = door.counted()
    for outcome in ("stored", "duplicate", "forged"):
        assert f'bridge_webhooks_total{{outcome="{outcome}"}} 1.0' in counted
