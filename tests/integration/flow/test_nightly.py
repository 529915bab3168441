"""What was done while no bridge listened is found by the nightly run, mended, and told with why."""

import json
import time
from typing import Any

from sandbox.redmine_staff import RedmineDesk, read_layout
from tests.town import Town, eventually

WRONG = "31.12.2030 23:59"
WEBHOOK_LOST_AFTER = 1.5
"""Seconds, above the towns' `BRIDGE_SWEEP_PATIENCE`."""


def administrator(town: Town) -> RedmineDesk:
    """For whom the workflow sets no bounds."""
    access = town.surroundings.access
    return RedmineDesk(access.url, access.admin_key, read_layout(access))


def night(town: Town) -> dict[str, Any]:
    """What `bridge nightly` found."""
    done = town.run("nightly", "--json")
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def found(report: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(row["what"], row["cause"], row["outcome"]) for row in report["differences"]}


def settled(town: Town) -> tuple[int, int]:
    """A comment and its ticket, with all bridge's processes stopped after its work was done."""
    town.start_everything()
    comment = town.citizen_comments()
    issue = town.issue_of(comment)
    curator = town.surroundings.curator
    eventually(lambda: curator.read(issue).fields["answer_due"], "the deadline is shown")
    eventually(lambda: town.clocks_of(comment), "the decision is recorded")
    town.stop()
    town.processes.clear()
    return comment, issue


def test_what_an_administrator_did_while_the_bridge_was_down_is_mended_and_named(
    town: Town,
) -> None:
    _, issue = settled(town)
    first, second = night(town), night(town)
    assert [(run["read"], run["differing"]) for run in (first, second)] == [(1, 0), (0, 0)]
    due = town.surroundings.curator.read(issue).fields["answer_due"]
    administrator(town).update(issue, {"answer_due": WRONG})
    administrator(town).move(issue, "in_progress")
    time.sleep(WEBHOOK_LOST_AFTER)

    report = night(town)

    assert found(report) >= {
        ("answer_due", "edited_by_hand", "mended"),
        ("status", "lost_webhook", "mended"),
        ("journal", "lost_webhook", "mended"),
    }
    assert {row["issue"] for row in report["differences"]} == {issue}
    ticket = town.surroundings.curator.read(issue)
    assert (ticket.fields["answer_due"], ticket.status) == (due, "in_progress")
    again = night(town)
    assert (again["ending"], again["differences"]) == ("finished", [])


def test_a_step_against_the_regulation_is_undone_at_night_and_the_answers_clock_stands(
    town: Town,
) -> None:
    comment, issue = settled(town)
    before = town.clocks_of(comment)
    administrator(town).move(issue, "revision")
    time.sleep(WEBHOOK_LOST_AFTER)

    told = town.run("nightly")

    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    assert lines[1:3] == [
        f"#{issue} в хранилище: статус «Направлено исполнителю» → «На доработке»"
        " — потерян вебхук, исправлено",
        f"#{issue} в Redmine: статус «На доработке» → «Направлено исполнителю»"
        " — потерян вебхук, исправлено",
    ]
    assert "Карточек сверено: 1, прочитано с историей: 1, с расхождениями: 1" in told.stdout
    ticket = town.surroundings.curator.read(issue)
    assert ticket.status == "assigned"
    assert any("3.7" in note for note in ticket.notes)
    assert town.clocks_of(comment) == before
    assert night(town)["differences"] == []
