"""An approved answer becomes visible once, whatever the network does (clause 3.5)."""

import pytest

from bridge.flow.reconcile import Result
from bridge.publish.port import CannotLook, Remedy
from bridge.sla.clocks import Verdict
from bridge.store import channel_switches
from bridge.store.models import EffectState
from sandbox.files import picture
from tests.unit.flow.conftest import ATTEMPTS, GRACE, LONGEST_ANSWER, LOOK_FOR, PAUSE, TEXT, Bench
from tests.unit.flow.desk import CURATOR, Killed, refusal, unavailable

pytestmark = pytest.mark.clause("2.1.4", "3.5")


@pytest.fixture
def approved(created: Bench) -> Bench:
    created.approve()
    return created


def test_an_approved_answer_stands_there_and_the_ticket_is_closed_with_its_link(
    approved: Bench,
) -> None:
    approved.reconcile()
    (answer,) = approved.network.visible
    assert answer.text == f"Анна Петрова! {TEXT}"
    assert answer.address == {"owner_id": -1, "post_id": 2, "comment_id": 3}
    assert approved.issue.status == "placed"
    assert approved.issue.fields["answer_link"].startswith("https://vk.com/wall-1_2?reply=")
    assert approved.row.closed
    assert approved.verdicts()["placement:1"] == Verdict.IN_TIME


@pytest.mark.scenario(19)
def test_reconciling_again_and_again_places_nothing_more(approved: Bench) -> None:
    for _ in range(3):
        approved.reconcile()
        approved.watch.wait(hours=1)
    assert len(approved.network.calls) == 1


def test_a_passing_failure_is_tried_again_after_a_while_with_the_same_key(approved: Bench) -> None:
    approved.network.before.append(refusal(Remedy.RETRY, "10"))
    approved.reconcile()
    approved.reconcile()
    assert len(approved.network.calls) == 1

    approved.watch.at = approved.effect().next_attempt_at
    approved.reconcile()
    first, second = approved.network.calls
    assert first.idempotency_key == second.idempotency_key
    assert approved.issue.status == "placed"
    assert approved.notes == []


def test_tries_are_bounded_and_then_a_person_takes_over(approved: Bench) -> None:
    approved.network.before = [refusal(Remedy.RETRY, "10", "Сеть больна.") for _ in range(99)]
    for _ in range(ATTEMPTS + 3):
        approved.reconcile()
        approved.watch.wait(minutes=10)
    assert len(approved.network.calls) == ATTEMPTS
    assert approved.issue.status == "manual_placement"
    (note,) = approved.notes
    assert "Сеть больна." in note


@pytest.mark.scenario(17)
def test_an_answer_that_the_network_never_takes_goes_to_a_person_at_once(approved: Bench) -> None:
    approved.network.before.append(refusal(Remedy.BY_HAND, "212", "Комментарии закрыты."))
    approved.reconcile()
    assert approved.issue.status == "manual_placement"
    assert "Комментарии закрыты." in approved.notes[0]
    assert approved.verdicts()["placement:1"] is None


def test_a_key_that_goes_missing_after_a_crash_makes_nobody_send_without_a_look(
    approved: Bench,
) -> None:
    approved.network.after.append(Killed())
    with pytest.raises(Killed):
        approved.reconcile()
    approved.network.unreachable = refusal(Remedy.CHANNEL_DOWN, "no_token")
    approved.watch.wait(minutes=1)
    approved.reconcile()
    assert approved.is_held()
    assert approved.effect().state == EffectState.SENDING

    approved.network.unreachable = None
    approved.release_channel()
    approved.watch.wait(minutes=6)
    approved.reconcile()
    assert len(approved.network.calls) == 1
    assert approved.issue.status == "placed"


@pytest.mark.parametrize("text", ["Ответ. " * LONGEST_ANSWER])
def test_an_answer_that_does_not_fit_is_not_sent(created: Bench, text: str) -> None:
    created.staff(status="approved", answer_text=text)
    created.reconcile()
    assert created.network.calls == []
    assert created.issue.status == "manual_placement"
    assert str(LONGEST_ANSWER) in created.notes[0]


def test_the_curators_next_approval_sends_it_again(approved: Bench) -> None:
    approved.network.before.append(refusal(Remedy.BY_HAND, "15"))
    approved.reconcile()
    approved.watch.wait(minutes=1)
    approved.staff(status="approved")
    approved.reconcile()
    assert len(approved.network.visible) == 1
    assert approved.issue.status == "placed"


def test_flood_control_rests_the_whole_channel(approved: Bench) -> None:
    approved.network.before.append(refusal(Remedy.PAUSE, "9", "Слишком часто."))
    approved.reconcile()
    other = approved.another(2)
    other.reconcile()
    other.approve()
    other.reconcile()
    assert len(approved.network.calls) == 1
    assert [len(each.notes) for each in (approved, other)] == [1, 1]

    approved.watch.wait(seconds=PAUSE.total_seconds() + 60)
    for each in (approved, other):
        each.reconcile()
        each.reconcile()
        assert each.issue.status == "placed"
        assert len(each.notes) == 1


@pytest.mark.scenario(18)
def test_of_two_answers_the_one_that_went_out_does_not_close_the_other(approved: Bench) -> None:
    other = approved.another(2)
    other.reconcile()
    other.approve()
    approved.network.before.append(refusal(Remedy.BY_HAND, "212", "Комментарии закрыты."))
    for each in (approved, other):
        each.reconcile()
    assert [each.issue.status for each in (approved, other)] == ["manual_placement", "placed"]
    assert [each.effect().state for each in (approved, other)] == [
        EffectState.FAILED,
        EffectState.DONE,
    ]
    assert [bool(each.row.closed) for each in (approved, other)] == [False, True]


@pytest.mark.scenario(17)
def test_a_failed_placement_stays_in_sight_until_a_person_acts(approved: Bench) -> None:
    approved.network.before.append(refusal(Remedy.BY_HAND, "212", "Комментарии закрыты."))
    for _ in range(5):
        approved.reconcile()
        approved.watch.wait(hours=24)
    assert approved.issue.status == "manual_placement"
    assert not approved.row.closed
    assert approved.issue.fields["deadline_state"] == "просрочено"


@pytest.mark.scenario(16)
def test_a_channel_that_is_down_holds_its_answers_until_it_is_mended(approved: Bench) -> None:
    approved.network.unreachable = refusal(Remedy.CHANNEL_DOWN, "no_token", "Нет ключа.")
    for _ in range(4):
        approved.reconcile()
        approved.watch.wait(minutes=20)
    assert approved.is_held()
    (note,) = approved.notes
    assert "Нет ключа." in note
    assert approved.issue.status == "approved"
    assert approved.issue.fields["deadline_state"] == "просрочено"

    approved.network.unreachable = None
    approved.release_channel()
    approved.watch.wait(minutes=6)
    approved.reconcile()
    assert approved.issue.status == "placed"
    assert approved.effect().attempts == 1


@pytest.mark.scenario(12)
def test_an_answer_whose_call_was_lost_is_looked_for_and_not_sent_again(approved: Bench) -> None:
    approved.network.after.append(refusal(Remedy.LOOK, "timeout"))
    approved.reconcile()
    assert (approved.effect().state, approved.network.looks) == (EffectState.SENDING, 0)

    approved.watch.wait(seconds=GRACE.total_seconds())
    approved.reconcile()
    assert approved.issue.status == "placed"
    assert len(approved.network.calls) == 1


def test_an_answer_that_is_not_there_is_sent_again_with_the_same_key(approved: Bench) -> None:
    approved.network.before.append(refusal(Remedy.LOOK, "timeout"))
    approved.reconcile()
    approved.watch.wait(seconds=GRACE.total_seconds())
    approved.reconcile()
    assert len({call.idempotency_key for call in approved.network.calls}) == 1
    assert len(approved.network.visible) == 1
    assert approved.issue.status == "placed"


def test_an_answer_that_is_never_there_goes_to_a_person(approved: Bench) -> None:
    approved.network.before = [refusal(Remedy.LOOK, "timeout") for _ in range(99)]
    for _ in range(ATTEMPTS * 2 + 2):
        approved.reconcile()
        approved.watch.wait(minutes=1)
    assert len(approved.network.calls) == ATTEMPTS
    assert approved.issue.status == "manual_placement"


@pytest.mark.scenario(12)
def test_what_cannot_be_looked_for_is_left_to_a_person_and_not_sent_again(
    approved: Bench,
) -> None:
    approved.network.after.append(refusal(Remedy.LOOK, "timeout"))
    approved.network.blind.append(CannotLook("no token"))
    approved.reconcile()
    approved.watch.wait(seconds=GRACE.total_seconds())
    approved.reconcile()
    assert approved.effect().state == EffectState.UNCERTAIN
    assert approved.issue.status == "manual_placement"
    assert "Неизвестно, размещён ли ответ" in approved.notes[0]
    assert len(approved.network.calls) == 1


@pytest.mark.scenario(12)
def test_while_looking_fails_nothing_is_sent_and_in_the_end_a_person_is_asked(
    approved: Bench,
) -> None:
    approved.network.before.append(refusal(Remedy.LOOK, "timeout"))
    approved.network.blind = [refusal(Remedy.RETRY, "10") for _ in range(999)]
    approved.reconcile()
    while approved.issue.status == "approved":
        approved.watch.wait(seconds=GRACE.total_seconds())
        approved.reconcile()
    assert approved.watch() - approved.effect().created_at > LOOK_FOR
    assert len(approved.network.calls) == 1
    assert approved.effect().state == EffectState.UNCERTAIN


@pytest.mark.scenario(12)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_killed_around_the_call_leaves_one_visible_answer(
    approved: Bench, when: str
) -> None:
    getattr(approved.network, when).append(Killed())
    with pytest.raises(Killed):
        approved.reconcile()
    approved.watch.wait(minutes=2)
    approved.reconcile()
    assert len(approved.network.visible) == 1
    assert approved.network.looks == 1
    assert approved.issue.status == "placed"


def test_an_approval_taken_back_before_sending_is_not_sent_when_the_channel_is_back(
    approved: Bench,
) -> None:
    approved.network.before.append(refusal(Remedy.PAUSE, "9"))
    approved.reconcile()
    approved.staff(status="revision", revision_reason="3.7.1 Формальный ответ")
    approved.reconcile()
    assert approved.effect().state == EffectState.WITHDRAWN

    approved.watch.wait(seconds=PAUSE.total_seconds() + 60)
    approved.reconcile()
    assert len(approved.network.calls) == 1
    assert approved.network.visible == []


def test_a_revision_without_a_reason_does_not_lose_the_approval(approved: Bench) -> None:
    approved.network.before.append(refusal(Remedy.PAUSE, "9"))
    approved.reconcile()
    approved.staff(status="revision")
    approved.reconcile()
    assert approved.issue.status == "approved"
    approved.watch.wait(seconds=PAUSE.total_seconds() + 60)
    approved.reconcile()
    assert approved.issue.status == "placed"
    assert len(approved.network.visible) == 1


def test_an_approval_taken_back_while_its_call_was_under_way_is_told_if_it_arrived(
    approved: Bench,
) -> None:
    approved.network.after.append(refusal(Remedy.LOOK, "timeout"))
    approved.reconcile()
    approved.staff(status="revision", revision_reason="3.7.1 Формальный ответ")
    approved.reconcile()
    approved.watch.wait(seconds=GRACE.total_seconds())
    approved.reconcile()
    (note,) = approved.notes
    assert "ответ уже был размещён" in note
    assert approved.issue.status == "revision"


def test_an_approval_taken_back_while_its_call_was_under_way_is_dropped_if_it_did_not_arrive(
    approved: Bench,
) -> None:
    approved.network.before.append(refusal(Remedy.LOOK, "timeout"))
    approved.reconcile()
    approved.staff(status="revision", revision_reason="3.7.1 Формальный ответ")
    approved.watch.wait(seconds=GRACE.total_seconds())
    approved.reconcile()
    assert approved.effect().state == EffectState.WITHDRAWN
    assert (len(approved.network.calls), approved.notes) == (1, [])


def test_an_approval_given_again_while_the_first_ones_outcome_is_unknown_waits_for_it(
    approved: Bench,
) -> None:
    approved.network.after.append(refusal(Remedy.LOOK, "timeout"))
    approved.network.blind.append(CannotLook("no token"))
    approved.reconcile()
    approved.staff(status="revision", revision_reason="3.7.1 Формальный ответ")
    approved.staff(status="review")
    approved.staff(status="approved")
    approved.watch.wait(seconds=GRACE.total_seconds())
    approved.reconcile()
    assert len(approved.network.calls) == 1
    assert approved.issue.status == "manual_placement"


def test_an_answer_with_photos_is_left_to_a_person_and_not_placed_without_them(
    created: Bench,
) -> None:
    created.staff(photo="31", photos_required="1")
    created.approve()
    created.reconcile()
    assert created.network.calls == []
    assert created.issue.status == "manual_placement"
    assert "3.4" in created.notes[0]


@pytest.fixture
def with_photos(created: Bench) -> Bench:
    """An answer with one picture is approved, where the channel takes two."""
    created.network.pictures_limit = 2
    created.desk.add_files(created.issue.id, CURATOR, {"яма.jpg": picture()})
    created.staff(photos_required="1")
    created.approve()
    return created


@pytest.mark.clause("3.4")
def test_an_answer_with_photos_goes_out_with_them_where_the_channel_takes_them(
    with_photos: Bench,
) -> None:
    with_photos.desk.add_files(with_photos.issue.id, CURATOR, {"later.jpg": picture(9, 9)})
    with_photos.reconcile()
    (answer,) = with_photos.network.visible
    assert [(each.name, each.content) for each in answer.pictures] == [("яма.jpg", picture())]
    assert with_photos.issue.status == "placed"


@pytest.mark.clause("3.4")
def test_photos_that_cannot_go_out_leave_the_answer_to_a_person_with_the_reason(
    with_photos: Bench,
) -> None:
    with_photos.desk.remove_files(with_photos.issue.id)
    with_photos.reconcile()
    assert with_photos.network.calls == []
    assert with_photos.issue.status == "manual_placement"
    assert "удалены из карточки" in with_photos.notes[0]


@pytest.mark.clause("3.4")
def test_an_answer_that_may_be_there_is_looked_for_though_its_photos_are_gone(
    with_photos: Bench,
) -> None:
    with_photos.network.after.append(refusal(Remedy.LOOK, "timeout"))
    with_photos.reconcile()
    with_photos.desk.remove_files(with_photos.issue.id)
    with_photos.watch.wait(seconds=GRACE.total_seconds())
    with_photos.reconcile()
    assert len(with_photos.network.calls) == 1
    assert with_photos.issue.status == "placed"


@pytest.mark.clause("3.4")
def test_photos_that_cannot_be_read_now_are_waited_for(with_photos: Bench) -> None:
    download = with_photos.desk.download

    def fail(_: object) -> bytes:
        raise unavailable()

    with_photos.desk.download = fail  # type: ignore[method-assign]
    assert with_photos.reconcile() is Result.LATER
    with_photos.desk.download = download  # type: ignore[method-assign]
    assert with_photos.reconcile() is Result.SETTLED
    assert with_photos.issue.status == "placed"


def test_a_channel_that_is_switched_off_keeps_its_answers_and_staff_read_why(
    approved: Bench,
) -> None:
    with approved.store.writing() as session:
        channel_switches.switch_off(session, "vk-head", "ivanov", "Меняем ключи.", approved.watch())
    approved.reconcile()
    assert approved.network.calls == []
    assert "Меняем ключи." in approved.notes[0]
    with approved.store.writing() as session:
        channel_switches.switch_on(session, "vk-head")
    approved.watch.at = approved.effect().next_attempt_at
    approved.reconcile()
    assert approved.issue.status == "placed"
