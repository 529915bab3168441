"""A message has one ticket in the helpdesk, whatever happens on the way."""

from dataclasses import replace

import pytest

from bridge.effects import EffectKind
from bridge.flow.reconcile import Result, Trigger
from bridge.helpdesk.port import HelpdeskRefused, HelpdeskUnreachable, SilentlyDropped
from bridge.store.models import EffectState
from tests.unit.flow.conftest import Bench
from tests.unit.flow.desk import Killed, unavailable


def test_a_ticket_is_created_once_with_what_staff_need(bench: Bench) -> None:
    bench.reconcile(Trigger.MESSAGE)
    bench.reconcile(Trigger.MESSAGE)
    assert bench.desk.calls.count("create") == 1
    issue = bench.issue
    assert (issue.status, issue.department) == ("assigned", "roads")
    assert issue.fields["channel"] == "ВКонтакте, страница Главы города, лента"
    assert issue.fields["source"] == "https://vk.com/wall-1_2?reply=3"
    assert issue.fields["author"] == "Анна Петрова"
    assert issue.fields["external_number"] == "vk:feed:wall-1_2_r1"
    assert issue.fields["arrived_at"] == "23.11.2026 16:30"


def test_a_ticket_leads_curators_to_its_messages_whole_way(bench: Bench) -> None:
    creation = replace(bench.reconciler.creation, pages="https://bridge.example")
    replace(bench.reconciler, creation=creation).reconcile(bench.ticket, Trigger.MESSAGE)
    path = f"https://bridge.example/admin/inbox/ticket/{bench.ticket}"
    assert bench.issue.description.strip().endswith(path)


@pytest.mark.parametrize("fault", [unavailable(), Killed()], ids=["silence", "kill"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_creation_that_was_cut_short_is_looked_for_before_it_is_tried_again(
    bench: Bench, when: str, fault: BaseException
) -> None:
    getattr(bench.desk, when).append(fault)
    try:
        assert bench.reconcile() is Result.LATER
    except Killed:
        bench.watch.wait(minutes=2)
    bench.watch.wait(minutes=2)
    assert bench.reconcile() is Result.SETTLED
    assert len(bench.desk.issues) == 1
    assert "find" in bench.desk.calls
    assert bench.effect(EffectKind.CREATE_TICKET).state == EffectState.DONE


@pytest.mark.clause("1.2.1")
def test_what_the_helpdesk_refuses_for_a_department_goes_to_the_curators(bench: Bench) -> None:
    bench.desk.before.append(HelpdeskRefused("группы нет"))
    assert bench.reconcile() is Result.SETTLED
    assert (bench.issue.status, bench.issue.department) == ("new", None)
    assert bench.verdicts()["routing:1"] is None


def test_what_the_helpdesk_refuses_altogether_is_kept_and_tried_again(bench: Bench) -> None:
    bench.desk.before = [HelpdeskRefused("проект закрыт"), HelpdeskRefused("проект закрыт")]
    assert bench.reconcile() is Result.LATER
    assert "проект закрыт" in bench.row.attention
    bench.watch.wait(minutes=5)
    assert bench.reconcile() is Result.SETTLED
    assert len(bench.desk.issues) == 1


def test_a_ticket_that_was_not_created_as_drafted_is_still_the_ticket(bench: Bench) -> None:
    bench.desk.after.append(SilentlyDropped(1, ("Канал",)))
    assert bench.reconcile() is Result.SETTLED
    assert len(bench.desk.issues) == 1
    assert bench.row.issue_id == 1


def test_a_slow_creation_is_given_time_to_finish_before_its_absence_means_anything(
    bench: Bench,
) -> None:
    bench.desk.before.append(unavailable())
    assert bench.reconcile() is Result.LATER
    bench.watch.wait(seconds=3)
    assert bench.reconcile() is Result.LATER
    assert "find" not in bench.desk.calls
    bench.watch.wait(minutes=1)
    assert bench.reconcile() is Result.SETTLED
    assert len(bench.desk.issues) == 1


def test_a_creation_that_was_never_sent_is_tried_again_without_waiting(bench: Bench) -> None:
    bench.desk.before.append(HelpdeskUnreachable("no connection"))
    assert bench.reconcile() is Result.LATER
    bench.watch.wait(seconds=3)
    assert bench.reconcile() is Result.SETTLED
    assert len(bench.desk.issues) == 1
