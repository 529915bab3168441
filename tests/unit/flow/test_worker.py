"""What a worker does with a hint: webhooks are looked at once, timers set when they are near."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from bridge.flow.adoption import Adoption
from bridge.flow.downloading import Downloading
from bridge.flow.intake import Intake
from bridge.flow.reconcile import Result, Trigger
from bridge.flow.worker import Worker
from bridge.publish.port import Remedy
from bridge.store import attachments, channel_switches, inbox
from bridge.store.models import EventState, MessageRow
from tests.store_contract.rows import record
from tests.unit.flow.conftest import BACKOFF, TEXT, Bench
from tests.unit.flow.desk import refusal, unavailable

HORIZON = timedelta(minutes=1)


@dataclass
class Timers:
    """The timers that were set."""

    at: list[tuple[int, datetime]] = field(default_factory=list)
    files: list[int] = field(default_factory=list)

    def event(self, event_id: int) -> None:
        raise AssertionError(f"a worker hints at no events: {event_id}")

    def file(self, attachment_id: int) -> None:
        self.files.append(attachment_id)

    def ticket(self, ticket_id: int, trigger: Trigger) -> None:
        raise AssertionError(f"a worker hints at no tickets: {ticket_id}, {trigger}")

    def ticket_at(self, ticket_id: int, at: datetime) -> None:
        self.at.append((ticket_id, at))


@dataclass
class PaperIntake:
    """Makes the same ticket of every event."""

    ticket: int | None

    def take(self, event: object) -> int | None:
        assert event
        return self.ticket


@pytest.fixture
def timers() -> Timers:
    return Timers()


@pytest.fixture
def worker(bench: Bench, timers: Timers) -> Worker:
    intake = cast(Intake, PaperIntake(bench.ticket))
    return Worker(
        bench.store,
        intake,
        cast(Downloading, None),
        bench.reconciler,
        Adoption(bench.store, bench.desk, bench.watch),
        timers,
        HORIZON,
        bench.watch,
    )


def test_a_message_becomes_a_ticket_in_the_helpdesk(bench: Bench, worker: Worker) -> None:
    worker.process_event(1)
    assert bench.issue.status == "assigned"


def test_the_files_of_a_message_are_hinted_at_before_its_ticket_is_made(
    bench: Bench, worker: Worker, timers: Timers
) -> None:
    with bench.store.writing() as session:
        attachments.add(session, session.get_one(MessageRow, 1), bench.watch())
    bench.desk.before.append(unavailable())
    worker.process_event(1)
    assert (bench.row.issue_id, timers.files) == (None, [1])


def test_a_webhook_makes_its_ticket_be_looked_at(created: Bench, worker: Worker) -> None:
    created.staff(status="review", answer_text=TEXT)
    event = _webhook(created, journal=created.issue.journal[-1].id)
    worker.process_event(event)
    assert created.row.status == "review"
    assert _outcome(created, event) == (EventState.PROCESSED, "")


def test_a_webhook_of_what_was_seen_already_costs_the_helpdesk_nothing(
    created: Bench, worker: Worker
) -> None:
    created.staff(status="review", answer_text=TEXT)
    created.reconcile()
    created.desk.unreadable.append(unavailable())
    event = _webhook(created, journal=1)
    worker.process_event(event)
    assert _outcome(created, event) == (EventState.SET_ASIDE, "seen")
    assert len(created.desk.unreadable) == 1


def test_the_news_of_a_tickets_own_creation_costs_the_helpdesk_nothing(
    created: Bench, worker: Worker
) -> None:
    created.desk.unreadable.append(unavailable())
    data = {"issue": {"id": created.issue.id}}
    event = _event(created, json.dumps({"type": "issue.created", "data": data}).encode())
    worker.process_event(event)
    assert _outcome(created, event) == (EventState.SET_ASIDE, "seen")
    assert len(created.desk.unreadable) == 1


def test_a_webhook_of_a_strange_issue_is_set_aside(created: Bench, worker: Worker) -> None:
    event = _webhook(created, journal=5, issue=99)
    worker.process_event(event)
    assert _outcome(created, event) == (EventState.SET_ASIDE, "not a ticket of ours")


def test_a_webhook_that_cannot_be_read_is_kept_with_the_place(
    created: Bench, worker: Worker
) -> None:
    event = _event(created, b'{"type": "issue.updated", "data": {}}')
    worker.process_event(event)
    assert _outcome(created, event) == (EventState.UNREADABLE, "data.issue: Field required")


def test_an_event_that_is_done_or_absent_is_left_alone(created: Bench, worker: Worker) -> None:
    event = _webhook(created, journal=5, issue=99)
    for _ in range(2):
        worker.process_event(event)
    worker.process_event(404)
    assert _outcome(created, event) == (EventState.SET_ASIDE, "not a ticket of ours")


def test_a_failed_try_is_repeated_by_a_timer(
    created: Bench, worker: Worker, timers: Timers
) -> None:
    created.desk.unreadable.append(unavailable())
    assert worker.reconcile(created.ticket, Trigger.WEBHOOK) is Result.LATER
    assert timers.at == [(created.ticket, created.watch() + BACKOFF.first)]


def test_a_postponed_answer_is_remembered_by_a_timer(
    created: Bench, worker: Worker, timers: Timers
) -> None:
    created.approve()
    created.network.before.append(refusal(Remedy.RETRY, "10"))
    worker.reconcile(created.ticket, Trigger.WEBHOOK)
    assert timers.at == [(created.ticket, created.effect().next_attempt_at)]


def test_a_far_deadline_is_left_to_the_sweep(
    created: Bench, worker: Worker, timers: Timers
) -> None:
    worker.reconcile(created.ticket, Trigger.WEBHOOK)
    assert timers.at == []
    look_at = created.row.look_at
    assert look_at is not None
    created.watch.at = look_at - HORIZON
    worker.reconcile(created.ticket, Trigger.TIMER)
    assert timers.at == [(created.ticket, look_at)]


def _webhook(bench: Bench, journal: int, issue: int | None = None) -> int:
    data: dict[str, Any] = {"issue": {"id": issue or bench.issue.id}, "journal": {"id": journal}}
    return _event(bench, json.dumps({"type": "issue.updated", "data": data}).encode())


def _event(bench: Bench, body: bytes) -> int:
    event = inbox.Arrival(inbox.HELPDESK, f"h{len(body)}", "issue.updated", body, bench.watch())
    event_id = record(bench.store, event)
    assert event_id is not None
    return event_id


def _outcome(bench: Bench, event_id: int) -> tuple[str, str]:
    with bench.store.reading() as session:
        return inbox.outcome(session, event_id)


def test_an_event_of_a_channel_that_is_switched_off_waits_for_it(
    bench: Bench, worker: Worker
) -> None:
    with bench.store.writing() as session:
        channel_switches.switch_off(session, "vk-head", "ivanov", "Меняем ключи.", bench.watch())
    worker.process_event(1)
    assert bench.row.issue_id is None
    with bench.store.writing() as session:
        channel_switches.switch_on(session, "vk-head")
    worker.process_event(1)
    assert bench.issue.status == "assigned"
