"""Two hosts with workers, beside one with PostgreSQL and Redis: whatever befalls them, once."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest
from redis import Redis
from rq import Worker
from sqlalchemy import select

from bridge.store.models import TicketRow
from tests.integration.flow.conftest import ACCOUNT_OF_THE_GUIDE
from tests.integration.flow.test_main_job import play
from tests.town import PROJECT, Town, eventually

pytestmark = pytest.mark.clause("2.1.1", "3.5")

ENOUGH_COMMENTS = 20
ANSWER = "Яму заделают завтра до 18:00."
HOSTS = {"host-b": "127.0.0.3", "host-c": "127.0.0.4"}


def test_rights_in_redis_are_those_that_the_guide_gives() -> None:
    guide = (PROJECT / "docs" / "ru" / "administrator.md").read_text(encoding="utf-8")
    assert ACCOUNT_OF_THE_GUIDE.format(password="ПАРОЛЬ") in guide


def holders(town: Town) -> set[str]:
    """The workers that are at a ticket."""
    with town.store.reading() as session:
        return {
            owner for owner in session.scalars(select(TicketRow.lease_owner).distinct()) if owner
        }


def write_until(town: Town, comes_true: Callable[[], bool]) -> list[int]:
    """Comments of citizens, one by one: several at once may be one job, and one host's."""
    comments = []
    for _ in range(ENOUGH_COMMENTS):
        comments.append(town.citizen_comments())
        with suppress(AssertionError):
            eventually(comes_true, "it comes true", 1.5)
            return comments
    pytest.fail(f"not after {ENOUGH_COMMENTS} comments")


def has_worked(town: Town, host: str) -> bool:
    return '"message taken in"' in town.logs([host])


def test_what_a_dead_host_and_a_stopped_one_leave_is_finished_once_by_whoever_is_left(
    town_with_servers: Town,
) -> None:
    town = town_with_servers
    town.settings |= {"BRIDGE_REDMINE_TIMEOUT": "4", "BRIDGE_LEASE_SECONDS": "15"}
    town.open_hooks()
    town.start("schedule")
    workers = {host: town.start_worker_on(host, address) for host, address in HOSTS.items()}
    redis = Redis.from_url(town.settings["BRIDGE_REDIS_URL"])
    eventually(lambda: Worker.count(connection=redis) == len(HOSTS), "both hosts work", 60)
    addresses = {
        worker.hostname: str(worker.ip_address).partition(":")[0]
        for worker in Worker.all(connection=redis)
    }
    assert addresses == HOSTS

    play(town)
    comments = write_until(town, lambda: all(has_worked(town, host) for host in HOSTS))

    with town.surroundings.redmine.frozen():
        comments += write_until(town, lambda: len(holders(town)) == len(HOSTS))
        os.killpg(workers["host-c"].pid, signal.SIGKILL)
        workers["host-b"].send_signal(signal.SIGTERM)
    assert workers["host-b"].wait(30) == 0
    assert len(holders(town)) == 1

    town.start_worker_on("host-b", HOSTS["host-b"])
    issues = {comment: town.issue_of(comment, seconds=60) for comment in comments}
    for issue in issues.values():
        town.approved_answer(issue, ANSWER)
    for comment, issue in issues.items():
        eventually(partial(town.is_placed, issue), f"issue {issue} placed", 60)
        assert len(town.issues_of(comment)) == 1
        assert len(town.answers_under(comment)) == 1
