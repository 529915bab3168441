"""Faults on request: what the caller gets, and whether the call took effect nevertheless."""

import json

import pytest
import requests

from sandbox.vk.client import SandboxVk
from sandbox.vk.seed import ADMINISTRATION

OWNER = ADMINISTRATION.owner_id


def place(vk: SandboxVk, guid: str = "placement-1") -> dict:
    return vk.call(
        "wall.createComment",
        ADMINISTRATION.community_token,
        owner_id=OWNER,
        post_id=1,
        message="Ответ",
        guid=guid,
    )


def placed(vk: SandboxVk) -> int:
    envelope = vk.call("wall.getComments", ADMINISTRATION.service_token, owner_id=OWNER, post_id=1)
    count: int = envelope["response"]["count"]
    return count


def request_fault(vk: SandboxVk, kind: str, **fields: object) -> None:
    vk.control("POST", "faults", {"method": "wall.createComment", "kind": kind, **fields})


def test_an_error_has_vks_envelope_and_no_effect(vk: SandboxVk) -> None:
    request_fault(vk, "error", code=9)

    assert place(vk)["error"]["error_msg"] == "Flood control"
    assert placed(vk) == 0
    assert "response" in place(vk)


def test_a_captcha_error_carries_what_a_captcha_needs(vk: SandboxVk) -> None:
    request_fault(vk, "error", code=14)

    assert {"captcha_sid", "captcha_img"} <= set(place(vk)["error"])


@pytest.mark.parametrize(
    ("kind", "effect"), [("drop_after_processing", 1), ("drop_before_processing", 0)]
)
def test_a_dropped_call_gets_no_answer(vk: SandboxVk, kind: str, effect: int) -> None:
    request_fault(vk, kind)
    with pytest.raises(requests.ConnectionError):
        place(vk)

    assert placed(vk) == effect
    assert "response" in place(vk)
    assert placed(vk) == 1


@pytest.mark.parametrize(
    ("kind", "received"),
    [
        ("truncated_body", requests.exceptions.ChunkedEncodingError),
        ("garbage", json.JSONDecodeError),
    ],
)
def test_a_spoilt_answer_belongs_to_a_call_that_took_effect(
    vk: SandboxVk, kind: str, received: type[Exception]
) -> None:
    request_fault(vk, kind)
    with pytest.raises(received):
        place(vk)

    assert placed(vk) == 1


def test_an_http_status_comes_with_a_proxys_page_and_no_effect(vk: SandboxVk, url: str) -> None:
    request_fault(vk, "http_status", code=502)
    answer = requests.post(f"{url}/method/wall.createComment", timeout=5)

    assert (answer.status_code, answer.headers["Content-Type"]) == (
        502,
        "text/html; charset=utf-8",
    )
    assert placed(vk) == 0


def test_a_delayed_answer_comes_late_and_complete(vk: SandboxVk, url: str) -> None:
    request_fault(vk, "delay", seconds=0.4)
    with pytest.raises(requests.ReadTimeout):
        requests.post(f"{url}/method/wall.createComment", timeout=0.1)

    request_fault(vk, "delay", seconds=0.05)
    assert "response" in place(vk)


def test_a_fault_can_wait_for_certain_parameters(vk: SandboxVk) -> None:
    request_fault(vk, "error", code=10, params_match={"guid": "unlucky"})

    assert "response" in place(vk, guid="lucky")
    assert place(vk, guid="unlucky")["error"]["error_code"] == 10


def test_pending_faults_are_shown_and_cleared(vk: SandboxVk) -> None:
    request_fault(vk, "error", code=10, times=3)
    place(vk)
    (fault,) = vk.control("GET", "faults")["faults"]
    vk.control("DELETE", "faults")

    assert fault["left"] == 2
    assert "response" in place(vk)


@pytest.mark.parametrize(
    ("verb", "path", "body", "status"),
    [
        ("POST", "faults", {"method": "wall.get", "kind": "error"}, 400),
        ("POST", "callbacks/faults", {"kind": "explode"}, 400),
        ("POST", "comments", {"owner_id": OWNER, "post_id": 1, "from_id": 501}, 400),
        ("POST", "comments", {"owner_id": OWNER, "post_id": 1, "from_id": 4, "text": "т"}, 404),
        ("POST", "comments", {"owner_id": -4, "post_id": 1, "from_id": 501, "text": "т"}, 404),
        ("POST", "comments", {"owner_id": OWNER, "post_id": 4, "from_id": 501, "text": "т"}, 409),
        ("POST", "burst", {"owner_id": OWNER, "post_id": 1, "count": 0}, 400),
        ("GET", f"comments/{OWNER}/404", None, 404),
        ("POST", f"comments/{OWNER}/404/delete", None, 404),
        ("PUT", f"posts/{OWNER}/404/rules", {"closed": True}, 404),
        ("POST", "long-poll/trouble", {"group_id": 1001, "failed": 4}, 400),
    ],
)
def test_a_wrong_control_request_is_refused_with_its_reason(
    url: str, verb: str, path: str, body: dict | None, status: int
) -> None:
    answer = requests.request(verb, f"{url}/sandbox/{path}", json=body, timeout=5)

    assert answer.status_code == status
    (mistake,) = answer.json()["errors"]
    assert mistake["problem"]


def test_a_reset_forgets_everything(connected: SandboxVk) -> None:
    request_fault(connected, "error", code=10)
    connected.comment(OWNER, 1, 501, "Вопрос")
    connected.control("POST", "reset")

    assert connected.control("GET", "faults") == {"faults": []}
    assert connected.control("GET", "events") == {"events": []}
    assert connected.control("GET", "calls") == {"calls": []}
    assert placed(connected) == 0
    servers = connected.call(
        "groups.getCallbackServers",
        ADMINISTRATION.community_token,
        group_id=ADMINISTRATION.id,
    )
    assert servers["response"]["count"] == 0
