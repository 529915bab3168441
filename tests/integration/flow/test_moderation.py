"""A message that clause 1.3 names, on the real Redmine: flagged, folded, left to the curator."""

import re

import pytest
import requests

from sandbox.redmine_staff import read_layout
from tests.town import Town, eventually

ABUSE = "Убью вас, дебилы! На улице Ленина огромная яма, какого хуя её не чинят"


@pytest.mark.clause("1.3")
@pytest.mark.reading(12)
def test_a_flagged_message_waits_folded_for_the_curator_who_may_send_it_on(
    working_town: Town,
) -> None:
    town = working_town
    issue = town.issue_of(town.citizen_comments(ABUSE))
    curator = town.surroundings.curator
    layout = read_layout(town.surroundings.access)

    def is_told() -> bool:
        return any("Найдены" in note and "«Убью»" in note for note in curator.read(issue).notes)

    eventually(is_told, "the curator is told of the threat")
    shown = curator.call("GET", f"/issues/{issue}.json").json()["issue"]
    assert curator.read(issue).status == "new"
    assert shown["priority"]["id"] == layout["priorities"][2]
    assert "дебилы" not in shown["subject"]
    page = requests.get(
        f"{town.surroundings.access.url}/issues/{issue}",
        headers={"X-Redmine-API-Key": town.surroundings.access.robot_key},
        timeout=30,
    ).text
    page = re.sub(r"<textarea.*?</textarea>", "", page, flags=re.DOTALL)  # the form for editing
    hidden = page.partition('class="collapsed-text"')[2].partition("</pre>")[0]
    assert ABUSE in hidden
    assert page.count(ABUSE) == 1

    roads = layout["groups"]["departments"]["roads"]["id"]
    assert curator.move(issue, "assigned", assigned_to_id=roads).ok
    assert curator.move(issue, "not_answerable").ok
    assert curator.move(issue, "new").ok
    eventually(lambda: curator.read(issue).status == "assigned", "back with the department")
