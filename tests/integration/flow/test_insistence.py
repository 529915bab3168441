"""What the workflow cannot stop, the bridge undoes once: it does not fight with a person (3.7)."""

import pytest
import requests

from sandbox.redmine_staff import read_layout
from tests.town import Town, eventually


def revision_by_administrator(town: Town, issue: int) -> None:
    """An administrator's key: no workflow holds for it."""
    access = town.surroundings.access
    status = read_layout(access)["statuses"]["revision"]["id"]
    requests.put(
        f"{access.url}/issues/{issue}.json",
        json={"issue": {"status_id": status}},
        headers={"X-Redmine-API-Key": access.admin_key},
        timeout=30,
    ).raise_for_status()


@pytest.mark.clause("3.7")
@pytest.mark.reading(10)
def test_the_second_identical_try_stays_with_a_word_to_the_curator(working_town: Town) -> None:
    town = working_town
    issue = town.issue_of(town.citizen_comments())
    curator = town.surroundings.curator
    town.surroundings.roads.move(issue, "review", {"answer_text": "Яму заделаем до пятницы."})
    revision_by_administrator(town, issue)
    eventually(lambda: any("3.7 " in note for note in curator.read(issue).notes), "the note")
    eventually(lambda: curator.read(issue).status == "review", "undone")

    revision_by_administrator(town, issue)
    eventually(
        lambda: any("снова переведена" in note for note in curator.read(issue).notes), "the alert"
    )
    assert curator.read(issue).status == "revision"
