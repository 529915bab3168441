"""A worker killed at any step between the callback and the placement costs nothing."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import pytest
from sqlalchemy import func, select

from bridge.sla.clocks import Clock, Verdict
from bridge.store.models import InboxEvent
from tests.town import PROJECT, Town, eventually

AFTER_THE_LEASE = 200
"""Seconds by which the clock is put forward: a killed worker's lease has run out by then."""

ANSWER = "Яму заделают завтра до 18:00."
ENOUGH_LIVES = 6
MORE_STEPS_THAN_ANY = 150


@dataclass
class DoomedWorkers:
    """Workers that end where they are told to."""

    process: subprocess.Popen[str]

    def live(self, fatal_step: int, seconds: float) -> str:
        """Let one live; how it ended."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{fatal_step} {seconds}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def recover(self, is_settled: Callable[[], object]) -> None:
        """Let healthy ones live, a while after the accident, and one more who must do nothing."""
        for life in range(ENOUGH_LIVES):
            settled = is_settled()
            assert self.live(0, AFTER_THE_LEASE + 30 * life) == "done"
            if settled:
                return


@pytest.fixture
def workers(town: Town) -> Iterator[DoomedWorkers]:
    with (town.folder / "doomed.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.doomed_worker"],
            env=town.environment | {"BRIDGE_SWEEP_PATIENCE": "0"},
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    yield DoomedWorkers(process)
    process.communicate(timeout=15)


def verdicts(clocks: tuple[Clock, ...]) -> list[tuple[str, Verdict | None]]:
    return [(clock.key, clock.verdict) for clock in clocks]


def events_in_store(town: Town) -> int:
    with town.store.reading() as session:
        return session.scalar(select(func.count(InboxEvent.id))) or 0


def comment_taken_in(town: Town) -> int:
    """A citizen's comment whose callback is acknowledged and not yet processed."""
    before = events_in_store(town)
    comment_id = town.citizen_comments()
    eventually(lambda: events_in_store(town) > before, "the callback is stored")
    return comment_id


def test_a_worker_killed_at_any_step_from_callback_to_ticket_leaves_one_ticket(
    town: Town, workers: DoomedWorkers
) -> None:
    town.open_hooks()
    steps = []
    for fatal_step in range(1, MORE_STEPS_THAN_ANY):
        comment_id = comment_taken_in(town)
        end = workers.live(fatal_step, 0)
        steps.append(end)
        workers.recover(partial(town.ticket_of, comment_id))
        assert len(town.issues_of(comment_id)) == 1, end
        assert verdicts(town.clocks_of(comment_id)) == [
            ("routing:1", Verdict.IN_TIME),
            ("answer:1", None),
        ], end
        if end == "done":
            break
    assert steps[-1] == "done"
    assert {
        "killed before RedmineHelpdesk.create",
        "killed after RedmineHelpdesk.create",
        "killed before commit",
        "killed after commit",
    } <= set(steps)


def test_a_worker_killed_at_any_step_from_approval_to_placement_leaves_one_answer(
    town: Town, workers: DoomedWorkers
) -> None:
    town.open_hooks()
    steps = []
    for fatal_step in range(1, MORE_STEPS_THAN_ANY):
        comment_id = comment_taken_in(town)
        workers.recover(partial(town.ticket_of, comment_id))
        issue_id = town.issue_of(comment_id)
        town.approved_answer(issue_id, ANSWER)
        end = workers.live(fatal_step, 0)
        steps.append(end)
        workers.recover(partial(town.is_placed, issue_id))
        answers = town.answers_under(comment_id)
        assert len(answers) == 1, end
        assert ANSWER in answers[0].text, end
        issue = town.surroundings.curator.read(issue_id)
        assert issue.status == "placed", end
        assert issue.fields["answer_link"].endswith(
            f"?reply={answers[0].id}&thread={comment_id}"
        ), end
        assert verdicts(town.clocks_of(comment_id)) == [
            ("routing:1", Verdict.IN_TIME),
            ("answer:1", Verdict.IN_TIME),
            ("placement:1", Verdict.IN_TIME),
        ], end
        if end == "done":
            break
    assert steps[-1] == "done"
    assert {
        "killed before VkPublisher.place",
        "killed after VkPublisher.place",
        "killed before RedmineHelpdesk.update",
        "killed after RedmineHelpdesk.update",
        "killed before commit",
        "killed after commit",
    } <= set(steps)
