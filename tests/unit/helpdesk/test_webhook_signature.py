"""A delivery is taken only if Redmine signed exactly these bytes, and read without trust."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.helpdesk.signature import (
    ForgedWebhook,
    UnreadableWebhook,
    WebhookHint,
    read_webhook,
    sign,
    verify,
)

SECRET = "a shared secret"
BODY = '{"type":"issue.updated","data":{"issue":{"id":5,"subject":"Яма"}}}'.encode()


def test_a_delivery_signed_as_redmine_signs_is_accepted() -> None:
    # As `printf '{"type":"issue.updated"}' | openssl dgst -sha256 -hmac secret` prints it.
    digest = "5520220a6e42f7c4b0fbc85ec9b762af2e2791413ff00ea903a9cfbe9992d93e"
    verify(b'{"type":"issue.updated"}', f"sha256={digest}", "secret")


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        sign(BODY, SECRET).removeprefix("sha256="),
        sign(BODY, "another secret"),
        sign(BODY + b" ", SECRET),
        sign(BODY, SECRET).upper(),
        "sha256=подпись",
        "sha1=" + "0" * 40,
    ],
)
def test_a_delivery_without_the_right_signature_is_refused(header: str | None) -> None:
    with pytest.raises(ForgedWebhook):
        verify(BODY, header, SECRET)


def test_without_a_secret_nothing_is_verified() -> None:
    with pytest.raises(ForgedWebhook, match="no webhook secret"):
        verify(BODY, sign(BODY, ""), "")


def test_a_refusal_tells_neither_the_secret_nor_the_right_signature() -> None:
    with pytest.raises(ForgedWebhook) as refusal:
        verify(BODY, "sha256=0", SECRET)
    assert SECRET not in str(refusal.value)
    assert sign(BODY, SECRET) not in str(refusal.value)


def test_a_hint_names_the_issue_and_the_journal_entry() -> None:
    delivery = {
        "type": "issue.updated",
        "timestamp": "2026-11-23T13:30:00Z",
        "data": {
            "issue": {"id": 5, "subject": "Яма", "custom_fields": [{"id": 1, "value": "x"}]},
            "journal": {"id": 17, "notes": "", "details": []},
        },
    }
    assert read_webhook(json.dumps(delivery).encode()) == WebhookHint(
        type="issue.updated",
        issue_id=5,
        journal_id=17,
        timestamp=datetime(2026, 11, 23, 13, 30, tzinfo=UTC),
    )


def test_a_delivery_without_a_journal_is_a_hint_too() -> None:
    assert read_webhook(BODY) == WebhookHint(type="issue.updated", issue_id=5)


def test_a_test_delivery_carries_its_token() -> None:
    assert read_webhook(b'{"type":"bridge.test","data":{"token":"abc"}}').test_token == "abc"


def test_a_delivery_about_something_else_points_at_no_issue() -> None:
    assert read_webhook(b'{"type":"news.created","data":{"news":{"id":1}}}').issue_id is None


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"", "body"),
        (b"[]", "body"),
        (b"\xff\xfe", "body"),
        (b"[" * 100_000, "body"),
        (b'{"data":{"issue":{"id":5}}}', "type"),
        (b'{"type":"issue.updated"}', "data.issue"),
        (b'{"type":"issue.updated","data":{"issue":{"id":"secret words"}}}', "data.issue.id"),
        (b'{"type":"issue.updated","data":{"issue":{"id":-1}}}', "data.issue.id"),
        (b'{"type":"issue.updated","timestamp":"yesterday","data":{}}', "timestamp"),
    ],
)
def test_what_redmine_does_not_send_is_refused_with_the_place_and_without_the_value(
    body: bytes, place: str
) -> None:
    with pytest.raises(UnreadableWebhook, match=place) as refusal:
        read_webhook(body)
    assert "secret words" not in str(refusal.value)


@given(st.binary() | st.text().map(lambda text: json.dumps({"type": text, "data": text}).encode()))
def test_no_body_breaks_the_reader(body: bytes) -> None:
    try:
        read_webhook(body)
    except UnreadableWebhook:
        return


def test_a_hint_knows_its_age() -> None:
    hint = read_webhook(
        b'{"type":"issue.updated","timestamp":"2026-11-23T18:30:00+05:00",'
        b'"data":{"issue":{"id":5}}}'
    )
    assert hint.age(datetime(2026, 11, 23, 15, 30, tzinfo=UTC)) == timedelta(hours=2)
    assert read_webhook(BODY).age(datetime(2026, 11, 23, tzinfo=UTC)) is None
