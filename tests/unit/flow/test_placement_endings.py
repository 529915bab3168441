"""A person ends an answer's way without the bridge: placed by hand, or not to be placed (3.5)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.flow.placement_endings import DropReason, PlacementEndings
from bridge.flow.placement_hold import NotDone, PlacementDesk
from bridge.flow.placement_tries import PlacementTries
from bridge.publish.port import Remedy
from bridge.sla.clocks import Verdict
from bridge.store import deliveries, sources
from bridge.store.models import EffectState, TicketRow
from tests.store_contract.rows import message
from tests.unit.flow.conftest import TEXT, Bench
from tests.unit.flow.desk import refusal
from tests.unit.flow.ordering import BY, deeds, row_of, seen

pytestmark = pytest.mark.clause("2.1.4", "3.5")

LINK = "https://vk.com/wall-1_2?reply=77"


@pytest.fixture
def endings(placement_desk: PlacementDesk) -> PlacementEndings:
    return PlacementEndings(placement_desk)


def bring_again(bench: Bench) -> None:
    """A further system brings the same message."""
    card = replace(
        message("card-15"),
        channel="vk-administration",
        link="https://incident.invalid/15",
        address={"number": "15"},
    )
    with bench.store.writing() as session:
        ticket = session.get_one(TicketRow, bench.ticket)
        (first,) = sources.of_message(session, ticket.message_id)
        event = first.inbox_event_id
        sources.add(session, ticket.message_id, card, event, bench.watch())


def test_an_answer_placed_by_hand_closes_its_ticket_in_time_with_its_link(
    failed: Bench, endings: PlacementEndings
) -> None:
    endings.by_hand(seen(failed), BY, LINK)
    failed.reconcile()
    assert failed.issue.status == "placed"
    assert failed.issue.fields["answer_link"] == LINK
    assert failed.verdicts()["placement:1"] == Verdict.IN_TIME
    assert failed.network.visible == []
    note = next(note for note in failed.notes if "Анна Куратова" in note)
    assert "размещён вручную" in note
    assert deeds(failed) == ["placed_by_hand"]


def test_an_answer_placed_by_hand_twice_is_placed_once(
    failed: Bench, endings: PlacementEndings
) -> None:
    before = seen(failed)
    endings.by_hand(before, BY, LINK)
    with pytest.raises(NotDone, match="ответ размещён"):
        endings.by_hand(before, BY, LINK)
    assert deeds(failed) == ["placed_by_hand"]


def test_whoever_cannot_wait_for_a_held_channel_places_by_hand(
    created: Bench, endings: PlacementEndings
) -> None:
    created.approve()
    created.network.before.append(refusal(Remedy.CHANNEL_DOWN, "5", "Ключ не действует."))
    created.reconcile()
    endings.by_hand(seen(created), BY, LINK)
    created.release_channel()
    created.watch.wait(minutes=10)
    created.reconcile()
    assert created.issue.status == "placed"
    assert created.network.visible == []


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("", "Вставьте ссылку"),
        ("http://vk.com/wall-1_2?reply=77", "https://"),
        ("javascript:alert(1)", "https://"),
        ("https://[", "https://"),
        ("https://vk.com/" + "w" * 1000, "https://"),
        ("https://vk.com@evil.example/wall-1_2", "не туда"),
        ("https://evilvk.com/wall-1_2", "не туда"),
        ("https://vk.com/wall-1_2?reply=3", "ссылка на сообщение гражданина"),
    ],
)
def test_a_link_that_leads_to_no_answer_is_refused(
    failed: Bench, endings: PlacementEndings, link: str, told: str
) -> None:
    with pytest.raises(NotDone, match=told):
        endings.by_hand(seen(failed), BY, link)
    assert row_of(failed).state == EffectState.FAILED
    assert deeds(failed) == []


def test_the_mobile_address_of_the_same_network_will_do(
    failed: Bench, endings: PlacementEndings
) -> None:
    endings.by_hand(seen(failed), BY, "https://m.vk.com/wall-1_2?reply=77")
    assert row_of(failed).state == EffectState.DONE


def test_placed_by_hand_in_one_system_the_ticket_waits_for_the_other(
    created: Bench, endings: PlacementEndings
) -> None:
    bring_again(created)
    created.approve()
    created.network.before = [refusal(Remedy.BY_HAND, "1"), refusal(Remedy.BY_HAND, "2")]
    created.reconcile()
    endings.by_hand(seen(created, 0), BY, LINK)
    created.reconcile()
    assert created.issue.status == "manual_placement"
    endings.by_hand(seen(created, 1), BY, "https://vk.com/gim1?sel=5")
    created.reconcile()
    assert created.issue.status == "placed"
    assert created.issue.fields["answer_link"] == LINK


@pytest.mark.parametrize(
    ("reason", "status"),
    [(DropReason.DELETED, "withdrawn"), (DropReason.ANSWERED, "no_answer_needed")],
)
def test_an_answer_that_is_not_to_be_placed_closes_its_ticket_with_the_reason(
    failed: Bench, endings: PlacementEndings, reason: DropReason, status: str
) -> None:
    endings.drop(seen(failed), BY, reason, "Дозвонились по телефону.")
    failed.reconcile()
    assert failed.issue.status == status
    assert failed.row.closed
    note = failed.notes[-1]
    assert "Анна Куратова" in note
    assert "Дозвонились по телефону." in note
    assert "до 23.11.2026" in note
    assert deeds(failed) == ["placement_dropped"]
    assert row_of(failed).code == deliveries.DROPPED


def test_a_term_that_has_passed_is_told_with_the_drop(
    failed: Bench, endings: PlacementEndings
) -> None:
    failed.watch.at += timedelta(hours=2)
    endings.drop(seen(failed), BY, DropReason.DELETED, "")
    failed.reconcile()
    assert "истёк 23.11.2026" in failed.notes[-1]


def test_a_common_answer_is_dropped_only_after_the_tickets_of_the_departments(
    failed: Bench, endings: PlacementEndings
) -> None:
    part = failed.another(2)
    with failed.store.writing() as session:
        session.get_one(TicketRow, part.ticket).parent_id = failed.ticket
    with pytest.raises(NotDone, match="сначала закройте в Redmine их карточки"):
        endings.drop(seen(failed), BY, DropReason.DELETED, "")
    assert row_of(failed).code != deliveries.DROPPED
    assert deeds(failed) == []


def test_another_reason_must_be_named(failed: Bench, endings: PlacementEndings) -> None:
    with pytest.raises(NotDone, match="своими словами"):
        endings.drop(seen(failed), BY, DropReason.OTHER, "")
    assert deeds(failed) == []


def test_what_waits_is_dropped_before_it_goes_out(
    created: Bench, endings: PlacementEndings
) -> None:
    created.approve()
    created.network.before.append(refusal(Remedy.RETRY, "6"))
    created.reconcile()
    endings.drop(seen(created), BY, DropReason.DELETED, "")
    created.watch.wait(minutes=10)
    created.reconcile()
    assert created.issue.status == "withdrawn"
    assert created.network.visible == []
    assert len([note for note in created.notes if "не разме" in note.lower()]) == 1


def test_dropped_for_one_system_the_answer_counts_as_placed_where_it_stands(
    created: Bench, endings: PlacementEndings
) -> None:
    bring_again(created)
    created.approve()
    created.network.before = [refusal(Remedy.RETRY, "10")]
    created.reconcile()
    assert {row_of(created, 0).state, row_of(created, 1).state} == {"pending", "done"}
    endings.drop(seen(created, 0), BY, DropReason.DELETED, "")
    created.reconcile()
    assert created.issue.status == "placed"
    assert created.verdicts()["placement:1"] == Verdict.IN_TIME


def test_an_interim_answer_that_is_dropped_leaves_the_final_one_due(
    created: Bench, endings: PlacementEndings
) -> None:
    created.staff(
        status="interim_review", interim_text="Проверяем.", interim_until="24.11.2026 12:00"
    )
    created.reconcile()
    created.staff(status="interim_approved")
    created.network.before.append(refusal(Remedy.BY_HAND, "213"))
    created.reconcile()
    assert created.issue.status == "manual_placement"
    endings.drop(seen(created), BY, DropReason.ANSWERED, "")
    created.reconcile()
    assert created.issue.status == "in_progress"
    assert created.verdicts()["answer:1"] is None


def test_a_system_that_came_later_is_served_by_hand_again_or_not_at_all(
    created: Bench, endings: PlacementEndings, placement_desk: PlacementDesk
) -> None:
    created.approve()
    created.reconcile()
    assert created.issue.status == "placed"
    created.network.before = [refusal(Remedy.BY_HAND, "403", "Карточка закрыта.")]
    bring_again(created)
    created.watch.wait(minutes=1)
    created.reconcile()
    assert row_of(created).state == EffectState.FAILED
    PlacementTries(placement_desk).again(seen(created), BY, has_checked=False)
    created.network.before = [refusal(Remedy.BY_HAND, "403", "Карточка закрыта.")]
    created.reconcile()
    assert len(created.network.calls) == 3
    endings.drop(seen(created), BY, DropReason.ANSWERED, "")
    for _ in range(2):
        created.watch.wait(minutes=10)
        created.reconcile()
    assert len(created.network.calls) == 3
    assert created.issue.status == "placed"
    assert [answer.text for answer in created.network.visible] == [f"Анна Петрова! {TEXT}"]
