"""A message for several departments on the real Redmine (2.1.2, 3.5), by the users' accounts."""

from functools import partial

import pytest

from bridge.sla.clocks import Verdict
from bridge.store import clocks
from sandbox.redmine_staff import RedmineDesk, create_user, read_layout
from tests.town import Surroundings, Town, eventually

TWO_MATTERS = (
    "На улице Ленина огромная яма на дороге. "
    "И ещё автобус номер 14 не приходит на остановку по расписанию."
)
ROADS = "Добрый день! Яму на улице Ленина заделаем до пятницы."
BUSES = "На маршруте 14 с понедельника добавлен автобус."


@pytest.fixture(scope="session")
def transport(surroundings: Surroundings) -> RedmineDesk:
    """The desk of the department of transport."""
    layout = read_layout(surroundings.access)
    group = layout["groups"]["departments"]["transport"]["name"]
    person = create_user(surroundings.access, "flow_transport", "Пётр", "Автобусов", group)
    return RedmineDesk(surroundings.access.url, person.api_key, layout)


def children(town: Town, issue: int) -> dict[str, int]:
    """The issues below an issue, by the name of who holds them."""
    path = f"/issues.json?parent_id={issue}&status_id=*"
    rows = town.surroundings.curator.call("GET", path).json()["issues"]
    return {row["assigned_to"]["name"]: row["id"] for row in rows if "assigned_to" in row}


def verdicts(town: Town, issue: int) -> dict[str, Verdict | None]:
    ticket = town.ticket_of_issue(issue)
    with town.store.reading() as session:
        return {clock.key: clock.verdict for clock in clocks.of_ticket(session, ticket.id)}


def parts_of(town: Town, issue: int) -> tuple[int, int]:
    """The roads' and the transport's ticket, when they are there."""
    found = eventually(
        lambda: held if len(held := children(town, issue)) == 2 else None, "a ticket for each"
    )
    return found["Департамент дорог и благоустройства"], found["Департамент транспорта"]


@pytest.mark.clause("2.1.2", "3.5")
@pytest.mark.reading(7)
def test_each_department_answers_its_part_and_the_citizen_gets_one_answer(
    working_town: Town, transport: RedmineDesk
) -> None:
    town = working_town
    comment = town.citizen_comments(TWO_MATTERS)
    whole = town.issue_of(comment)
    roads, buses = parts_of(town, whole)
    curator, road_desk = town.surroundings.curator, town.surroundings.roads
    eventually(lambda: curator.read(whole).status == "in_progress", "the whole is in work")
    assert TWO_MATTERS.split(".")[0] in road_desk.read(roads).description
    assert transport.call("GET", f"/issues/{roads}.json").status_code == 403

    road_desk.move(roads, "review", {"answer_text": ROADS})
    transport.move(buses, "review", {"answer_text": "Разберёмся."})
    eventually(lambda: curator.read(whole).fields["placement_due"], "the placement clock")
    reason = "3.7.1 Ответ формальный, не по существу вопроса"
    curator.move(buses, "revision", {"revision_reason": reason})
    curator.move(roads, "approved")
    eventually(lambda: "revision:1" in verdicts(town, buses), "the revision clock")
    assert curator.read(roads).status == "approved"
    assert not town.answers_under(comment)

    transport.move(buses, "review", {"answer_text": BUSES})
    eventually(lambda: verdicts(town, buses)["revision:1"], "resubmitted")
    curator.move(buses, "approved")
    for issue in (whole, roads, buses):
        eventually(partial(town.is_placed, issue), f"{issue} placed")
    (answer,) = town.answers_under(comment)
    assert answer.text.startswith("Здравствуйте, ")
    assert answer.text.count("Здравствуйте") + answer.text.count("Добрый день") == 1
    first, second = BUSES, ROADS.removeprefix("Добрый день! ")
    assert f"{first}\n\n{second}" in answer.text
    links = {curator.read(issue).fields["answer_link"] for issue in (whole, roads, buses)}
    assert len(links) == 1

    assert verdicts(town, whole) == dict.fromkeys(
        ("routing:1", "placement:1", "placement:2"), Verdict.IN_TIME
    )
    assert verdicts(town, roads) == {"answer:1": Verdict.IN_TIME}
    assert verdicts(town, buses) == dict.fromkeys(("answer:1", "revision:1"), Verdict.IN_TIME)


def test_a_curator_adds_a_department_and_takes_it_away_while_the_answer_is_prepared(
    working_town: Town,
) -> None:
    town = working_town
    comment = town.citizen_comments()
    whole = town.issue_of(comment)
    curator = town.surroundings.curator
    layout = read_layout(town.surroundings.access)
    buses = curator.open_ticket(
        "И про автобус",
        "new",
        parent_issue_id=whole,
        assigned_to_id=layout["groups"]["departments"]["transport"]["id"],
    )
    eventually(lambda: curator.read(buses).status == "assigned", "taken in as a part")
    part = curator.read(buses)
    assert "огромная яма" in part.description
    assert part.fields["answer_due"]

    town.approved_answer(whole, ROADS)
    eventually(lambda: any("3.5" in note for note in curator.read(whole).notes), "it waits")
    assert not town.answers_under(comment)

    curator.move(buses, "withdrawn")
    eventually(partial(town.is_placed, whole), "placed without the part")
    (answer,) = town.answers_under(comment)
    assert "Яму на улице Ленина" in answer.text
    assert verdicts(town, buses) == {"answer:1": Verdict.CANCELLED}
