"""Bots long poll: what a reader gets, waits for, and is told when it has fallen behind."""

import threading
from dataclasses import dataclass

import pytest
import requests

from sandbox.vk.client import SandboxVk
from sandbox.vk.seed import ADMINISTRATION, CITIZENS

GROUP = ADMINISTRATION.id
TOKEN = ADMINISTRATION.community_token


@dataclass
class Reader:
    server: str
    key: str
    ts: str

    def check(self, wait: int = 0) -> dict:
        query = {"act": "a_check", "key": self.key, "ts": self.ts, "wait": wait}
        return requests.get(self.server, params=query, timeout=10).json()


@pytest.fixture
def reader(vk: SandboxVk) -> Reader:
    vk.call("groups.setLongPollSettings", TOKEN, group_id=GROUP, enabled=1, wall_reply_new=1)
    return Reader(**vk.call("groups.getLongPollServer", TOKEN, group_id=GROUP)["response"])


def comment(vk: SandboxVk) -> int:
    return vk.comment(ADMINISTRATION.owner_id, 1, CITIZENS[0].id, "Вопрос")


def trouble(vk: SandboxVk, failed: int) -> None:
    vk.control("POST", "long-poll/trouble", {"group_id": GROUP, "failed": failed})


def test_a_reader_gets_what_came_after_its_ts(vk: SandboxVk, reader: Reader) -> None:
    comment_id = comment(vk)
    answer = reader.check()
    (update,) = answer["updates"]

    assert update["object"]["id"] == comment_id
    assert set(update) == {"type", "event_id", "v", "object", "group_id"}
    reader.ts = answer["ts"]
    assert reader.check() == {"ts": answer["ts"], "updates": []}


def test_a_waiting_reader_is_answered_at_once(vk: SandboxVk, reader: Reader) -> None:
    answers: list[dict] = []
    waiting = threading.Thread(target=lambda: answers.append(reader.check(wait=9)))
    waiting.start()
    comment(vk)
    waiting.join(timeout=5)

    assert [update["type"] for update in answers[0]["updates"]] == ["wall_reply_new"]


def test_what_is_not_switched_on_is_not_told(vk: SandboxVk, reader: Reader) -> None:
    comment_id = comment(vk)
    vk.control("POST", f"comments/{ADMINISTRATION.owner_id}/{comment_id}/delete")

    assert [update["type"] for update in reader.check()["updates"]] == ["wall_reply_new"]


def test_failed_1_gives_a_number_to_go_on_from(vk: SandboxVk, reader: Reader) -> None:
    comment(vk)
    trouble(vk, 1)
    failure = reader.check()

    assert failure["failed"] == 1
    assert isinstance(failure["ts"], int)
    reader.ts = str(failure["ts"])
    assert reader.check()["updates"] == []


def test_failed_2_needs_a_new_key_and_keeps_the_ts(vk: SandboxVk, reader: Reader) -> None:
    comment(vk)
    trouble(vk, 2)
    assert reader.check() == {"failed": 2}

    reader.key = vk.call("groups.getLongPollServer", TOKEN, group_id=GROUP)["response"]["key"]
    assert len(reader.check()["updates"]) == 1


def test_failed_3_needs_a_new_key_and_a_new_ts(vk: SandboxVk, reader: Reader) -> None:
    trouble(vk, 3)
    assert reader.check() == {"failed": 3}

    renewed = Reader(**vk.call("groups.getLongPollServer", TOKEN, group_id=GROUP)["response"])
    assert renewed.check()["updates"] == []


def test_long_poll_must_be_enabled(vk: SandboxVk) -> None:
    error = vk.call("groups.getLongPollServer", TOKEN, group_id=GROUP)["error"]

    assert error["error_code"] == 100
    assert error["error_msg"].endswith("longpoll for this group is not enabled")


def test_the_settings_are_shown(vk: SandboxVk, reader: Reader) -> None:
    settings = vk.call("groups.getLongPollSettings", TOKEN, group_id=GROUP)["response"]

    assert settings["is_enabled"]
    assert [event for event, switch in settings["events"].items() if switch] == ["wall_reply_new"]
    assert reader.key


def test_a_malformed_check_is_refused(reader: Reader) -> None:
    assert requests.get(reader.server, params={"act": "a_look"}, timeout=5).status_code == 400


def test_a_fault_of_the_long_poll_costs_no_event(vk: SandboxVk, reader: Reader) -> None:
    comment(vk)
    vk.control("POST", "faults", {"method": "long_poll", "kind": "drop_after_processing"})
    with pytest.raises(requests.ConnectionError):
        reader.check()

    assert len(reader.check()["updates"]) == 1
