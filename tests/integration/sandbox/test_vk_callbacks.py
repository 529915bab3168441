"""Callbacks: handshake, envelope, answers, retries, and the delivery faults that tests ask for."""

from datetime import timedelta

import pytest

from sandbox.clock import ManualClock
from sandbox.receiver import Answer, Received, Receiver
from sandbox.vk import VkSandbox, VkSettings
from sandbox.vk.callback_answers import RETRY_DELAYS
from sandbox.vk.callback_delivery import DeliveryPolicy
from sandbox.vk.client import CallbackNotConfirmed, SandboxVk
from sandbox.vk.seed import ADMINISTRATION, CITIZENS, HEAD

OWNER = ADMINISTRATION.owner_id
CITIZEN = CITIZENS[0]
TOKEN = ADMINISTRATION.community_token


def comment_on(vk: SandboxVk, text: str = "Не убран снег") -> int:
    return vk.comment(OWNER, 1, CITIZEN.id, text)


def states(vk: SandboxVk) -> list[str]:
    return [event["state"] for event in vk.control("GET", "events")["events"]]


def texts(received: list[Received]) -> list[str]:
    return [callback.body["object"]["text"] for callback in received]


def test_the_handshake_asks_for_the_code_and_confirms_the_server(
    connected: SandboxVk, receiver: Receiver
) -> None:
    (handshake,) = receiver.received

    assert handshake.body == {"type": "confirmation", "group_id": ADMINISTRATION.id}
    code = connected.call("groups.getCallbackConfirmationCode", TOKEN, group_id=ADMINISTRATION.id)
    assert code["response"]["code"] == ADMINISTRATION.confirmation_code


def test_a_wrong_confirmation_fails_and_an_edit_asks_again(
    vk: SandboxVk, sandbox: VkSandbox, receiver: Receiver, callback_url: str
) -> None:
    vk.control("POST", "confirmation-code", {"group_id": ADMINISTRATION.id, "code": "another-code"})
    with pytest.raises(CallbackNotConfirmed, match="failed"):
        vk.connect(ADMINISTRATION, callback_url, "secret", ("wall_reply_new",))

    receiver.plan(Answer(b"another-code"))
    vk.call(
        "groups.editCallbackServer",
        TOKEN,
        group_id=ADMINISTRATION.id,
        server_id=1,
        url=callback_url,
        title="bridge",
    )
    assert sandbox.settle()
    assert vk.server_status(ADMINISTRATION, 1) == "ok"


def test_an_event_arrives_in_the_documented_envelope(
    connected: SandboxVk, receiver: Receiver
) -> None:
    comment_id = comment_on(connected)
    event = receiver.wait_for(2)[1]

    assert event.body["type"] == "wall_reply_new"
    assert event.body["group_id"] == ADMINISTRATION.id
    assert event.body["secret"] == "sandbox-secret"
    assert event.body["v"] == "5.199"
    assert len(bytes.fromhex(event.body["event_id"])) == 20
    assert event.body["object"]["id"] == comment_id
    assert event.body["object"]["post_owner_id"] == OWNER
    assert "X-Retry-Counter" not in event.headers


def test_the_communitys_own_answer_comes_back_as_an_event(
    connected: SandboxVk, receiver: Receiver
) -> None:
    connected.call("wall.createComment", TOKEN, owner_id=OWNER, post_id=1, message="Ответ")

    assert receiver.wait_for(2)[1].body["object"]["from_id"] == OWNER


def test_only_switched_on_events_of_the_own_community_are_sent(
    connected: SandboxVk, sandbox: VkSandbox, receiver: Receiver
) -> None:
    comment_id = comment_on(connected)
    connected.control("POST", f"comments/{OWNER}/{comment_id}/edit", {"text": "Правка"})
    connected.control("POST", f"comments/{OWNER}/{comment_id}/delete")
    connected.comment(HEAD.owner_id, 1, CITIZEN.id, "Не сюда")
    body = {"group_id": ADMINISTRATION.id, "from_id": CITIZEN.id, "text": "Лично"}
    connected.control("POST", "messages", body)

    assert sandbox.settle()
    types = sorted(callback.body["type"] for callback in receiver.received[1:])
    assert types == ["message_new", "wall_reply_delete", "wall_reply_new"]


@pytest.mark.parametrize(
    "wrong", [Answer(b"\xef\xbb\xbfok"), Answer(b"OK"), Answer(b"ok", status=500)]
)
def test_a_wrong_answer_is_sent_again_with_the_retry_counter(
    connected: SandboxVk, sandbox: VkSandbox, receiver: Receiver, wrong: Answer
) -> None:
    receiver.plan(wrong, wrong)
    comment_on(connected)

    assert sandbox.settle()
    attempts = receiver.received[1:]
    assert [a.headers.get("X-Retry-Counter") for a in attempts] == [None, "1", "2"]
    assert len({a.body["event_id"] for a in attempts}) == 1
    assert states(connected) == ["delivered"]


def test_an_event_is_given_up_after_the_last_retry(
    connected: SandboxVk, sandbox: VkSandbox, receiver: Receiver
) -> None:
    receiver.usual = Answer(b"", status=500)
    comment_on(connected)

    assert sandbox.settle()
    assert len(receiver.received) == 1 + 1 + len(RETRY_DELAYS)
    assert states(connected) == ["given_up"]


def test_a_server_that_does_not_answer_is_tried_again(
    vk: SandboxVk, sandbox: VkSandbox, receiver: Receiver
) -> None:
    with receiver.running() as url:
        vk.connect(ADMINISTRATION, url, "secret", ("wall_reply_new",))
    comment_on(vk)

    assert sandbox.settle()
    (event,) = vk.control("GET", "events")["events"]
    assert event["state"] == "given_up"
    assert {attempt["status"] for attempt in event["attempts"]} == {None}


def test_retry_after_postpones_without_counting_as_an_error(
    connected: SandboxVk, sandbox: VkSandbox, receiver: Receiver
) -> None:
    receiver.plan(Answer(b"", 503, {"Retry-After": "60"}), Answer(b"", 429, {"Retry-After": "1"}))
    comment_on(connected)

    assert sandbox.settle()
    counters = [a.headers.get("X-Retry-Counter") for a in receiver.received[1:]]
    assert counters == [None, None, None]
    assert states(connected) == ["delivered"]


def test_the_body_remove_deletes_the_server(
    connected: SandboxVk, sandbox: VkSandbox, receiver: Receiver
) -> None:
    receiver.plan(Answer(b"remove"))
    comment_on(connected)
    assert sandbox.settle()
    servers = connected.call("groups.getCallbackServers", TOKEN, group_id=ADMINISTRATION.id)

    assert servers["response"]["count"] == 0


def test_the_body_version_switches_the_version_of_events(
    connected: SandboxVk, sandbox: VkSandbox, receiver: Receiver
) -> None:
    receiver.plan(Answer(b"version 5.131"))
    comment_on(connected)
    assert sandbox.settle()
    comment_on(connected)

    assert receiver.wait_for(3)[2].body["v"] == "5.131"


def test_many_errors_in_a_row_stop_delivery_for_a_while(
    clock: ManualClock, receiver: Receiver, callback_url: str
) -> None:
    policy = DeliveryPolicy(0.0001, timedelta(seconds=1), 2, timedelta(minutes=10))
    sandbox = VkSandbox(VkSettings(policy), clock)
    with sandbox.running() as url:
        vk = SandboxVk(url)
        vk.connect(ADMINISTRATION, callback_url, "secret", ("wall_reply_new",))
        receiver.plan(Answer(b"", 500), Answer(b"", 500))
        comment_on(vk)
        receiver.wait_for(3)
        assert not sandbox.settle(timeout=0.2)
        assert states(vk) == ["postponed"]

        clock.advance(timedelta(seconds=1))
        assert sandbox.settle()
        assert states(vk) == ["delivered"]


def test_a_duplicate_has_the_same_event_id(
    connected: SandboxVk, sandbox: VkSandbox, receiver: Receiver
) -> None:
    connected.control("POST", "callbacks/faults", {"kind": "duplicate"})
    comment_on(connected)

    assert sandbox.settle()
    first, second = receiver.received[1:]
    assert first.body == second.body


def test_reordered_events_come_newest_first(
    connected: SandboxVk, sandbox: VkSandbox, receiver: Receiver
) -> None:
    connected.control("POST", "callbacks/faults", {"kind": "reorder", "times": 3})
    for text in ("раз", "два", "три"):
        comment_on(connected, text)

    assert sandbox.settle()
    assert texts(receiver.received[1:]) == ["три", "два", "раз"]


def test_held_events_wait_for_their_release(
    connected: SandboxVk, sandbox: VkSandbox, receiver: Receiver
) -> None:
    connected.control("POST", "callbacks/faults", {"kind": "hold", "times": 2})
    comment_on(connected)
    comment_on(connected)
    assert sandbox.settle()
    assert states(connected) == ["held", "held"]

    assert connected.control("POST", "callbacks/release") == {"released": 2}
    assert sandbox.settle()
    assert states(connected) == ["delivered", "delivered"]
    assert len(receiver.received) == 3


def test_ending_the_faults_sends_what_was_held(connected: SandboxVk, sandbox: VkSandbox) -> None:
    connected.control("POST", "callbacks/faults", {"kind": "hold", "times": 5})
    comment_on(connected)
    connected.control("DELETE", "callbacks/faults")
    comment_on(connected)

    assert sandbox.settle()
    assert states(connected) == ["delivered", "delivered"]


def test_a_forged_event_has_another_secret_and_is_sent_once(
    connected: SandboxVk, sandbox: VkSandbox, receiver: Receiver
) -> None:
    connected.control("POST", "callbacks/faults", {"kind": "wrong_secret"})
    receiver.plan(Answer(b"", 403))
    comment_on(connected)

    assert sandbox.settle()
    (forged,) = receiver.received[1:]
    assert forged.body["secret"] != "sandbox-secret"
    assert states(connected) == ["forged"]


def test_a_burst_delivers_every_event_twice(
    connected: SandboxVk, sandbox: VkSandbox, receiver: Receiver
) -> None:
    body = {"owner_id": OWNER, "post_id": 1, "count": 50, "each_event_twice": True}
    ids = connected.control("POST", "burst", body)["ids"]

    assert sandbox.settle()
    arrived = [callback.body["object"]["id"] for callback in receiver.received[1:]]
    assert sorted(arrived) == sorted(ids * 2)
    assert len({callback.body["event_id"] for callback in receiver.received[1:]}) == len(ids)


@pytest.mark.parametrize(
    ("changed", "detail"),
    [
        ({"url": "ftp://example.org"}, "url is invalid"),
        ({"title": "a title that is too long"}, "title should be less or equal to 14 characters"),
        ({"secret_key": "s" * 51}, "secret_key should be less or equal to 50 characters"),
    ],
)
def test_a_badly_described_server_is_refused(
    vk: SandboxVk, changed: dict[str, str], detail: str
) -> None:
    server = {"group_id": ADMINISTRATION.id, "url": "http://127.0.0.1/", "title": "bridge"}
    envelope = vk.call("groups.addCallbackServer", TOKEN, **{**server, **changed})

    assert envelope["error"]["error_msg"].endswith(detail)


def test_callback_servers_belong_to_their_community(connected: SandboxVk) -> None:
    of_head = connected.call(
        "groups.deleteCallbackServer", HEAD.community_token, group_id=HEAD.id, server_id=1
    )
    foreign = connected.call(
        "groups.deleteCallbackServer", HEAD.admin_token, group_id=ADMINISTRATION.id, server_id=1
    )
    deleted = connected.call(
        "groups.deleteCallbackServer", TOKEN, group_id=ADMINISTRATION.id, server_id=1
    )

    assert of_head["error"]["error_code"] == 104
    assert foreign["error"]["error_code"] == 203
    assert deleted["response"] == 1


def test_the_settings_of_a_server_are_kept(connected: SandboxVk) -> None:
    named = {"group_id": ADMINISTRATION.id, "server_id": 1}
    connected.call("groups.setCallbackSettings", TOKEN, **named, wall_post_new=0, group_join=1)
    settings = connected.call("groups.getCallbackSettings", TOKEN, **named)["response"]

    on = {event for event, switch in settings["events"].items() if switch}
    assert on == {"wall_reply_new", "wall_reply_delete", "message_new", "group_join"}
