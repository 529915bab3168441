"""Parts that are down for a while: nothing is lost, and everything goes on by itself."""

from contextlib import suppress
from functools import partial

import psutil
import pytest
import requests

from bridge.process_group import await_redis
from tests.town import CHANNEL, Town, eventually

ANSWER = "Яму заделают завтра до 18:00."


@pytest.fixture
def running_town(town: Town) -> Town:
    """A town whose bridge runs as on one machine."""
    town.start("up")
    town.await_web()
    await_redis(town.folder / "redis.sock")
    town.connect_vk()
    return town


def test_messages_and_approvals_wait_while_the_helpdesk_is_down(running_town: Town) -> None:
    redmine = running_town.surroundings.redmine
    approved = running_town.citizen_comments()
    issue = running_town.issue_of(approved)
    redmine.kill()
    written = [running_town.citizen_comments() for _ in range(3)]
    eventually(lambda: "HelpdeskUnavailable" in running_town.logs(), "the outage is noticed")
    redmine.start(running_town.surroundings.webhook_url)
    running_town.approved_answer(issue, ANSWER)
    for comment in written:
        running_town.issue_of(comment)
        assert len(running_town.issues_of(comment)) == 1
    eventually(
        lambda: running_town.surroundings.curator.read(issue).status == "placed",
        "the answer is placed after the outage",
    )
    assert len(running_town.answers_under(approved)) == 1


def test_workers_killed_in_the_middle_of_their_jobs_cost_nothing(town: Town) -> None:
    town.settings |= {"BRIDGE_REDMINE_TIMEOUT": "3", "BRIDGE_LEASE_SECONDS": "14"}
    up = town.start("up")
    town.await_web()
    await_redis(town.folder / "redis.sock")
    town.connect_vk()
    comments = []
    for _ in range(6):
        comments.append(town.citizen_comments())
        kill_workers(up.pid)
    for comment in comments:
        issue = town.issue_of(comment, seconds=90)
        town.approved_answer(issue, ANSWER)
        kill_workers(up.pid)
    for comment in comments:
        issue = town.issue_of(comment)
        eventually(partial(is_placed, town, issue), f"issue {issue} placed", seconds=90)
        assert len(town.issues_of(comment)) == 1
        assert len(town.answers_under(comment)) == 1


def kill_workers(up: int) -> None:
    """As the kernel does when memory runs out; `bridge up` starts new ones."""
    for process in psutil.Process(up).children():
        with suppress(psutil.ZombieProcess, psutil.NoSuchProcess):
            if process.cmdline()[-1:] == ["worker"]:
                process.kill()


def is_placed(town: Town, issue: int) -> bool:
    return town.surroundings.curator.read(issue).status == "placed"


def test_a_callback_is_asked_to_come_again_while_the_store_is_down(town: Town) -> None:
    # A folder in the place of the file: the store cannot be opened, as on a lost disk.
    town.settings["BRIDGE_STORE_URL"] = f"sqlite:///{town.folder / 'gone' / 'bridge.db'}"
    lost = town.folder / "gone"
    lost.mkdir()
    town.start("serve")
    town.await_web()
    for file in lost.iterdir():
        file.unlink()
    lost.rmdir()
    answer = requests.post(
        f"http://127.0.0.1:{town.surroundings.bridge_port}/hooks/vk/{CHANNEL}",
        json={
            "type": "wall_reply_new",
            "event_id": "f" * 40,
            "v": "5.199",
            "group_id": 1001,
            "secret": "town-callback-secret",
            "object": {},
        },
        timeout=60,
    )
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.text.strip() != "ok"
