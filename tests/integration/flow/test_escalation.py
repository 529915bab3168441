"""A deadline that passes on the real Redmine: the field, the priority, the leaders (1.4, 3.1)."""

from typing import Any

import pytest
import yaml

from sandbox.redmine_staff import read_layout
from tests.town import Town, eventually

NOBODYS_MATTER = "Спасибо, хорошая запись! А когда продолжение?"


def shorten_routing(town: Town) -> None:
    """A minute instead of the hour of clause 3.1, to see it pass."""
    path = town.folder / "config" / "sla.yaml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    document["common"]["routing"]["term"] = {"unit": "elapsed", "minutes": 1}
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")


@pytest.mark.clause("1.4", "3.1")
def test_a_ticket_that_nobody_routes_in_time_is_brought_before_the_leaders(town: Town) -> None:
    shorten_routing(town)
    town.start_everything()
    comment = town.citizen_comments(NOBODYS_MATTER)
    issue = town.issue_of(comment)
    curator = town.surroundings.curator

    def told() -> bool:
        return any(note.startswith("Руководству: срок") for note in curator.read(issue).notes)

    eventually(told, "the leaders are told", seconds=110)
    eventually(
        lambda: curator.read(issue).fields["deadline_state"] == "просрочено", "shown as overdue"
    )
    answer = curator.call("GET", f"/issues/{issue}.json?include=watchers").json()
    shown: dict[str, Any] = answer["issue"]
    layout = read_layout(town.surroundings.access)
    assert shown["priority"]["id"] == layout["priorities"][2]
    leaders = layout["groups"]["leaders"]["id"]
    assert [watcher["id"] for watcher in shown["watchers"]].count(leaders) == 1
    assert len([note for note in curator.read(issue).notes if "Руководству" in note]) == 1
