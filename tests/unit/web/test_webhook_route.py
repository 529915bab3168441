"""Webhooks of the helpdesk are verified, stored once, and refused with a reason."""

import json
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.web.conftest import NOW, Door


def webhook(journal_id: int | None = 31, at: datetime = NOW) -> bytes:
    data: dict[str, object] = {"issue": {"id": 12}}
    if journal_id:
        data["journal"] = {"id": journal_id}
    event = {"type": "issue.updated", "timestamp": at.isoformat(), "data": data}
    return json.dumps(event).encode()


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


def test_replay_of_an_old_webhook_is_refused(door: Door) -> None:
    answer = door.webhook(webhook(at=NOW - timedelta(hours=25)))

    assert answer.status_code == 400
    assert door.stored() == []


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
