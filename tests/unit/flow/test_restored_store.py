"""A store that was restored knows nothing of what the bridge did since; nothing is done twice."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.effects import EffectKind
from bridge.flow.reconcile import Trigger
from bridge.messages import Placement
from bridge.publish.port import CannotLook, Remedy
from bridge.sla.additions import AdditionKind
from bridge.store import additions, attachments, outbox
from bridge.store.archive import opened_archive
from bridge.store.backup import back_up
from bridge.store.models import EffectState, MessageRow
from bridge.store.restoration import restore
from tests.store_contract.archive import silent
from tests.unit.flow.conftest import GRACE, TEXT, Bench
from tests.unit.flow.desk import refusal

pytestmark = pytest.mark.clause("2.1.4", "3.5")

Restore = Callable[[], None]


@pytest.fixture
def backed_up(tmp_path: Path) -> Callable[[Bench], Restore]:
    """Makes an archive of a bench's store; what it returns restores the store from it."""
    path = tmp_path / "archive.zip"

    def back_up_now(bench: Bench) -> Restore:
        back_up(bench.store, path, bench.watch(), silent)

        def restore_now() -> None:
            bench.watch.wait(hours=3)
            with opened_archive(path) as archive:
                restore(bench.store, archive, bench.watch(), silent, actor="command:test")
            bench.watch.wait(seconds=GRACE.total_seconds() + 1)

        return restore_now

    return back_up_now


Backup = Callable[[Bench], Restore]


def placed_before() -> Placement:
    """The ticket's answer as it was sent before the machine broke."""
    return Placement("lost", {"owner_id": -1}, f"Анна Петрова! {TEXT}")


def fetch_file(bench: Bench) -> None:
    """The message brought a picture, which has been downloaded."""
    with bench.store.writing() as session:
        message = session.get_one(MessageRow, bench.row.message_id)
        attachments.add(session, message, bench.watch())
        (waiting,) = attachments.due(session, bench.watch(), 2)
        stored = attachments.Stored(b"picture", "image/jpeg", "фото-1.jpg", "ab12")
        attachments.keep(session, waiting, stored)


def test_an_answer_that_waited_and_was_placed_since_is_found_and_not_placed_again(
    created: Bench, backed_up: Backup
) -> None:
    created.approve()
    created.network.before.append(refusal(Remedy.RETRY, "10"))
    created.reconcile()
    assert created.effect().state == EffectState.PENDING
    go_back = backed_up(created)
    created.watch.at = created.effect().next_attempt_at
    created.reconcile()
    assert created.issue.status == "placed"

    go_back()
    created.reconcile()
    assert len(created.network.visible) == 1
    assert len(created.network.calls) == 2
    assert created.effect().state == EffectState.DONE
    assert created.issue.status == "placed"
    assert created.row.closed


def test_an_answer_that_was_decided_on_but_not_opened_is_looked_for_too(
    created: Bench, backed_up: Backup
) -> None:
    created.approve()
    with created.store.writing() as session:
        outbox.add(
            session,
            ticket_id=created.ticket,
            key=f"place:{created.issue.journal[-1].id}",
            kind=EffectKind.PLACE_ANSWER,
            channel="vk-head",
            payload={
                "key": f"place:{created.issue.journal[-1].id}",
                "approval": created.issue.journal[-1].id,
                "text": TEXT,
                "kind": "final",
            },
            now=created.watch(),
        )
    go_back = backed_up(created)
    created.reconcile()
    go_back()
    created.reconcile()
    assert len(created.network.calls) == 1
    assert created.effect().state == EffectState.DONE


def test_an_answer_that_waited_and_was_not_placed_goes_out(
    created: Bench, backed_up: Backup
) -> None:
    created.approve()
    created.network.before.append(refusal(Remedy.RETRY, "10"))
    created.reconcile()
    backed_up(created)()
    created.reconcile()
    assert len(created.network.visible) == 1
    assert created.issue.status == "placed"


def test_an_answer_approved_since_and_placed_is_not_placed_again(
    created: Bench, backed_up: Backup
) -> None:
    go_back = backed_up(created)
    created.approve()
    created.reconcile()
    assert created.issue.status == "placed"
    go_back()
    created.reconcile()
    assert len(created.network.calls) == 1
    assert created.row.closed
    assert created.verdicts()["placement:1"] is not None


def test_an_answer_approved_since_of_whose_placement_the_ticket_tells_nothing_is_looked_for(
    created: Bench, backed_up: Backup
) -> None:
    """The machine broke between the call and the ticket's update."""
    go_back = backed_up(created)
    created.approve()
    created.network.place(placed_before())
    go_back()
    created.reconcile()
    created.watch.wait(seconds=GRACE.total_seconds() + 1)
    created.reconcile()
    assert len(created.network.visible) == 1
    assert created.issue.status == "placed"


def test_an_answer_approved_since_and_not_placed_goes_out(
    created: Bench, backed_up: Backup
) -> None:
    go_back = backed_up(created)
    created.approve()
    go_back()
    created.reconcile()
    created.watch.wait(seconds=GRACE.total_seconds() + 1)
    created.reconcile()
    assert len(created.network.visible) == 1
    assert created.issue.status == "placed"


def test_an_answer_approved_after_the_restoration_goes_out_at_once(
    created: Bench, backed_up: Backup
) -> None:
    backed_up(created)()
    created.approve()
    created.reconcile()
    assert created.network.looks == 0
    assert created.issue.status == "placed"


def test_where_nobody_can_look_a_person_does(created: Bench, backed_up: Backup) -> None:
    created.approve()
    created.network.before.append(refusal(Remedy.RETRY, "10"))
    created.reconcile()
    go_back = backed_up(created)
    go_back()
    created.network.blind.append(CannotLook("no token"))
    created.reconcile()
    assert created.network.visible == []
    assert created.issue.status == "manual_placement"


def test_a_key_that_is_missing_after_the_restoration_makes_nobody_send_without_a_look(
    created: Bench, backed_up: Backup
) -> None:
    """On a new machine the channel's key may not be where the configuration says."""
    created.approve()
    created.network.before.append(refusal(Remedy.RETRY, "10"))
    created.reconcile()
    go_back = backed_up(created)
    created.watch.at = created.effect().next_attempt_at
    created.reconcile()
    go_back()
    created.network.unreachable = refusal(Remedy.CHANNEL_DOWN, "secret")
    created.reconcile()
    assert created.is_held()
    created.network.unreachable = None
    created.release_channel()
    created.watch.wait(minutes=6)
    created.reconcile()
    assert len(created.network.calls) == 2
    assert created.effect().state == EffectState.DONE


def test_an_answer_whose_approval_was_taken_back_since_is_not_placed(
    created: Bench, backed_up: Backup
) -> None:
    created.approve()
    created.network.before.append(refusal(Remedy.RETRY, "10"))
    created.reconcile()
    go_back = backed_up(created)
    created.staff(status="revision", revision_reason="3.7.2", note="Уточните срок.")
    go_back()
    created.reconcile()
    assert created.network.visible == []
    assert created.effect().state == EffectState.WITHDRAWN


def test_a_ticket_that_was_created_since_is_found_by_its_number(
    bench: Bench, backed_up: Backup
) -> None:
    go_back = backed_up(bench)
    bench.reconcile(Trigger.MESSAGE)
    go_back()
    bench.watch.wait(minutes=1)
    bench.reconcile(Trigger.MESSAGE)
    assert bench.desk.calls.count("create") == 1
    assert bench.row.issue_id == 1


def test_a_message_that_came_since_and_comes_again_finds_its_ticket(
    created: Bench, backed_up: Backup
) -> None:
    """The network tells of it again; the store has never had it."""
    go_back = backed_up(created)
    later = created.another(2)
    later.reconcile(Trigger.MESSAGE)
    later.approve()
    later.reconcile()
    assert later.issue.status == "placed"
    go_back()

    again = created.another(2)
    again.reconcile(Trigger.MESSAGE)
    again.watch.wait(minutes=1)
    again.reconcile(Trigger.MESSAGE)
    assert created.desk.calls.count("create") == 2
    assert again.row.issue_id == 2
    assert len(created.network.calls) == 1
    assert again.row.closed


def test_a_note_that_was_written_since_is_not_written_twice(
    created: Bench, backed_up: Backup
) -> None:
    with created.store.writing() as session:
        message = session.get_one(MessageRow, created.row.message_id)
        additions.add(
            session,
            kind=AdditionKind.EDITED,
            ticket_id=created.ticket,
            message=message,
            event_id=message.inbox_event_id,
            at=created.watch(),
            now=created.watch(),
        )
    go_back = backed_up(created)
    created.reconcile()
    written = list(created.notes)
    assert written
    go_back()
    created.reconcile()
    assert created.notes == written


def test_a_file_that_was_attached_since_is_not_attached_again(
    created: Bench, backed_up: Backup
) -> None:
    fetch_file(created)
    go_back = backed_up(created)
    created.reconcile()
    assert len(created.issue.files) == 1
    go_back()
    created.reconcile()
    assert len(created.issue.files) == 1
    assert created.effect(EffectKind.ATTACH_FILE).state == EffectState.DONE
