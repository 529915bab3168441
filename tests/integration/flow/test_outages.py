"""Parts that are down for a while: nothing is lost, and everything goes on by itself."""

import socket
from contextlib import suppress
from functools import partial

import psutil
import requests

from tests.town import CHANNEL, Town, eventually

ANSWER = "Яму заделают завтра до 18:00."


def test_messages_and_approvals_wait_while_the_helpdesk_is_down(working_town: Town) -> None:
    redmine = working_town.surroundings.redmine
    approved = working_town.citizen_comments()
    issue = working_town.issue_of(approved)
    redmine.kill()
    written = [working_town.citizen_comments() for _ in range(3)]
    eventually(lambda: "HelpdeskUnreachable" in working_town.logs(), "the outage is noticed")
    redmine.start(working_town.surroundings.webhook_url)
    working_town.approved_answer(issue, ANSWER)
    for comment in written:
        working_town.issue_of(comment)
        assert len(working_town.issues_of(comment)) == 1
    eventually(
        partial(working_town.is_placed, issue),
        "the answer is placed after the outage",
    )
    assert len(working_town.answers_under(approved)) == 1


def test_workers_killed_in_the_middle_of_their_jobs_cost_nothing(town: Town) -> None:
    town.settings |= {"BRIDGE_REDMINE_TIMEOUT": "3", "BRIDGE_LEASE_SECONDS": "14"}
    up = town.start_everything()
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
        eventually(partial(town.is_placed, issue), f"issue {issue} placed", seconds=90)
        assert len(town.issues_of(comment)) == 1
        assert len(town.answers_under(comment)) == 1


def test_a_bridge_whose_port_is_taken_says_so_and_does_not_share_it(town: Town) -> None:
    with socket.create_server(("127.0.0.1", town.surroundings.bridge_port)):
        for command in ("serve", "up"):
            ended = town.run(command)
            assert ended.returncode == 1
            assert (
                f"127.0.0.1:{town.surroundings.bridge_port} cannot be listened on" in ended.stderr
            )


def kill_workers(up: int) -> None:
    """As the kernel does when memory runs out; `bridge up` starts new ones."""
    for process in psutil.Process(up).children():
        with suppress(psutil.ZombieProcess, psutil.NoSuchProcess):
            if process.cmdline()[-1:] == ["worker"]:
                process.kill()


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
