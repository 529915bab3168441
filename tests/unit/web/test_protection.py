"""Who guesses is turned away, a network never is, and no answer gives a browser anything to run."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from werkzeug.test import TestResponse

from bridge.helpdesk.signature import SIGNATURE_HEADER, sign
from bridge.office import Office
from tests.unit.web.conftest import CALLBACK_SECRET, NOW, WEBHOOK_SECRET, Door, opened_door

NETWORK, STRANGER = "87.240.132.72", "5.255.255.70"
VK = "/hooks/vk/vk-administration"
REFUSALS, REQUESTS = 5, 600


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def guarded(
    office: Office, file: Path, monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller
) -> Iterator[Door]:
    """A door that turns away sooner, so that the tests need fewer requests."""
    assert clock
    monkeypatch.setenv("BRIDGE_VK_ADMINISTRATION_SECRET", CALLBACK_SECRET)
    limits = {"refusals_per_minute": REFUSALS, "requests_per_minute": REQUESTS}
    with opened_door(office, file, **limits) as door:
        yield door


def knock(
    door: Door,
    number: int = 0,
    secret: str = CALLBACK_SECRET,
    path: str = VK,
    sender: str = NETWORK,
) -> TestResponse:
    comment = {"id": number, "from_id": 501, "text": "Яма", "post_id": 2, "owner_id": -1001}
    event = {"type": "wall_reply_new", "event_id": f"e-{number}", "group_id": 1001}
    body: dict[str, Any] = event | {"secret": secret, "object": comment}
    return door.client.post(path, json=body, environ_base={"REMOTE_ADDR": sender})


def guess(door: Door, times: int = 1, sender: str = STRANGER, path: str = VK) -> TestResponse:
    for number in range(times):
        answer = knock(door, number, secret="guessed", path=path, sender=sender)
    return answer


def test_who_guesses_secrets_is_turned_away_and_told_when_to_come_again(guarded: Door) -> None:
    assert guess(guarded, REFUSALS).status_code == 403
    answer = guess(guarded)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert knock(guarded, sender=STRANGER).status_code == 429
    assert 'bridge_requests_turned_away_total{excess="refused"} 2.0' in guarded.counted()


def test_who_was_turned_away_may_come_again_a_minute_later(
    guarded: Door, clock: time_machine.Traveller
) -> None:
    wait = int(guess(guarded, REFUSALS + 1).headers["Retry-After"])
    clock.move_to(NOW + timedelta(seconds=wait))
    assert knock(guarded, sender=STRANGER).data == b"ok"


def test_a_stranger_turns_nobody_else_away(guarded: Door) -> None:
    assert guess(guarded, REFUSALS + 1).status_code == 429
    assert knock(guarded).data == b"ok"


def test_a_channel_with_a_wrong_secret_shuts_no_other_channels_door(guarded: Door) -> None:
    """VK calls about all of a city's communities from the same addresses."""
    assert guess(guarded, REFUSALS + 1, sender=NETWORK).status_code == 429
    assert knock(guarded, path="/hooks/vk/vk-head", sender=NETWORK).status_code != 429


def test_names_of_channels_cannot_be_guessed_for_ever(guarded: Door) -> None:
    answers = [
        guess(guarded, path=f"/hooks/{name}").status_code
        for name in ("vk/a", "vk/b", "ok/c/d", "nothing", "redmine/x", "vk/e")
    ]
    assert answers == [404] * REFUSALS + [429]


def test_an_address_of_one_subscriber_is_all_that_he_may_choose_from(guarded: Door) -> None:
    for number in range(REFUSALS):
        assert guess(guarded, sender=f"2a00:bdc0:1:2::{number}").status_code == 403
    assert guess(guarded, sender="2a00:bdc0:1:2:ffff::1").status_code == 429
    assert guess(guarded, sender="2a00:bdc0:1:3::1").status_code == 403


def test_a_burst_of_a_network_is_taken_whole_whatever_is_sent_twice(guarded: Door) -> None:
    answers = {knock(guarded, number % 300).status_code for number in range(REQUESTS)}
    assert answers == {200}
    assert len(guarded.stored()) == 300


def test_a_flood_is_turned_away_until_the_minute_ends(
    guarded: Door, clock: time_machine.Traveller
) -> None:
    for _ in range(REQUESTS):
        knock(guarded)
    answer = knock(guarded)
    assert answer.status_code == 429
    assert 'bridge_requests_turned_away_total{excess="requests"} 1.0' in guarded.counted()
    clock.move_to(NOW + timedelta(seconds=int(answer.headers["Retry-After"])))
    assert knock(guarded).data == b"ok"


@pytest.mark.parametrize("sender", ["127.0.0.1", "10.0.0.7", "::1", "::ffff:192.168.0.1", ""])
def test_a_proxy_that_is_not_declared_shuts_no_networks_door(guarded: Door, sender: str) -> None:
    """All that stand behind it have its address, the guesser and VK alike."""
    assert guess(guarded, REFUSALS + 1, sender=sender).status_code == 403
    assert knock(guarded, sender=sender).data == b"ok"


def test_genuine_webhooks_that_come_too_late_are_not_taken_for_guesses(guarded: Door) -> None:
    old = {
        "type": "issue.updated",
        "timestamp": "2026-11-20T10:00:00Z",
        "data": {"issue": {"id": 1}},
    }
    body = json.dumps(old).encode()
    for _ in range(REFUSALS + 1):
        answer = guarded.client.post(
            "/hooks/redmine",
            data=body,
            headers={SIGNATURE_HEADER: sign(body, WEBHOOK_SECRET)},
            environ_base={"REMOTE_ADDR": NETWORK},
        )
        assert answer.status_code == 400


def test_a_body_that_does_not_tell_its_length_is_refused_with_the_reason(door: Door) -> None:
    answer = door.client.post(VK, data=b"x", headers={"Transfer-Encoding": "chunked"})
    assert (answer.status_code, answer.data) == (411, b"411 Length Required\n")


@pytest.mark.parametrize("path", ["/healthz", "/metrics", "/hooks/redmine", "/", "/hooks/vk/nope"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "TRACE"])
def test_no_answer_gives_a_browser_anything_to_run_or_keep(
    door: Door, method: str, path: str
) -> None:
    answer = door.client.open(path, method=method)
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Server"] == "bridge"
    assert not answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("path", ["/hooks/redmine", VK, "/hooks/ok/ok-administration/key"])
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "TRACE"])
def test_other_methods_are_refused_in_one_line(door: Door, method: str, path: str) -> None:
    answer = door.client.open(path, method=method)
    assert (answer.status_code, answer.data) == (405, b"405 Method Not Allowed\n")


def test_an_answer_repeats_nothing_of_the_request(door: Door) -> None:
    answer = door.client.get("/nothing?<script>alert(1)</script>")
    assert (answer.status_code, answer.data) == (404, b"404 Not Found\n")
