"""An answer that is longer than its channel allows goes out in parts: all are visible, or none."""

import pytest

from bridge.publish.port import Remedy
from bridge.store.models import EffectState
from tests.unit.flow.conftest import CUT, Bench
from tests.unit.flow.desk import Killed, refusal

LONG = CUT.join(("Яму заделаем.", "Знак поставим.", "Фонарь починим."))


@pytest.fixture
def approved(created: Bench) -> Bench:
    created.staff(status="review", answer_text=LONG)
    created.reconcile()
    created.watch.wait(minutes=1)
    created.staff(status="approved")
    return created


def told(bench: Bench) -> list[str]:
    return [seen.text.removeprefix("Анна Петрова! ") for seen in bench.network.visible]


def test_the_parts_stand_in_their_order_and_the_ticket_links_to_the_first(
    approved: Bench,
) -> None:
    approved.reconcile()
    assert told(approved) == LONG.split(CUT)
    assert len({seen.idempotency_key for seen in approved.network.visible}) == 3
    assert approved.issue.status == "placed"
    assert approved.issue.fields["answer_link"].endswith(
        approved.network.visible[0].idempotency_key
    )


@pytest.mark.scenario(12)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_killed_between_parts_goes_on_where_it_was(approved: Bench, when: str) -> None:
    approved.network.before.append(refusal(Remedy.RETRY, "10"))
    approved.reconcile()
    getattr(approved.network, when).append(Killed())
    approved.watch.wait(minutes=1)
    with pytest.raises(Killed):
        approved.reconcile()
    for _ in range(4):
        approved.watch.wait(minutes=2)
        approved.reconcile()
    assert told(approved) == LONG.split(CUT)
    assert approved.issue.status == "placed"


def refuse_the_second(bench: Bench) -> None:
    first_call = len(bench.network.calls)

    class _Second(list[BaseException]):
        def __bool__(self) -> bool:
            return len(bench.network.calls) == first_call + 2 and len(self) > 0

    bench.network.before = _Second([refusal(Remedy.BY_HAND, "212", "Комментарии закрыты.")])


def test_where_a_part_is_refused_those_before_it_are_taken_away_again(approved: Bench) -> None:
    approved.network.retracts = True
    refuse_the_second(approved)
    approved.reconcile()
    assert told(approved) == []
    assert approved.effect().state == EffectState.FAILED
    assert approved.issue.status == "manual_placement"
    assert "Комментарии закрыты." in approved.notes[-1]


@pytest.mark.parametrize("retracts", [True, False])
def test_where_they_cannot_be_staff_read_what_went_out(approved: Bench, retracts: bool) -> None:
    approved.network.retracts = retracts
    approved.network.stuck = [refusal(Remedy.BY_HAND, "15")]
    refuse_the_second(approved)
    approved.reconcile()
    assert told(approved) == ["Яму заделаем."]
    assert approved.effect().state == EffectState.UNCERTAIN
    assert "часть 1 из 3: размещён (https://vk.com/" in approved.notes[-1]
