"""Hints may be lost, doubled, late or forged: the flow comes to the same end."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import requests
from redis import Redis
from sqlalchemy import func, select

from bridge.helpdesk.signature import SIGNATURE_HEADER
from bridge.store import inbox
from bridge.store.models import RepairRow
from tests.town import Town, eventually

ANSWER = "Яму заделают завтра до 18:00."


def repairs(town: Town) -> int:
    with town.store.reading() as session:
        return session.scalar(select(func.count(RepairRow.id))) or 0


def test_an_emptied_redis_costs_no_message_and_no_answer(working_town: Town) -> None:
    redis = Redis(unix_socket_path=str(working_town.folder / "redis.sock"))
    comments = []
    for _ in range(5):
        comments.append(working_town.citizen_comments())
        redis.flushall()
    issues = [working_town.issue_of(comment) for comment in comments]
    for issue in issues:
        working_town.approved_answer(issue, ANSWER)
        redis.flushall()
    for comment, issue in zip(comments, issues, strict=True):
        eventually(partial(working_town.is_placed, issue), f"issue {issue} placed")
        assert len(working_town.issues_of(comment)) == 1
        assert len(working_town.answers_under(comment)) == 1


@pytest.mark.scenario(20)
def test_a_webhook_that_never_arrives_is_made_good_by_the_sweep_and_counted(
    town: Town,
) -> None:
    town.settings["BRIDGE_SWEEP_PATIENCE"] = "0"
    town.start_everything()
    comment = town.citizen_comments()
    issue = town.issue_of(comment)
    town.surroundings.redmine.stop()
    town.surroundings.redmine.start("http://127.0.0.1:9/nobody-listens")
    try:
        before = repairs(town)
        town.approved_answer(issue, ANSWER)
        eventually(partial(town.is_placed, issue), "the answer is placed by the sweep")
        assert repairs(town) > before
    finally:
        town.surroundings.redmine.stop()
        town.surroundings.redmine.start(town.surroundings.webhook_url)


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


def is_stored(town: Town, journal_id: int) -> bool:
    with town.store.reading() as session:
        return inbox.has(session, inbox.HELPDESK, f"journal:{journal_id}")


@pytest.mark.scenario(13)
def test_a_doubled_or_reordered_webhook_changes_nothing(working_town: Town) -> None:
    comment = working_town.citizen_comments()
    issue = working_town.issue_of(comment)
    working_town.approved_answer(issue, ANSWER)
    eventually(partial(working_town.is_placed, issue), "placed")
    journals = working_town.surroundings.curator.call(
        "GET", f"/issues/{issue}.json?include=journals"
    ).json()["issue"]["journals"]
    secret = working_town.surroundings.access.webhook_secret
    before = working_town.clocks_of(comment)
    for journal in [*reversed(journals), *journals]:
        body = webhook(issue, journal["id"], datetime.now(UTC))
        assert deliver(working_town, body, secret) == 204
    assert working_town.run("sweep").returncode == 0
    assert working_town.clocks_of(comment) == before
    assert len(working_town.answers_under(comment)) == 1


def test_a_forged_or_stale_webhook_is_refused_and_not_stored(working_town: Town) -> None:
    comment = working_town.citizen_comments()
    issue = working_town.issue_of(comment)
    secret = working_town.surroundings.access.webhook_secret
    now = datetime.now(UTC)
    forged, stale, genuine = 10**9, 10**9 + 1, 10**9 + 2
    old = now - timedelta(days=3)
    assert deliver(working_town, webhook(issue, forged, now), "another secret") == 401
    assert deliver(working_town, webhook(issue, stale, old), secret) == 400
    assert deliver(working_town, b'{"type": 1', secret) == 400
    assert deliver(working_town, webhook(issue, genuine, now), secret) == 204
    stored = [number for number in (forged, stale, genuine) if is_stored(working_town, number)]
    assert stored == [genuine]
