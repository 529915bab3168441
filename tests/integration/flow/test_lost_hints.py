"""Hints may be lost, doubled, late or forged: the flow comes to the same end."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from redis import Redis
from sqlalchemy import func, select

from bridge.helpdesk.signature import SIGNATURE_HEADER
from bridge.process_group import await_redis
from bridge.store.models import InboxEvent, RepairRow
from tests.town import Town, eventually

ANSWER = "Яму заделают завтра до 18:00."


def running(town: Town) -> Town:
    """The town with its bridge running as on one machine."""
    town.start("up")
    town.await_web()
    await_redis(town.folder / "redis.sock")
    town.connect_vk()
    return town


@pytest.fixture
def running_town(town: Town) -> Town:
    return running(town)


def placed(town: Town, issue_id: int) -> bool:
    return town.surroundings.curator.read(issue_id).status == "placed"


def repairs(town: Town) -> int:
    with town.store.reading() as session:
        return session.scalar(select(func.count(RepairRow.id))) or 0


def test_an_emptied_redis_costs_no_message_and_no_answer(running_town: Town) -> None:
    redis = Redis(unix_socket_path=str(running_town.folder / "redis.sock"))
    comments = []
    for _ in range(5):
        comments.append(running_town.citizen_comments())
        redis.flushall()
    issues = [running_town.issue_of(comment) for comment in comments]
    for issue in issues:
        running_town.approved_answer(issue, ANSWER)
        redis.flushall()
    for comment, issue in zip(comments, issues, strict=True):
        eventually(lambda issue=issue: placed(running_town, issue), f"issue {issue} placed")
        assert len(running_town.issues_of(comment)) == 1
        assert len(running_town.answers_under(comment)) == 1


def test_a_webhook_that_never_arrives_is_made_good_by_the_sweep_and_counted(
    town: Town,
) -> None:
    town.settings["BRIDGE_SWEEP_PATIENCE"] = "0"
    running_town = running(town)
    comment = running_town.citizen_comments()
    issue = running_town.issue_of(comment)
    running_town.surroundings.redmine.stop()
    running_town.surroundings.redmine.start("http://127.0.0.1:9/nobody-listens")
    try:
        before = repairs(running_town)
        running_town.approved_answer(issue, ANSWER)
        eventually(lambda: placed(running_town, issue), "the answer is placed by the sweep")
        assert repairs(running_town) > before
    finally:
        running_town.surroundings.redmine.stop()
        running_town.surroundings.redmine.start(running_town.surroundings.webhook_url)


def webhook(issue_id: int, journal_id: int, at: datetime) -> bytes:
    event: dict[str, Any] = {
        "type": "issue.updated",
        "timestamp": at.isoformat(),
        "data": {"issue": {"id": issue_id}, "journal": {"id": journal_id}},
    }
    return json.dumps(event).encode()


def deliver(town: Town, body: bytes, secret: str) -> int:
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    url = town.surroundings.webhook_url
    headers = {SIGNATURE_HEADER: signature, "Content-Type": "application/json"}
    return requests.post(url, data=body, headers=headers, timeout=10).status_code


def helpdesk_events(town: Town) -> int:
    with town.store.reading() as session:
        events = select(func.count(InboxEvent.id)).where(InboxEvent.source == "helpdesk")
        return session.scalar(events) or 0


def test_a_doubled_or_reordered_webhook_changes_nothing(running_town: Town) -> None:
    comment = running_town.citizen_comments()
    issue = running_town.issue_of(comment)
    running_town.approved_answer(issue, ANSWER)
    eventually(lambda: placed(running_town, issue), "placed")
    journals = running_town.surroundings.curator.call(
        "GET", f"/issues/{issue}.json?include=journals"
    ).json()["issue"]["journals"]
    secret = running_town.surroundings.access.webhook_secret
    before = running_town.clocks_of(comment)
    for journal in [*reversed(journals), *journals]:
        body = webhook(issue, journal["id"], datetime.now(UTC))
        assert deliver(running_town, body, secret) == 204
    assert running_town.run("sweep").returncode == 0
    assert running_town.clocks_of(comment) == before
    assert len(running_town.answers_under(comment)) == 1


def test_a_forged_or_stale_webhook_is_refused_and_not_stored(running_town: Town) -> None:
    comment = running_town.citizen_comments()
    issue = running_town.issue_of(comment)
    secret = running_town.surroundings.access.webhook_secret
    before = helpdesk_events(running_town)
    forged = webhook(issue, 10**9, datetime.now(UTC))
    stale = webhook(issue, 10**9, datetime.now(UTC) - timedelta(days=3))
    assert deliver(running_town, forged, "another secret") == 401
    assert deliver(running_town, stale, secret) == 400
    assert deliver(running_town, b'{"type": 1', secret) == 400
    assert helpdesk_events(running_town) == before
