"""A person has an answer sent again, or looked for, and never makes a second one of it (3.5)."""

import pytest

from bridge.flow.placement_hold import NotDone, PlacementDesk, Seen
from bridge.flow.placement_tries import PlacementTries
from bridge.flow.reconcile import Trigger
from bridge.publish.port import CannotLook, Remedy
from bridge.sla.clocks import Verdict
from bridge.store import deliveries, leases, placements
from bridge.store.models import EffectState
from tests.unit.flow.conftest import LEASE, TEXT, Bench
from tests.unit.flow.desk import Killed, TicketHints, refusal, unavailable
from tests.unit.flow.ordering import BY, deeds, row_of, seen

pytestmark = pytest.mark.clause("3.5")


@pytest.fixture
def tries(placement_desk: PlacementDesk) -> PlacementTries:
    return PlacementTries(placement_desk)


def test_what_was_refused_for_good_goes_out_again_in_everybodys_sight(
    failed: Bench, tries: PlacementTries, hints: TicketHints
) -> None:
    tries.again(seen(failed), BY, has_checked=False)
    assert hints.told == [(failed.ticket, Trigger.ORDER)]
    assert deeds(failed) == ["placement_retried"]
    failed.reconcile(Trigger.ORDER)
    assert [answer.text for answer in failed.network.visible] == [f"Анна Петрова! {TEXT}"]
    assert failed.issue.status == "placed"
    assert failed.verdicts()["placement:1"] == Verdict.IN_TIME
    note = next(note for note in failed.notes if "Анна Куратова" in note)
    assert "отправить ответ ещё раз" in note


def test_an_answer_that_was_corrected_meanwhile_goes_out_corrected(
    failed: Bench, tries: PlacementTries
) -> None:
    failed.staff(answer_text="Яма засыпана.")
    tries.again(seen(failed), BY, has_checked=False)
    failed.reconcile()
    assert [answer.text for answer in failed.network.visible] == ["Анна Петрова! Яма засыпана."]


def test_pressing_twice_sends_once(failed: Bench, tries: PlacementTries) -> None:
    before = seen(failed)
    tries.again(before, BY, has_checked=False)
    with pytest.raises(NotDone, match="уже поручено"):
        tries.again(before, BY, has_checked=False)
    failed.reconcile()
    with pytest.raises(NotDone, match="больше нет"):
        tries.again(before, BY, has_checked=False)
    assert len(failed.network.visible) == 1
    assert deeds(failed) == ["placement_retried"]


def test_an_answer_that_may_be_there_is_not_sent_again_on_a_mere_press(
    uncertain: Bench, tries: PlacementTries
) -> None:
    with pytest.raises(NotDone, match="я проверил"):
        tries.again(seen(uncertain), BY, has_checked=False)
    uncertain.reconcile()
    assert len(uncertain.network.calls) == 1
    assert deeds(uncertain) == []


def test_whoever_has_checked_that_it_is_not_there_has_it_sent_again(
    uncertain: Bench, tries: PlacementTries
) -> None:
    tries.again(seen(uncertain), BY, has_checked=True)
    uncertain.reconcile()
    assert len(uncertain.network.visible) == 1
    assert uncertain.issue.status == "placed"


def test_an_answer_that_is_found_closes_its_ticket_with_the_link(
    uncertain: Bench, tries: PlacementTries
) -> None:
    uncertain.network.visible.append(uncertain.network.calls[0])
    tries.look(seen(uncertain), BY)
    uncertain.reconcile()
    assert uncertain.issue.status == "placed"
    assert uncertain.issue.fields["answer_link"].startswith("https://vk.com/wall-1_2?reply=")
    assert len(uncertain.network.calls) == 1
    assert uncertain.verdicts()["placement:1"] == Verdict.IN_TIME
    assert deeds(uncertain) == ["placement_looked_for"]


def test_an_answer_that_is_not_found_may_be_sent_again_without_more_ado(
    uncertain: Bench, tries: PlacementTries
) -> None:
    tries.look(seen(uncertain), BY)
    uncertain.reconcile()
    row = row_of(uncertain)
    assert (row.state, row.code) == (EffectState.FAILED, "not_there")
    assert len(uncertain.network.calls) == 1
    tries.again(seen(uncertain), BY, has_checked=False)
    uncertain.reconcile()
    assert len(uncertain.network.visible) == 1


@pytest.mark.parametrize(
    ("trouble", "told"), [(CannotLook(), "ключа"), (refusal(Remedy.RETRY, "6"), "сказала сеть")]
)
def test_where_nobody_can_look_the_answer_stays_uncertain_and_the_person_is_told(
    uncertain: Bench, tries: PlacementTries, trouble: Exception, told: str
) -> None:
    uncertain.network.blind.append(trouble)
    tries.look(seen(uncertain), BY)
    uncertain.reconcile()
    assert row_of(uncertain).state == EffectState.UNCERTAIN
    with uncertain.store.reading() as session:
        (order,) = placements.orders(session, [uncertain.ticket])[uncertain.ticket]
    assert (order.state, order.result) == (EffectState.DONE, {"found": None})
    assert told in order.meaning


def test_a_look_is_asked_for_once_and_can_be_asked_for_again(
    uncertain: Bench, tries: PlacementTries
) -> None:
    tries.look(seen(uncertain), BY)
    with pytest.raises(NotDone, match="уже поручена"):
        tries.look(seen(uncertain), BY)
    uncertain.network.blind.append(CannotLook())
    uncertain.reconcile()
    tries.look(seen(uncertain), BY)
    uncertain.reconcile()
    assert uncertain.network.looks == 3


def test_what_waits_for_its_next_try_is_tried_at_once(
    created: Bench, tries: PlacementTries
) -> None:
    created.approve()
    created.network.before.append(refusal(Remedy.RETRY, "6"))
    created.reconcile()
    tries.again(seen(created), BY, has_checked=False)
    created.reconcile()
    assert created.issue.status == "placed"
    assert len(created.network.visible) == 1


def test_while_a_worker_acts_for_the_ticket_nobody_else_does(
    failed: Bench, tries: PlacementTries
) -> None:
    now = failed.watch()
    with failed.store.writing() as session:
        leases.acquire(session, failed.ticket, "worker", now, now + LEASE)
    with pytest.raises(NotDone, match="занят"):
        tries.again(seen(failed), BY, has_checked=False)
    assert deeds(failed) == []


def test_what_happened_while_the_person_looked_is_told_and_nothing_is_changed(
    uncertain: Bench, tries: PlacementTries
) -> None:
    before = seen(uncertain)
    with uncertain.store.writing() as session:
        deliveries.finish(session, before.delivery, state=EffectState.DONE, now=uncertain.watch())
    with pytest.raises(NotDone, match="ответ размещён"):
        tries.again(before, BY, has_checked=True)


def test_staff_who_were_quicker_in_the_helpdesk_have_their_way(
    failed: Bench, tries: PlacementTries
) -> None:
    tries.again(seen(failed), BY, has_checked=False)
    failed.staff(status="placed", answer_link="https://vk.com/wall-1_2?reply=9")
    failed.reconcile()
    assert failed.network.visible == []
    assert failed.issue.fields["answer_link"] == "https://vk.com/wall-1_2?reply=9"


def test_an_order_survives_a_helpdesk_that_is_away(failed: Bench, tries: PlacementTries) -> None:
    tries.again(seen(failed), BY, has_checked=False)
    failed.desk.before.append(unavailable())
    failed.reconcile()
    failed.watch.wait(minutes=10)
    failed.reconcile()
    assert len(failed.network.visible) == 1


def test_an_order_whose_call_was_cut_short_is_not_written_twice(
    failed: Bench, tries: PlacementTries
) -> None:
    tries.again(seen(failed), BY, has_checked=False)
    failed.desk.after.append(Killed())
    with pytest.raises(Killed):
        failed.reconcile()
    failed.watch.wait(minutes=2)
    failed.reconcile()
    assert len([note for note in failed.notes if "Анна Куратова" in note]) == 1
    assert len(failed.network.visible) == 1


def test_an_unknown_answer_is_refused_in_words(tries: PlacementTries) -> None:
    with pytest.raises(NotDone, match="больше нет"):
        tries.look(Seen(99, "failed.1"), BY)
