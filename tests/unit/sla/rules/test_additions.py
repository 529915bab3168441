"""What a citizen does after the ticket was made: readings 14 and 15."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.sla.additions import KEY_PREFIX, AdditionKind
from bridge.sla.clocks import Verdict
from bridge.sla.policy import Policy
from bridge.sla.readings import Readings
from bridge.sla.timeline import PlacementOutcome, Status, Step
from tests.unit.sla.rules.story import Story, local
from tests.unit.sla.rules.test_any_history import histories

Tell = Callable[..., Story]
TOLD = tuple(kind for kind in AdditionKind if kind is not AdditionKind.JOINED)
FURTHER, EDITED, DELETED, REMOVED, RESTORED, CAME_AGAIN = TOLD
MORE = "И во дворе тоже яма."
few = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def assigned(tell: Tell) -> Story:
    return tell().created("16:05")


def anyway(policy: Policy) -> Policy:
    return policy.model_copy(update={"readings": Readings(deleted_message="answer_anyway")})


@pytest.mark.reading(14)
@pytest.mark.scenario(11)
@pytest.mark.parametrize("kind", [FURTHER, EDITED, REMOVED, CAME_AGAIN])
def test_what_the_citizen_adds_is_told_and_moves_no_clock(
    tell: Tell, assigned: Story, kind: AdditionKind
) -> None:
    added = tell().created("16:05").adds("17:00", kind, MORE)
    assert added.decide().clocks == assigned.decide().clocks
    assert added.statuses() == []
    assert len(added.notes()) == 1


def test_a_further_message_is_shown_with_its_time_and_link(assigned: Story) -> None:
    (update,) = [each for each in assigned.adds("17:00", FURTHER, MORE).updates() if each.note]
    assert update.note is not None
    assert update.note.template == "citizen_wrote_more"
    assert update.note.values["at"] == "23.11.2026 17:00"
    assert update.note.values["text"] == MORE
    assert update.note.values["link"].startswith("https://vk.com/")


def test_an_edit_shows_what_was_and_what_is(assigned: Story) -> None:
    assigned.adds("17:00", EDITED, "Яма.", text_before="Ямма.")
    (values,) = [each.note.values for each in assigned.updates() if each.note]
    assert (values["text_before"], values["text"]) == ("Ямма.", "Яма.")


def test_an_addition_is_told_once(assigned: Story) -> None:
    assigned.adds("17:00", FURTHER, MORE).adds("17:10", FURTHER, MORE).settle()
    assert sorted(key for key in assigned.done if "addition" in key) == ["addition:1", "addition:2"]
    assert assigned.notes() == []


def test_a_further_message_in_a_closed_ticket_is_brought_to_the_curator(assigned: Story) -> None:
    assigned.then("17:00", Status.NO_ANSWER_NEEDED).adds("17:30", FURTHER, MORE)
    assert assigned.notes() == ["citizen_wrote_after_closing"]


@pytest.mark.reading(15)
def test_a_deleted_message_cancels_the_clocks_and_withdraws_the_ticket(assigned: Story) -> None:
    assigned.adds("17:00", DELETED)
    assert assigned.statuses() == [Status.WITHDRAWN]
    assert assigned.notes() == ["message_deleted"]
    clock = assigned.clocks()["answer:1"]
    assert (clock.verdict, clock.stop) == (Verdict.CANCELLED, local("17:00"))
    assert clock.cause == "deleted"


def test_a_deletion_leaves_the_verdicts_before_it(assigned: Story) -> None:
    assigned.submitted("17:00").freeze("17:01").adds("17:10", DELETED).freeze().settle()
    assert assigned.verdicts()["answer:1"] == Verdict.IN_TIME
    assert assigned.verdicts()["placement:1"] == Verdict.CANCELLED
    assert assigned.clocks()["placement:1"].cause == "deleted"


@pytest.mark.reading(15)
def test_an_approved_answer_is_not_placed_under_a_deleted_message(assigned: Story) -> None:
    assigned.submitted("17:00").approved("17:10").adds("17:11", DELETED)
    assert assigned.placing() == []
    assert assigned.decide().approval is None


def test_a_message_deleted_after_its_answer_changes_nothing(assigned: Story) -> None:
    assigned.submitted("17:00").approved("17:10").placement(PlacementOutcome.PLACED, "17:11")
    before = assigned.verdicts()
    assigned.adds("17:12", DELETED)
    assert assigned.statuses() == [Status.PLACED]
    assert "message_deleted_after_closing" in assigned.notes()
    assert assigned.verdicts() == before


def test_an_office_may_answer_a_deleted_message_all_the_same(tell: Tell) -> None:
    story = tell()
    story.policy = anyway(story.policy)
    story.created("16:05").adds("17:00", DELETED).submitted("17:10").approved("17:20")
    assert story.notes() == ["message_deleted_answer_anyway"]
    assert len(story.placing()) == 1


def test_only_the_message_of_the_ticket_itself_withdraws_it(assigned: Story) -> None:
    assigned.adds("17:00", DELETED, of_ticket=False)
    assert assigned.statuses() == []
    assert assigned.notes() == ["addition_deleted"]


def test_staff_may_take_up_again_what_was_withdrawn(assigned: Story) -> None:
    assigned.adds("17:00", DELETED).freeze("17:01").settle("17:01")
    assigned.then("17:30", Status.NEW).settle("17:31")
    assert assigned.steps[-1].status is Status.ASSIGNED
    assert assigned.verdicts("17:32")["answer:2"] == "running"
    assigned.submitted("17:40").approved("17:50")
    assert len(assigned.placing("17:51")) == 1


def test_a_restored_message_opens_its_ticket_again(assigned: Story) -> None:
    assigned.adds("17:00", DELETED).freeze("17:01").settle("17:01")
    assigned.adds("17:10", RESTORED)
    assert assigned.statuses("17:11") == [Status.NEW]
    assert assigned.notes("17:11") == ["message_restored"]
    assigned.settle("17:11")
    assert assigned.steps[-1].status is Status.ASSIGNED
    assert assigned.clocks("17:12")["answer:2"].start == local("17:11")


def test_a_message_deleted_and_restored_at_once_goes_the_same_way(assigned: Story) -> None:
    assigned.adds("17:00", DELETED).adds("17:00", RESTORED).settle("17:01")
    assert [step.status for step in assigned.steps if step.by_bridge][-3:] == [
        Status.WITHDRAWN,
        Status.NEW,
        Status.ASSIGNED,
    ]


def test_a_restored_message_does_not_open_what_staff_have_closed(assigned: Story) -> None:
    assigned.then("17:00", Status.WITHDRAWN).adds("17:05", DELETED).adds("17:10", RESTORED)
    assert assigned.statuses() == []
    assert assigned.notes() == ["message_deleted_after_closing", "message_restored_told"]


def test_a_deletion_whose_writing_was_cut_short_is_not_told_again(assigned: Story) -> None:
    """The ticket is withdrawn, but the store does not know that the bridge has done it."""
    assigned.adds("17:00", DELETED).then("17:01", Status.WITHDRAWN, by_bridge=True)
    assert assigned.notes() == []
    assert assigned.statuses() == []


@few
@given(
    steps=histories(),
    did=st.lists(st.tuples(st.sampled_from(TOLD), st.booleans()), max_size=4),
)
def test_any_ticket_with_additions_settles_and_tells_each_once(
    tell: Tell, steps: tuple[Step, ...], did: list[tuple[AdditionKind, bool]]
) -> None:
    story = tell("administration").also(steps)
    for kind, of_ticket in did:
        story.adds("23 18:00", kind, MORE, of_ticket=of_ticket)
    story.settle("29 18:00", passes=15)
    told = [key.split(":")[1] for key in story.done if key.startswith(KEY_PREFIX)]
    assert len(set(told)) == len(told)


@few
@given(
    steps=histories(),
    kind=st.sampled_from([FURTHER, EDITED, REMOVED, RESTORED, CAME_AGAIN]),
)
def test_nothing_but_a_deletion_moves_a_clock_of_any_ticket(
    tell: Tell, steps: tuple[Step, ...], kind: AdditionKind
) -> None:
    plain = tell("administration").also(steps)
    before = plain.decide("29 18:00")
    after = plain.adds("23 18:00", kind, MORE).decide("29 18:00")
    assert after.clocks == before.clocks
    assert after.approval == before.approval
