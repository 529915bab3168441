"""A message that concerns several departments: clauses 2.1.2, 3.1, 3.5, 3.7, reading 7."""

from collections.abc import Callable

import pytest

from bridge.sla.additions import AdditionKind
from bridge.sla.effects import PlaceAnswer
from bridge.sla.policy import PlacementRule, Scope
from bridge.sla.timeline import PlacementOutcome, Status
from tests.unit.sla.rules.family import Family
from tests.unit.sla.rules.story import Story, local

Tell = Callable[..., Story]

ROADS, LIGHT = "Яму заделали.", "Фонарь починили."


@pytest.fixture
def family(tell: Tell) -> Family:
    """Arrived at 16:00; the roads and the light got it at 16:05."""
    whole = tell("head-feed", arrived="16:00").created("16:04", Status.NEW, None)
    told = Family(whole)
    told.part("16:05", "roads")
    told.part("16:05", "light")
    told.settle("16:05")
    return told


def both_submitted(family: Family) -> tuple[Story, Story]:
    roads, light = family.parts
    roads.submitted("17:00", ROADS)
    light.submitted("17:30", LIGHT)
    family.settle("17:30")
    return roads, light


def compose(family: Family, now: str) -> None:
    """The whole takes its parts' answers as one, and that is all that happens."""
    (update,) = (update for update in family.whole.updates(now) if update.status)
    family.whole.then(now, Status.APPROVED, by_bridge=True, **update.fields)


def test_a_sure_route_to_several_opens_a_part_for_each_once(tell: Tell) -> None:
    whole = tell().created("16:04", Status.NEW, None)
    whole.split = ("roads", "light")
    assert whole.decide("16:04").split == ("roads", "light")

    whole.parts = (tell().created("16:05").decide("16:05").part,)
    assert whole.decide("16:05").split == ()


def test_what_a_curator_has_touched_is_not_split(tell: Tell) -> None:
    whole = tell().created("16:04", Status.NEW, None)
    whole.split = ("roads", "light")
    whole.then("16:05", Status.ASSIGNED, "roads")
    assert whole.decide("16:06").split == ()


@pytest.mark.clause("3.1", "2.1.2")
def test_routing_is_done_when_every_department_has_its_part(family: Family) -> None:
    routing = family.whole.clocks()["routing:1"]
    assert (routing.verdict, routing.stop) == ("in_time", local("16:05"))


def test_routing_goes_on_while_one_part_has_nobody_in_charge(tell: Tell) -> None:
    family = Family(tell().created("16:04", Status.NEW, None))
    family.part("16:05", "roads")
    nobody = family.part("16:05", None)
    assert family.whole.verdicts()["routing:1"] == "running"

    nobody.then("16:30", Status.ASSIGNED, "light")
    family.settle("16:30")
    assert family.whole.clocks()["routing:1"].stop == local("16:30")


def test_a_department_that_is_added_later_leaves_the_routing_verdict(family: Family) -> None:
    family.part("19:00", "water")
    family.settle("19:00")
    assert family.whole.clocks()["routing:1"].stop == local("16:05")
    assert family.parts[-1].clocks()["answer:1"].start == local("19:00")


def test_each_part_has_its_own_answer_clock_and_no_other(family: Family) -> None:
    for part in family.parts:
        (answer,) = part.clocks().values()
        assert (answer.key, answer.start, answer.due) == (
            "answer:1",
            local("16:05"),
            local("20:05"),
        )


def test_the_whole_is_in_work_with_its_parts_and_shows_their_term(family: Family) -> None:
    assert family.statuses() == [Status.IN_PROGRESS, Status.ASSIGNED, Status.ASSIGNED]
    shown = family.whole.fields()
    assert (shown["sent_at"], shown["answer_due"]) == ("23.11.2026 16:05", "23.11.2026 20:05")


@pytest.mark.clause("3.5")
@pytest.mark.reading(7)
def test_the_placement_clock_starts_with_the_last_answer(family: Family) -> None:
    roads, _ = family.parts
    roads.submitted("17:00", ROADS)
    family.settle("17:00")
    assert "placement:1" not in family.whole.clocks()

    both = both_submitted(family)
    placement = family.whole.clocks()["placement:1"]
    assert (placement.start, placement.due) == (local("17:30"), local("18:00"))
    for part in both:
        assert part.fields()["placement_due"] == "23.11.2026 18:00"


def test_one_approval_places_nothing(family: Family) -> None:
    roads, _ = both_submitted(family)
    roads.approved("17:35")
    family.settle("17:35")
    assert (family.whole.placing(), roads.placing()) == ([], [])
    assert roads.steps[-1].status is Status.APPROVED


def test_the_last_approval_places_one_answer_of_all_and_closes_everything(family: Family) -> None:
    roads, light = both_submitted(family)
    light.approved("17:35")
    roads.approved("17:40")
    family.settle("17:40")
    assert family.answer() == f"{ROADS}\n\n{LIGHT}"
    assert family.statuses() == [Status.PLACED] * 3
    assert family.whole.verdicts() == {"routing:1": "in_time", "placement:1": "in_time"}
    links = {story.fields()["answer_link"] for story in (family.whole, *family.parts)}
    assert links == {family.whole.placements[0].link}


@pytest.mark.clause("3.7")
@pytest.mark.reading(7)
def test_a_revision_of_one_part_disturbs_no_other(family: Family) -> None:
    roads, light = both_submitted(family)
    light.approved("17:35")
    roads.sent_back("17:40")
    family.settle("17:40")
    assert light.steps[-1].status is Status.APPROVED
    assert light.verdicts() == {"answer:1": "in_time"}
    assert roads.clocks()["revision:1"].due == local("21:40")
    assert family.whole.verdicts()["placement:1"] == "in_time"

    roads.submitted("18:00", "Яму заделаем завтра.")
    family.settle("18:00")
    assert family.whole.clocks()["placement:2"].due == local("18:30")
    roads.approved("18:10")
    family.settle("18:10")
    assert family.answer() == f"Яму заделаем завтра.\n\n{LIGHT}"


def test_an_answer_that_goes_back_and_comes_again_in_one_second_is_a_round_of_its_own(
    family: Family,
) -> None:
    roads, _ = both_submitted(family)
    roads.sent_back("17:40").submitted("17:40", ROADS)
    family.settle("17:40")
    clocks = family.whole.clocks("17:41")
    assert (clocks["placement:1"].stop, clocks["placement:2"].start) == (local("17:40"),) * 2


def test_answers_within_the_second_in_which_the_parts_were_made_are_one_round(tell: Tell) -> None:
    family = Family(tell("head-feed", arrived="16:00").created("16:04", Status.NEW, None))
    roads, light = (family.part("16:05", department) for department in ("roads", "light"))
    roads.submitted("16:05", ROADS)
    light.submitted("16:05", LIGHT)
    family.settle("16:05")
    clocks = family.whole.clocks("16:06")
    assert [key for key in clocks if key.startswith("placement")] == ["placement:1"]


def test_a_late_placement_is_the_curators_breach_once(family: Family) -> None:
    roads, light = both_submitted(family)
    roads.approved("17:35")
    light.approved("18:05")
    family.settle("18:05")
    assert family.whole.verdicts()["placement:1"] == "late"
    assert {verdict for part in family.parts for verdict in part.verdicts().values()} == {"in_time"}


def test_a_part_that_is_taken_away_is_not_waited_for(family: Family) -> None:
    roads, light = family.parts
    roads.submitted("17:00", ROADS)
    roads.approved("17:05")
    family.settle("17:05")
    light.then("17:20", Status.WITHDRAWN)
    family.settle("17:20")
    assert light.verdicts() == {"answer:1": "cancelled"}
    assert family.whole.clocks()["placement:1"].start == local("17:20")
    assert family.answer() == ROADS
    assert family.statuses() == [Status.PLACED, Status.PLACED, Status.WITHDRAWN]


def test_a_part_that_is_added_while_answers_are_in_is_waited_for(family: Family) -> None:
    roads, light = both_submitted(family)
    water = family.part("17:35", "water")
    roads.approved("17:36")
    light.approved("17:36")
    family.settle("17:36")
    assert family.whole.clocks()["placement:1"].stop == local("17:35")
    assert not family.whole.placements

    water.submitted("18:00", "Воду дадут к вечеру.").approved("18:05")
    family.settle("18:05")
    assert family.answer().split("\n\n") == [ROADS, LIGHT, "Воду дадут к вечеру."]


@pytest.mark.reading(8)
def test_a_misrouted_part_is_waited_for_until_somebody_answers(family: Family) -> None:
    roads, light = family.parts
    roads.submitted("17:00", ROADS).approved("17:05")
    light.then("17:10", Status.MISROUTED)
    family.settle("17:10")
    assert light.verdicts() == {"answer:1": "cancelled"}
    assert "placement:1" not in family.whole.clocks()

    light.then("17:20", Status.ASSIGNED, "water")
    family.settle("17:20")
    assert light.clocks()["answer:2"].holder == "water"


def test_without_any_part_left_the_curator_decides_again(family: Family) -> None:
    for part in family.parts:
        part.then("17:00", Status.WITHDRAWN)
    family.exchange("17:00")
    assert family.whole.notes("17:00") == ["parts_dropped"]
    family.settle("17:00")
    assert family.whole.steps[-1].status is Status.NEW


def test_an_interim_answer_of_one_part_is_placed_by_itself_and_extends_only_its_term(
    family: Family,
) -> None:
    roads, light = family.parts
    roads.interim("17:00").interim_approved("17:10")
    family.settle("17:10")
    assert [fact.kind for fact in roads.placements] == ["interim"]
    assert roads.clocks()["answer:1"].due == local("24 20:05")
    assert light.clocks()["answer:1"].due == local("20:05")

    roads.submitted("18:00", ROADS)
    light.submitted("18:00", LIGHT)
    family.settle("18:00")
    roads.approved("18:05")
    light.approved("18:10")
    family.settle("18:10")
    assert family.answer() == f"{ROADS}\n\n{LIGHT}"
    assert roads.verdicts()["final:1"] == "in_time"


def test_what_belongs_to_a_part_is_not_done_to_the_whole(family: Family) -> None:
    family.whole.sent_back("17:00")
    assert family.whole.notes("17:01") == ["parts_in_work"]
    family.settle("17:01")
    assert family.whole.steps[-1].status is Status.IN_PROGRESS
    assert "revision:1" not in family.whole.clocks()


def test_an_approval_that_is_taken_back_in_time_places_nothing(family: Family) -> None:
    roads, light = both_submitted(family)
    roads.approved("17:35")
    light.approved("17:36")
    family.exchange("17:36")
    compose(family, "17:36")
    light.sent_back("17:37")
    family.exchange("17:37")
    assert family.whole.placing("17:37") == []
    assert family.whole.statuses("17:37") == [Status.IN_PROGRESS]


def test_a_part_that_changes_after_the_answer_stands_there_is_told_so(family: Family) -> None:
    roads, light = both_submitted(family)
    roads.approved("17:35")
    light.approved("17:36")
    family.settle("17:36")
    light.steps.pop()
    light.sent_back("17:37")
    family.exchange("17:37")
    assert light.notes("17:37") == ["part_placed_in_vain"]


def test_a_ticket_that_a_department_holds_takes_further_ones_in(tell: Tell) -> None:
    family = Family(tell().created("16:05", Status.ASSIGNED, "roads"))
    light = family.part("16:40", "light")
    family.whole.submitted("17:00", ROADS)
    family.settle("17:00")
    assert "placement:1" not in family.whole.clocks()

    family.whole.approved("17:05")
    family.exchange("17:05")
    assert family.whole.notes("17:06") == ["waits_for_parts"]
    light.submitted("17:20", LIGHT)
    family.settle("17:20")
    assert family.whole.clocks()["placement:1"].start == local("17:20")
    light.approved("17:25")
    family.settle("17:25")
    assert family.answer() == f"{ROADS}\n\n{LIGHT}"
    assert family.statuses() == [Status.PLACED, Status.PLACED]


def test_a_ticket_that_is_taken_from_its_department_waits_for_the_further_ones_only(
    tell: Tell,
) -> None:
    family = Family(tell().created("16:05", Status.ASSIGNED, "roads"))
    light = family.part("16:40", "light")
    family.whole.then("16:50", department=None)
    family.settle("16:50")
    assert family.whole.steps[-1].status is Status.IN_PROGRESS
    assert family.whole.verdicts()["answer:1"] == "cancelled"
    light.submitted("17:20", LIGHT).approved("17:25")
    family.settle("17:25")
    assert family.answer() == LIGHT
    assert family.statuses() == [Status.PLACED, Status.PLACED]


def test_a_common_answer_that_could_not_be_placed_is_closed_by_its_link(family: Family) -> None:
    """The helpdesk lets nobody close a ticket that has open ones below it."""
    roads, light = both_submitted(family)
    roads.approved("17:35")
    light.approved("17:36")
    family.exchange("17:36")
    compose(family, "17:36")
    family.whole.placement(PlacementOutcome.FAILED, "17:37", "15", "Комментарии закрыты.")
    assert family.whole.statuses("17:37") == [Status.MANUAL_PLACEMENT]

    family.whole.then("17:37", Status.MANUAL_PLACEMENT, by_bridge=True)
    family.whole.then("17:45", answer_link="https://vk.com/wall-1_2?reply=9")
    family.settle("17:45")
    assert family.statuses() == [Status.PLACED] * 3
    assert family.whole.clocks()["placement:1"].stop == local("17:45")


def test_a_city_may_have_each_answer_placed_by_itself(family: Family) -> None:
    rule = family.whole.policy.placement
    assert isinstance(rule, PlacementRule)
    policy = family.whole.policy.model_copy(
        update={"placement": rule.model_copy(update={"scope": Scope.DEPARTMENT})}
    )
    for story in (family.whole, *family.parts):
        story.policy = policy
    roads, light = family.parts
    roads.submitted("17:00", ROADS).approved("17:10")
    family.settle("17:10")
    assert [fact.text for fact in roads.placements] == [ROADS]
    assert roads.verdicts()["placement:1"] == "in_time"
    light.submitted("17:20", LIGHT).approved("17:25")
    family.settle("17:25")
    assert family.statuses() == [Status.PLACED] * 3
    assert not family.whole.placements


def test_deciding_again_on_a_family_changes_nothing(family: Family) -> None:
    both_submitted(family)
    before = [story.decide("17:30") for story in (family.whole, *family.parts)]
    family.exchange("17:30")
    assert [story.decide("17:30") for story in (family.whole, *family.parts)] == before


def test_a_part_reported_to_the_whole_keeps_its_frozen_text(family: Family) -> None:
    roads, _ = both_submitted(family)
    roads.approved("17:35").then("17:36", answer_text="Правка после одобрения.")
    assert roads.decide("17:36").part.text == ROADS


def test_the_whole_asks_for_one_placement_of_the_answer_as_composed(family: Family) -> None:
    roads, light = both_submitted(family)
    roads.approved("17:35")
    light.approved("17:36")
    family.exchange("17:36")
    compose(family, "17:36")
    (placing,) = family.whole.placing("17:36")
    assert isinstance(placing, PlaceAnswer)
    assert placing.text == f"{ROADS}\n\n{LIGHT}"
    assert placing.key.startswith(f"place:{placing.approval}:")


@pytest.mark.reading(15)
def test_a_message_that_its_author_deletes_takes_every_part_away(family: Family) -> None:
    roads, light = family.parts
    roads.submitted("17:00", ROADS).approved("17:05")
    for story in (family.whole, *family.parts):
        story.adds("17:10", AdditionKind.DELETED)
    family.settle("17:10")
    assert family.statuses() == [Status.WITHDRAWN] * 3
    assert light.verdicts() == {"answer:1": "cancelled"}
    assert not family.whole.placements


def test_the_whole_of_a_deleted_message_is_closed_after_its_parts(family: Family) -> None:
    family.whole.adds("17:10", AdditionKind.DELETED)
    family.exchange("17:10")
    assert family.whole.statuses("17:10") == []


def test_a_restored_message_opens_the_whole_before_its_parts(family: Family) -> None:
    members = (family.whole, *family.parts)
    for story in members:
        story.adds("17:10", AdditionKind.DELETED)
    family.settle("17:10")
    for story in members:
        story.adds("17:20", AdditionKind.RESTORED)
    family.exchange("17:20")
    assert [story.statuses("17:20") for story in members] == [[Status.NEW], [], []]
    family.settle("17:20")
    assert family.statuses() == [Status.IN_PROGRESS, Status.ASSIGNED, Status.ASSIGNED]
