"""Answers over HTTP: what a system's answer means, and how one is looked up."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
import responses

from bridge.messages import Picture, Placed, Placement
from bridge.networks.exchange_settings import AnswerHttp
from bridge.publish.exchange_http import HttpPublisher
from bridge.publish.port import CannotLook, PublishError, Remedy

URL = "http://incident.invalid/cards/{number}/answers"
POSTED = "http://incident.invalid/cards/%D0%98%D0%9C%2F17/answers"
STATUS = "http://incident.invalid/answers/{key}"
LOOKED = "http://incident.invalid/answers/bridge-1-place-7"
NOW = datetime(2026, 11, 24, 11, 20, tzinfo=UTC)
TOKEN = "token-of-the-system"
PLACEMENT = Placement(
    "bridge-1-place-7", {"number": "ИМ/17", "link": "https://vk.com/wall-1_2"}, "Яма 😀 заделана"
)


@pytest.fixture
def far_side() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def publisher(monkeypatch: pytest.MonkeyPatch, **settings: Any) -> HttpPublisher:
    monkeypatch.setenv("TEST_ANSWERS_TOKEN", TOKEN)
    http = AnswerHttp(
        **{"url": URL, "status_url": STATUS, "token": {"env": "TEST_ANSWERS_TOKEN"}} | settings
    )
    return HttpPublisher.of(http, lambda: NOW)


@pytest.mark.clause("2.1.4")
def test_answer_is_posted_with_its_key_and_the_systems_names(
    far_side: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    far_side.post(POSTED, json={"id": 5, "link": "https://incident.invalid/17#5"}, status=201)
    assert publisher(monkeypatch).place(PLACEMENT) == Placed("5", "https://incident.invalid/17#5")
    request = far_side.calls[0].request
    assert request.headers["Idempotency-Key"] == PLACEMENT.idempotency_key
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert json.loads(request.body or b"") == {
        "number": "ИМ/17",
        "answer": "Яма 😀 заделана",
        "link": "https://vk.com/wall-1_2",
        "answered_at": "2026-11-24T11:20:00+00:00",
    }


@pytest.mark.parametrize("link", ["javascript://incident.invalid/%0aalert(1)", "data:,x", 5, None])
def test_a_link_that_would_run_in_a_browser_is_not_shown_to_staff(
    far_side: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch, link: object
) -> None:
    far_side.post(POSTED, json={"id": 5, "link": link}, status=201)
    assert publisher(monkeypatch).place(PLACEMENT).link == "https://vk.com/wall-1_2"


@pytest.mark.clause("3.4")
def test_pictures_go_within_the_answer(
    far_side: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    far_side.post(POSTED, status=204)
    picture = Picture("a.jpg", "image/jpeg", b"jpeg")
    placement = Placement("k", PLACEMENT.address, "Да", (picture,))
    placed = publisher(monkeypatch).place(placement)
    assert placed == Placed("ИМ/17", "https://vk.com/wall-1_2")
    (sent,) = json.loads(far_side.calls[0].request.body or b"")["pictures"]
    assert base64.b64decode(sent["content"]) == b"jpeg"


@pytest.mark.parametrize(
    ("status", "body", "remedy"),
    [
        (200, "<html>", Remedy.LOOK),
        (200, "[]", Remedy.LOOK),
        (302, "", Remedy.CHANNEL_DOWN),
        (400, "", Remedy.BY_HAND),
        (401, "", Remedy.CHANNEL_DOWN),
        (403, "", Remedy.CHANNEL_DOWN),
        (404, "", Remedy.BY_HAND),
        (409, "", Remedy.LOOK),
        (418, "", Remedy.BY_HAND),
        (422, "", Remedy.BY_HAND),
        (423, "", Remedy.RETRY),
        (429, "", Remedy.PAUSE),
        (500, "", Remedy.LOOK),
        (502, "<html>", Remedy.LOOK),
        (503, "", Remedy.LOOK),
    ],
)
@pytest.mark.scenario(16, 17)
def test_refusal_calls_for_its_remedy_and_says_so_in_russian(
    far_side: responses.RequestsMock,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    body: str,
    remedy: Remedy,
) -> None:
    far_side.post(POSTED, body=body, status=status)
    with pytest.raises(PublishError) as failed:
        publisher(monkeypatch).place(PLACEMENT)
    assert failed.value.remedy is remedy
    assert str(status) in failed.value.code
    assert failed.value.meaning[0] in "АБВГДЕЗИКЛМНОПРСТУЭ"
    assert TOKEN not in str(failed.value)


@pytest.mark.scenario(12)
def test_lost_answer_is_an_unknown_outcome_and_a_lost_request_is_not(
    far_side: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    far_side.post(POSTED, body=requests.exceptions.ReadTimeout())
    with pytest.raises(PublishError) as failed:
        publisher(monkeypatch).place(PLACEMENT)
    assert failed.value.remedy is Remedy.LOOK
    far_side.reset()
    far_side.post(POSTED, body=requests.exceptions.ConnectTimeout())
    with pytest.raises(PublishError) as failed:
        publisher(monkeypatch).place(PLACEMENT)
    assert failed.value.remedy is Remedy.RETRY


@pytest.mark.scenario(12)
def test_answer_is_looked_up_by_its_key(
    far_side: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    far_side.get(LOOKED, json={"id": "a-5"})
    assert publisher(monkeypatch).find(PLACEMENT, NOW) == Placed("a-5", "https://vk.com/wall-1_2")
    far_side.reset()
    far_side.get(LOOKED, status=404)
    assert publisher(monkeypatch).find(PLACEMENT, NOW) is None


@pytest.mark.parametrize(
    ("status", "remedy"), [(500, Remedy.RETRY), (200, Remedy.RETRY), (429, Remedy.PAUSE)]
)
def test_looking_that_fails_says_nothing_of_the_answer(
    far_side: responses.RequestsMock,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    remedy: Remedy,
) -> None:
    far_side.get(LOOKED, body="<html>", status=status)
    with pytest.raises(PublishError) as failed:
        publisher(monkeypatch).find(PLACEMENT, NOW)
    assert failed.value.remedy is remedy


def test_looking_without_an_answer_may_be_repeated(
    far_side: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    far_side.get(LOOKED, body=requests.exceptions.ReadTimeout())
    with pytest.raises(PublishError) as failed:
        publisher(monkeypatch).find(PLACEMENT, NOW)
    assert failed.value.remedy is Remedy.RETRY


def test_without_a_way_to_look_nobody_can(
    far_side: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    far_side.get(LOOKED, status=403)
    with pytest.raises(CannotLook):
        publisher(monkeypatch).find(PLACEMENT, NOW)
    with pytest.raises(CannotLook, match="status_url"):
        publisher(monkeypatch, status_url=None).find(PLACEMENT, NOW)
