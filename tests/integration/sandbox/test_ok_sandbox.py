"""The sandbox's OK on the wire: errors, signature, webhooks, and pages where a person writes."""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from sandbox.clock import ManualClock
from sandbox.ok import OkSandbox, OkSandboxSettings
from sandbox.ok.client import SandboxOk
from sandbox.ok.delivery import WebhookPolicy
from sandbox.ok.seed import (
    ADMINISTRATION,
    APPLICATION_KEY,
    APPLICATION_SECRET,
    CITIZENS,
    FIRST_TOPIC_ID,
    GROUPS,
    HEAD,
)
from sandbox.receiver import Answer, Receiver

CITIZEN = CITIZENS[2]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 23, 13, 30, tzinfo=UTC))


@pytest.fixture
def sandbox(clock: ManualClock) -> OkSandbox:
    policy = WebhookPolicy(time_scale=0.0001, answer_timeout=timedelta(seconds=0.5))
    return OkSandbox(OkSandboxSettings(policy), clock)


@pytest.fixture
def url(sandbox: OkSandbox) -> Iterator[str]:
    with sandbox.running() as url:
        yield url


def rest(url: str, method: str, **parameters: str) -> requests.Response:
    """A call as OK's documentation has it, with parameters replaced."""
    sent = {"method": method, "application_key": APPLICATION_KEY, "format": "json", **parameters}
    token = sent.setdefault("access_token", ADMINISTRATION.access_token)
    signed = "".join(f"{k}={v}" for k, v in sorted(sent.items()) if k != "access_token")
    secret = hashlib.md5(f"{token}{APPLICATION_SECRET}".encode()).hexdigest()  # noqa: S324
    sig = hashlib.md5(f"{signed}{secret}".encode()).hexdigest()  # noqa: S324
    return requests.post(f"{url}/fb.do", data={"sig": sig, **sent}, timeout=5)


def graph(url: str, verb: str, path: str, body: Any = None, token: str = "") -> Any:
    query = {"access_token": token or ADMINISTRATION.bot_token}
    address = f"{url}/graph/{path}"
    return requests.request(verb, address, params=query, json=body, timeout=5).json()


def page(url: str, path: str) -> str:
    answer = requests.get(f"{url}{path}", timeout=5)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"application_key": "other"}, 101),
        ({"access_token": "other"}, 103),
        ({"sig": "0" * 32}, 104),
        ({"method": "no.such"}, 3),
        ({"gid": "999"}, 160),
        ({"gid": str(HEAD.id)}, 50),
        ({"gid": "many"}, 100),
    ],
)
def test_refused_call_is_an_error_under_status_200_and_in_a_header(
    url: str, parameters: dict[str, str], code: int
) -> None:
    answer = rest(
        url, **{"method": "group.getStatTopics", "gid": str(ADMINISTRATION.id), **parameters}
    )

    assert answer.status_code == 200
    assert answer.json()["error_code"] == code
    assert answer.headers["invocation-error"] == str(code)


def test_call_by_its_path_is_the_same_call(url: str) -> None:
    gid = str(ADMINISTRATION.id)
    by_parameter = rest(url, "group.getStatTopics", gid=gid)
    form = requests.utils.unquote(by_parameter.request.body or "")
    sent = dict(pair.split("=", 1) for pair in form.split("&"))

    by_path = requests.post(f"{url}/api/group/getStatTopics", data=sent, timeout=5)

    assert by_path.json() == by_parameter.json()


def test_comments_are_paged_both_ways(url: str) -> None:
    burst = {"topic_id": FIRST_TOPIC_ID, "count": 5}
    requests.post(f"{url}/sandbox/burst", json=burst, timeout=5)
    where = {"discussionId": str(FIRST_TOPIC_ID), "discussionType": "GROUP_TOPIC", "count": "3"}
    seen = {}
    for direction, anchor in (("FORWARD", "FIRST"), ("BACKWARD", "LAST")):
        first = rest(url, "discussions.getComments", **where, direction=direction, anchor=anchor)
        rest_of_them = rest(
            url,
            "discussions.getComments",
            **where,
            direction=direction,
            anchor=first.json()["anchor"],
        )
        assert first.json()["has_more"]
        assert not rest_of_them.json()["has_more"]
        both = [*first.json()["comments"], *rest_of_them.json()["comments"]]
        seen[direction] = sorted(comment["text"] for comment in both)

    assert seen["FORWARD"] == seen["BACKWARD"]
    assert len(seen["FORWARD"]) == 5


@pytest.mark.parametrize(
    ("verb", "path", "body", "token", "code"),
    [
        ("GET", "me/info", None, "other", 103),
        ("GET", "me/nothing", None, "", 3),
        ("POST", "me/subscribe", {}, "", 2001),
        ("POST", "me/messages/chat:C0", {"message": {"text": "x"}}, "", 705),
        ("GET", "me/updates", None, "", 2001),
    ],
)
def test_refused_call_of_the_bot_is_an_error(
    url: str, verb: str, path: str, body: Any, token: str, code: int
) -> None:
    assert graph(url, verb, path, body, token)["error_code"] == code


def test_message_with_six_attachments_is_refused(url: str) -> None:
    wanted = {"group_id": ADMINISTRATION.id, "user_id": CITIZEN.id, "text": "Лифт"}
    chat = requests.post(f"{url}/sandbox/messages", json=wanted, timeout=5).json()["chat_id"]
    message = {"text": "x", "attachments": [{"type": "IMAGE", "payload": {"token": "t"}}] * 6}

    refused = graph(url, "POST", f"me/messages/{chat}", {"message": message})

    assert refused["error_code"] == 2001


def test_webhook_that_fails_for_eight_hours_is_taken_off_the_list(
    url: str, sandbox: OkSandbox, clock: ManualClock
) -> None:
    receiver = Receiver(Answer(status=500))
    wanted = {"group_id": ADMINISTRATION.id, "user_id": CITIZEN.id, "text": "Лифт"}
    with receiver.running() as hook:
        graph(url, "POST", "me/subscribe", {"url": hook})
        requests.post(f"{url}/sandbox/messages", json=wanted, timeout=5)
        receiver.wait_for(2)
        assert len(graph(url, "GET", "me/subscriptions")["subscriptions"]) == 1
        clock.advance(timedelta(hours=8))
        assert sandbox.settle()

        assert graph(url, "GET", "me/subscriptions")["subscriptions"] == []


def test_held_messages_come_when_released(url: str, sandbox: OkSandbox) -> None:
    receiver = Receiver()
    wanted = {"group_id": ADMINISTRATION.id, "user_id": CITIZEN.id, "text": "Лифт"}
    with receiver.running() as hook:
        graph(url, "POST", "me/subscribe", {"url": hook})
        requests.post(f"{url}/sandbox/webhooks/faults", json={"kind": "hold"}, timeout=5)
        requests.post(f"{url}/sandbox/messages", json=wanted, timeout=5)
        assert sandbox.settle()
        assert receiver.received == []

        released = requests.post(f"{url}/sandbox/webhooks/release", timeout=5).json()

        assert released == {"released": 1}
        assert receiver.wait_for(1)[0].body["message"]["text"] == "Лифт"


def test_keys_are_in_no_log(url: str) -> None:
    graph(url, "GET", "me/info")
    rest(url, "users.getInfo", uids=str(CITIZEN.id))

    log = requests.get(f"{url}/sandbox/calls", timeout=5).text

    assert "users.getInfo" in log
    for secret in (ADMINISTRATION.bot_token, ADMINISTRATION.access_token, APPLICATION_KEY):
        assert secret not in log


def test_readers_see_topics_and_the_comments_that_stand(url: str) -> None:
    ok = SandboxOk(url)
    topics = [topic["id"] for topic in ok.topics(ADMINISTRATION.id)]
    assert topics == [FIRST_TOPIC_ID + 1, FIRST_TOPIC_ID]
    first, second = (ok.comment(topics[0], CITIZEN.id, text) for text in ("Снег", "Лёд"))
    ok.control("DELETE", f"comments/{topics[0]}/{first}")
    assert [(one["id"], one["text"]) for one in ok.comments(topics[0])] == [(second, "Лёд")]


def test_the_first_page_lists_the_groups(url: str) -> None:
    html = page(url, "/")

    for seed in GROUPS:
        assert f'<a href="/group/{seed.id}">{seed.group.name}</a>' in html


def test_a_citizen_writes_edits_deletes_and_restores_a_comment_by_the_forms(url: str) -> None:
    topic = f"{url}/group/{ADMINISTRATION.id}/topic/{FIRST_TOPIC_ID}"
    written = requests.post(
        f"{topic}/comments", data={"author_id": CITIZEN.id, "text": "<b>Яма</b>"}, timeout=5
    )
    assert "&lt;b&gt;Яма&lt;/b&gt;" in written.text
    found = re.search(r'<article id="comment-([^"]+)"', written.text)
    assert found is not None
    comment = {"comment_id": found[1]}

    edited = requests.post(f"{topic}/comments/edit", data={**comment, "text": "Ямы"}, timeout=5)
    assert "Ямы" in edited.text
    deleted = requests.post(f"{topic}/comments/delete", data=comment, timeout=5)
    assert "Комментарий удалён" in deleted.text
    restored = requests.post(f"{topic}/comments/restore", data=comment, timeout=5)
    assert "Комментарий удалён" not in restored.text


def test_a_citizen_writes_a_message_and_sees_the_answer(url: str) -> None:
    messages = f"{url}/group/{ADMINISTRATION.id}/messages"
    written = requests.post(
        messages, data={"author_id": CITIZEN.id, "text": "Лифт стоит"}, timeout=5
    )
    chat = requests.utils.unquote(written.url.partition("chat=")[2])
    graph(url, "POST", f"me/messages/{chat}", {"message": {"text": "Починим"}})

    html = page(url, f"/group/{ADMINISTRATION.id}/messages?chat={chat}")

    assert "Лифт стоит" in html
    assert "Починим" in html
    assert "ответ группы" in html


def test_deliveries_are_shown_without_the_secret_address(url: str, sandbox: OkSandbox) -> None:
    receiver = Receiver()
    wanted = {"group_id": ADMINISTRATION.id, "user_id": CITIZEN.id, "text": "Лифт"}
    with receiver.running() as hook:
        graph(url, "POST", "me/subscribe", {"url": hook})
        requests.post(f"{url}/sandbox/messages", json=wanted, timeout=5)
        assert sandbox.settle()

        html = page(url, "/deliveries")

    assert "доставлено" in html
    assert hook not in html
    assert hook not in requests.get(f"{url}/sandbox/events", timeout=5).text


@pytest.mark.parametrize(
    "path", ["/group/1", "/group/53001001/topic/1", "/group/53001002/topic/62503929660001"]
)
def test_what_is_not_there_is_said(url: str, path: str) -> None:
    assert requests.get(f"{url}{path}", timeout=5).status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("comments", {}, 400),
        ("comments", {"topic_id": 1, "author_id": 1, "text": "x"}, 404),
        ("comments", {"topic_id": 1, "author_id": CITIZEN.id, "text": "x"}, 404),
        ("messages", {"group_id": 1, "user_id": 1, "text": "x"}, 404),
        ("webhooks/faults", {"kind": "no"}, 400),
    ],
)
def test_wrong_control_request_says_what_is_wrong(
    url: str, path: str, body: dict[str, Any], status: int
) -> None:
    answer = requests.post(f"{url}/sandbox/{path}", json=body, timeout=5)

    assert answer.status_code == status
    assert answer.json()["errors"]
