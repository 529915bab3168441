"""What gets around Redmine's own workflow is seen and put right."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from bridge.sla.clocks import Verdict
from sandbox.redmine_staff import RedmineDesk, read_layout
from tests.town import Town, eventually

ANSWER = "Яму заделают завтра до 18:00."


def administrator(town: Town) -> RedmineDesk:
    """The helpdesk's administrator, for whom the workflow sets no bounds."""
    access = town.surroundings.access
    return RedmineDesk(access.url, access.admin_key, read_layout(access))


@pytest.mark.clause("3.7")
@pytest.mark.reading(10)
def test_a_revision_without_a_reason_is_undone_with_a_note_that_cites_the_clause(
    working_town: Town,
) -> None:
    comment = working_town.citizen_comments()
    issue = working_town.issue_of(comment)
    working_town.surroundings.roads.move(issue, "review", {"answer_text": ANSWER})
    administrator(working_town).move(issue, "revision")
    curator = working_town.surroundings.curator
    eventually(lambda: any("3.7" in note for note in curator.read(issue).notes), "the note")
    assert curator.read(issue).status == "review"
    kinds = [(clock.key, clock.verdict) for clock in working_town.clocks_of(comment)]
    assert kinds == [
        ("routing:1", Verdict.IN_TIME),
        ("answer:1", Verdict.IN_TIME),
        ("placement:1", None),
    ]


@pytest.mark.clause("2.1.3")
def test_an_approval_without_an_answer_is_undone_and_nothing_is_placed(
    working_town: Town,
) -> None:
    comment = working_town.citizen_comments()
    issue = working_town.issue_of(comment)
    administrator(working_town).move(issue, "approved")
    curator = working_town.surroundings.curator
    eventually(lambda: curator.read(issue).notes, "the note")
    assert curator.read(issue).status == "assigned"
    assert not working_town.answers_under(comment)


@contextmanager
def field_read_only_for_the_robot(town: Town, key: str) -> Iterator[None]:
    """As an administrator may set it in Redmine's «Последовательность действий»."""
    layout = read_layout(town.surroundings.access)
    role, field = layout["roles"]["robot"]["id"], layout["fields"][key]["id"]
    database = town.surroundings.redmine.folder / "redmine.db"
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        with connection:
            connection.executemany(
                "INSERT INTO workflows (type, tracker_id, role_id, old_status_id, new_status_id,"
                " field_name, rule) VALUES ('WorkflowPermission', ?, ?, ?, 0, ?, 'readonly')",
                [
                    (layout["tracker"]["id"], role, status["id"], str(field))
                    for status in layout["statuses"].values()
                ],
            )
        yield
        with connection:
            connection.execute(
                "DELETE FROM workflows WHERE rule = 'readonly' AND role_id = ? AND field_name = ?",
                (role, str(field)),
            )


def test_what_the_helpdesk_drops_silently_is_noticed_once(town: Town) -> None:
    town.open_hooks()
    comment = town.citizen_comments()
    eventually(lambda: town.run("sweep").returncode == 0 and town.ticket_of(comment), "ticket")
    issue = town.issue_of(comment)
    with field_read_only_for_the_robot(town, "answer_due"):
        administrator(town).update(issue, {"answer_due": "01.01.2030 00:00"})
        first = town.run("reconcile", str(issue))
        again = town.run("reconcile", str(issue))
    ticket = town.ticket_of(comment)
    assert ticket
    assert ticket.attention == "Redmine не записал: answer_due"
    assert "silently dropped" in first.stderr
    assert "silently dropped" not in again.stderr
