"""What the rules want in a ticket is written once, and never over what staff did meanwhile."""

import pytest

from bridge.effects import EffectKind
from bridge.flow.reconcile import Result
from bridge.helpdesk.port import HelpdeskRefused, SilentlyDropped
from bridge.publish.port import Remedy
from bridge.store import outbox
from bridge.store.models import EffectState
from tests.unit.flow.conftest import BACKOFF, TEXT, Bench
from tests.unit.flow.desk import Killed, refusal, unavailable

UNDONE = "Статус «На доработке» отменён"


def test_a_new_ticket_shows_its_deadlines_from_the_start(created: Bench) -> None:
    assert created.issue.journal == ()
    assert created.issue.fields["answer_due"] == "23.11.2026 20:30"
    assert created.issue.due_date is not None


def test_staff_who_change_the_ticket_meanwhile_are_not_overwritten(created: Bench) -> None:
    created.staff(status="review", answer_text=TEXT)
    in_time = created.desk.update

    def late(*arguments: object) -> None:
        created.desk.update = in_time  # type: ignore[method-assign]
        created.staff(answer_text="Уточнённый ответ.", status="approved")
        in_time(*arguments)  # type: ignore[arg-type]

    created.desk.update = late  # type: ignore[assignment, method-assign]
    assert created.reconcile() is Result.SETTLED
    assert [seen.text for seen in created.network.visible] == ["Анна Петрова! Уточнённый ответ."]
    assert created.issue.status == "placed"


def test_what_the_helpdesk_drops_silently_is_noticed_and_not_tried_in_a_loop(
    created: Bench,
) -> None:
    created.staff(status="review", answer_text=TEXT)
    created.desk.before.append(SilentlyDropped(1, ("Срок размещения",)))
    assert created.reconcile() is Result.SETTLED
    assert "Срок размещения" in created.row.attention
    calls = created.desk.calls.count("update")
    created.reconcile()
    assert created.desk.calls.count("update") == calls


@pytest.mark.scenario(17)
def test_what_the_helpdesk_refuses_needs_attention_until_it_is_wanted_no_more(
    created: Bench,
) -> None:
    created.staff(status="review", answer_text=TEXT)
    created.staff(status="revision")
    created.desk.before.append(HelpdeskRefused("нет прав"))
    created.reconcile()
    assert "нет прав" in created.row.attention
    created.staff(status="review")
    created.reconcile()
    assert created.row.attention == ""


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("fault", [unavailable(), Killed()], ids=["silence", "kill"])
def test_an_update_that_was_cut_short_is_written_once(
    created: Bench, when: str, fault: BaseException
) -> None:
    created.staff(status="review", answer_text=TEXT)
    created.reconcile()
    created.staff(status="revision")
    getattr(created.desk, when).append(fault)
    _try(created)
    created.watch.wait(minutes=2)
    assert created.reconcile() is Result.SETTLED
    assert created.issue.status == "review"
    assert [UNDONE in note for note in created.notes] == [True]


def test_the_note_of_an_earlier_occasion_is_not_mistaken_for_this_one(created: Bench) -> None:
    created.staff(status="review", answer_text=TEXT)
    created.staff(status="revision")
    created.reconcile()
    created.staff(status="revision", revision_reason="3.7.1 Формальный ответ")
    created.staff(status="review")
    created.reconcile()
    created.watch.wait(minutes=1)
    created.staff(status="revision")
    created.desk.before.append(Killed())
    _try(created)
    created.watch.wait(minutes=2)
    created.reconcile()
    assert created.issue.status == "review"
    assert len(created.notes) == 2


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_note_alone_that_was_cut_short_is_written_once(created: Bench, when: str) -> None:
    created.approve()
    created.network.before.append(_held())
    getattr(created.desk, when).append(Killed())
    _try(created)
    created.watch.wait(minutes=2)
    created.reconcile()
    assert ["пока не размещён" in note for note in created.notes] == [True]


def test_the_same_trouble_on_another_day_is_told_again(created: Bench) -> None:
    created.approve()
    created.network.before.append(_held())
    created.reconcile()
    created.staff(status="revision", revision_reason="3.7.1 Формальный ответ")
    created.reconcile()
    created.watch.wait(days=1)
    created.approve()
    created.network.before.append(_held())
    created.desk.before.append(Killed())
    _try(created)
    created.watch.wait(minutes=2)
    created.reconcile()
    assert ["пока не размещён" in note for note in created.notes] == [True, True]


def test_a_helpdesk_that_is_down_is_asked_again_ever_more_seldom(created: Bench) -> None:
    waits = []
    for _ in range(4):
        created.desk.unreadable.append(unavailable())
        assert created.reconcile() is Result.LATER
        look_at = created.row.look_at
        assert look_at is not None
        waits.append(look_at - created.watch())
        created.watch.at = look_at
    assert waits == [BACKOFF.first * 2**doublings for doublings in range(4)]
    assert "не отвечает" in created.row.attention

    assert created.reconcile() is Result.SETTLED
    assert (created.row.attention, created.row.attempts) == ("", 0)


def test_an_issue_that_was_deleted_is_looked_for_seldom(created: Bench) -> None:
    created.desk.issues.clear()
    assert created.reconcile() is Result.LATER
    assert created.row.look_at == created.watch() + BACKOFF.longest


def test_an_update_begun_before_a_crash_that_nobody_wants_any_more_is_over(
    created: Bench,
) -> None:
    created.staff(status="review", answer_text=TEXT)
    created.staff(status="revision")
    created.desk.before.append(Killed())
    _try(created)
    created.staff(status="review")
    created.watch.wait(minutes=2)
    created.reconcile()
    with created.store.reading() as session:
        updates = outbox.of_kind(session, created.ticket, EffectKind.UPDATE_TICKET)
    undone = [update.state for update in updates if update.key.startswith("undo")]
    assert undone == [EffectState.DONE]
    assert created.notes == []


def _held() -> Exception:
    return refusal(Remedy.PAUSE, "9", "Слишком часто.")


def _try(bench: Bench) -> None:
    try:
        bench.reconcile()
    except Killed:
        bench.watch.wait(minutes=2)
