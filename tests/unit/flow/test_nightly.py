"""At night every open ticket is compared with the helpdesk; what differs is mended and listed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bridge.config.document import load_document
from bridge.differences import Patience
from bridge.flow.looking import Looking
from bridge.flow.nightly import LEASE, Ending, Nightly, NightlyReport, Unwatched
from bridge.flow.patience import Patiently
from bridge.helpdesk.port import HelpdeskRefused, SilentlyDropped
from bridge.sla.clocks import Verdict
from bridge.sla.policy import SlaSettings
from bridge.store import clocks, inbox, nightly
from bridge.store.models import (
    ClockRow,
    NightlyDifferenceRow,
    NightlyRunRow,
    TicketRow,
)
from tests.store_contract.rows import arrival, record
from tests.unit.flow.conftest import PATIENCE, PROJECT, TEXT, Bench
from tests.unit.flow.desk import Killed, unavailable

DAYS = 7
LAG = timedelta(minutes=2)
Found = tuple[str, str, str]


@dataclass
class Night:
    """The nightly reconciliation at a bench's desk."""

    bench: Bench
    nightly: Nightly
    waited: list[float] = field(default_factory=list)

    def run(self, until: datetime | None = None) -> NightlyReport:
        return self.nightly.run(Unwatched(), until)

    def found(self) -> list[Found]:
        """What the last run listed: the thing, its cause, and what became of it."""
        return [(row.what, row.cause, row.outcome) for row in self.rows()]

    def rows(self) -> Sequence[NightlyDifferenceRow]:
        with self.bench.store.reading() as session:
            run = nightly.latest(session)
            assert run
            return nightly.differences(session, run.id, 0, 100)

    def changed(self, **parts: object) -> "Night":
        """With other parts."""
        return replace(self, nightly=replace(self.nightly, **parts))  # type: ignore[arg-type]


@pytest.fixture
def night(created: Bench) -> Night:
    waited: list[float] = []
    patiently = Patiently(waited.append)
    looking = Looking(
        created.store,
        created.desk,
        created.reconciler.recording,
        created.reconciler.reconcile,
        Patience(PATIENCE, LAG),
        patiently,
        created.watch,
    )
    run = Nightly(
        created.store, created.desk, looking, patiently, DAYS, lambda _now: (), created.watch
    )
    return Night(created, run, waited)


@pytest.fixture
def settled(night: Night) -> Night:
    """A ticket that a run has read, and that nothing happened to since."""
    assert night.run().ending is Ending.FINISHED
    night.bench.desk.calls.clear()
    night.bench.watch.wait(minutes=5)
    return night


def test_where_nothing_differs_nothing_is_listed_and_nothing_written(night: Night) -> None:
    night.bench.desk.calls.clear()
    report = night.run()
    assert (report.ending, report.looked, report.read, report.differing) == (
        Ending.FINISHED,
        1,
        1,
        0,
    )
    assert night.bench.desk.calls == ["rows", "view"]


def test_a_ticket_that_is_as_it_was_costs_its_share_of_one_list_only(settled: Night) -> None:
    report = settled.run()
    assert (report.looked, report.read) == (1, 0)
    assert settled.bench.desk.calls == ["rows"]


def test_what_staff_did_and_no_webhook_told_of_is_mended(settled: Night) -> None:
    settled.bench.staff(status="in_progress")
    settled.bench.watch.wait(minutes=1)
    settled.run()
    assert settled.found() == [
        ("journal", "lost_webhook", "mended"),
        ("status", "lost_webhook", "mended"),
    ]
    assert settled.bench.row.status == "in_progress"


def test_an_answer_that_no_webhook_told_of_stops_its_clock_at_the_time_it_came(
    settled: Night,
) -> None:
    settled.bench.staff(status="review", answer_text=TEXT)
    submitted = settled.bench.watch().replace(microsecond=0)
    settled.bench.watch.wait(hours=9)
    settled.run()
    assert settled.bench.verdicts()["answer:1"] == Verdict.IN_TIME
    assert ("clock answer:1", "lost_webhook", "mended") in settled.found()
    assert ("placement_due", "lost_webhook", "mended") in settled.found()
    with settled.bench.store.reading() as session:
        stops = [clock.stop for clock in clocks.of_ticket(session, settled.bench.ticket)]
    assert submitted in stops


def test_what_a_webhook_told_of_long_ago_says_that_the_bridge_is_behind(settled: Night) -> None:
    settled.bench.staff(status="in_progress")
    entry = settled.bench.issue.journal[-1].id
    record(settled.bench.store, arrival(f"journal:{entry}", inbox.HELPDESK))
    settled.bench.watch.wait(minutes=3)
    settled.run()
    assert {cause for _, cause, _ in settled.found()} == {"behind"}


def test_what_is_still_on_its_way_to_a_worker_is_no_difference(settled: Night) -> None:
    settled.bench.staff(status="in_progress")
    entry = settled.bench.issue.journal[-1].id
    record(settled.bench.store, arrival(f"journal:{entry}", inbox.HELPDESK))
    settled.bench.watch.wait(minutes=1)
    settled.run()
    assert settled.found() == []
    assert settled.bench.row.status == "in_progress"


def test_a_field_of_the_bridges_that_a_person_changed_is_put_right(settled: Night) -> None:
    before = settled.bench.issue.fields["answer_due"]
    settled.bench.staff(answer_due="31.12.2026 23:59")
    settled.bench.watch.wait(minutes=1)
    settled.run()
    assert settled.bench.issue.fields["answer_due"] == before
    assert ("answer_due", "edited_by_hand", "mended") in settled.found()
    row = next(row for row in settled.rows() if row.what == "answer_due")
    assert (row.was, row.became) == ("31.12.2026 23:59", before)


def test_a_field_that_the_bridge_wrote_and_the_helpdesk_lost_is_written_again(
    settled: Night,
) -> None:
    settled.bench.staff(answer_due="")
    settled.bench.reconcile()
    written = settled.bench.issue.fields["answer_due"]
    assert written
    settled.run()
    settled.bench.desk.edit_silently(settled.bench.issue.id, answer_due="01.01.2020 00:00")
    settled.run()
    assert settled.found() == [("answer_due", "silent_drop", "mended")]
    assert settled.bench.issue.fields["answer_due"] == written


def test_a_field_that_changed_without_any_trace_has_no_known_cause(settled: Night) -> None:
    settled.bench.desk.edit_silently(settled.bench.issue.id, arrived_at="")
    settled.run()
    assert settled.found() == [("arrived_at", "unknown", "mended")]


@pytest.mark.parametrize(
    ("fault", "cause"),
    [(SilentlyDropped(1, ("answer_due",)), "silent_drop"), (HelpdeskRefused("нельзя"), "refused")],
)
def test_what_redmine_did_not_write_is_tried_once_a_night_and_listed_once(
    settled: Night, fault: Exception, cause: str
) -> None:
    desk = settled.bench.desk
    settled.bench.staff(answer_due="")
    desk.before.append(fault)
    settled.bench.reconcile()
    desk.before.append(fault)
    settled.run()
    assert settled.found() == [("answer_due", cause, "left")]
    desk.before.append(fault)
    settled.run()
    assert settled.found() == []
    settled.run()
    assert settled.found() == [("answer_due", cause, "mended")]
    assert settled.bench.issue.fields["answer_due"]
    assert settled.bench.row.attention == ""


def test_a_stored_state_that_does_not_fit_is_put_right(settled: Night) -> None:
    with settled.bench.store.writing() as session:
        session.get_one(TicketRow, settled.bench.ticket).status = "placed"
    settled.run()
    assert settled.found() == [("status", "unknown", "mended")]


def test_a_deadline_at_which_nobody_looked_says_that_the_bridge_is_behind(settled: Night) -> None:
    look_at = settled.bench.row.look_at
    assert look_at
    settled.bench.watch.at = look_at + timedelta(minutes=10)
    settled.run()
    assert settled.found() == [("note", "behind", "mended")]
    assert len(settled.bench.warnings) == 1


def test_an_issue_that_is_gone_is_listed_once(settled: Night) -> None:
    del settled.bench.desk.issues[settled.bench.issue.id]
    settled.run()
    assert settled.found() == [("issue", "unknown", "left")]
    settled.run()
    assert settled.found() == []
    assert settled.bench.row.attention


def test_a_second_run_finds_nothing(settled: Night) -> None:
    settled.bench.staff(status="review", answer_text=TEXT, answer_due="")
    settled.bench.watch.wait(minutes=1)
    assert settled.run().differing == 1
    report = settled.run()
    assert (report.differing, report.read) == (0, 0)


def test_a_changed_policy_moves_running_clocks(settled: Night, tmp_path: Path) -> None:
    due = settled.bench.issue.fields["answer_due"]
    changed = _with_other_answer_term(settled, tmp_path)
    changed.run()
    causes = {cause for _, cause, _ in changed.found()}
    assert causes == {"changed_rules"}
    assert ("clock answer:1", "changed_rules", "mended") in changed.found()
    assert changed.bench.issue.fields["answer_due"] != due
    changed.run()
    assert changed.found() == []


def test_a_frozen_verdict_stays_whatever_the_rules_are_today(
    settled: Night, tmp_path: Path
) -> None:
    settled.bench.staff(status="review", answer_text=TEXT)
    settled.bench.reconcile()
    before = _stored(settled.bench)
    changed = _with_other_answer_term(settled, tmp_path)
    changed.run()
    assert ("clock answer:1", "changed_rules", "kept") in changed.found()
    assert _stored(settled.bench)["answer:1"] == before["answer:1"]
    changed.run()
    assert changed.found() == []


def test_a_frozen_verdict_that_was_tampered_with_is_told_of_and_stays(settled: Night) -> None:
    settled.bench.staff(status="review", answer_text=TEXT)
    settled.bench.reconcile()
    settled.run()
    with settled.bench.store.writing() as session:
        row = next(row for row in session.query(ClockRow).all() if row.key == "answer:1")
        row.verdict = Verdict.LATE
    settled.run()
    assert settled.found() == [("clock answer:1", "unknown", "kept")]
    assert settled.bench.verdicts()["answer:1"] == Verdict.LATE


def test_each_ticket_is_read_in_full_once_in_some_nights_though_nothing_changed(
    settled: Night,
) -> None:
    settled.bench.watch.wait(days=30)
    settled.bench.reconcile()
    settled.run()
    reads = []
    for _ in range(2 * DAYS):
        settled.bench.watch.wait(days=1)
        reads.append(settled.run().read)
    assert reads[:DAYS] == reads[DAYS:]
    assert sum(reads[:DAYS]) == 1


def test_a_ticket_whose_turn_was_missed_is_read_the_next_night(settled: Night) -> None:
    settled.bench.watch.wait(days=30)
    settled.bench.reconcile()
    settled.run()
    settled.bench.watch.wait(days=DAYS, hours=2)
    assert settled.run().read == 1


def test_a_closed_ticket_that_changed_since_the_last_run_is_compared_and_no_other(
    settled: Night,
) -> None:
    settled.bench.staff(status="no_answer_needed")
    settled.bench.reconcile()
    settled.bench.watch.wait(minutes=10)
    assert settled.run().looked == 1
    settled.bench.watch.wait(minutes=10)
    assert settled.run().looked == 0
    settled.bench.staff(status="in_progress")
    settled.bench.watch.wait(minutes=10)
    report = settled.run()
    assert (report.looked, report.differing) == (1, 1)
    assert not settled.bench.row.closed


def test_a_run_that_is_cut_short_goes_on_where_it_was(settled: Night) -> None:
    second = _another(settled, 2)
    _wrong(settled.bench)
    _wrong(second)
    settled.bench.desk.before.append(Killed())
    with pytest.raises(Killed):
        settled.run()
    settled.bench.watch.wait(minutes=6)
    report = settled.run()
    assert report.ending is Ending.FINISHED
    assert (report.looked, report.differing) == (2, 2)
    assert len({row.ticket_id for row in settled.rows()}) == 2


def test_what_was_looked_at_before_the_end_of_the_time_is_not_looked_at_again(
    settled: Night,
) -> None:
    second = _another(settled, 2)
    _wrong(settled.bench)
    _wrong(second)
    first = settled.run(until=settled.bench.watch())
    assert (first.ending, first.looked, first.differing) == (Ending.PAUSED, 1, 1)
    settled.bench.desk.calls.clear()
    rest = settled.run()
    assert (rest.run, rest.ending, rest.looked, rest.differing) == (
        first.run,
        Ending.FINISHED,
        2,
        2,
    )


def test_a_helpdesk_that_fails_for_good_leaves_the_run_to_the_next_start(settled: Night) -> None:
    _wrong(settled.bench)
    settled.bench.desk.unreadable.extend(unavailable() for _ in range(4))
    report = settled.run()
    assert (report.ending, report.looked) == (Ending.UNFINISHED, 0)
    assert "Redmine не отвечает" in report.reason
    again = settled.run()
    assert (again.run, again.ending, again.differing, again.reason) == (
        report.run,
        Ending.FINISHED,
        1,
        "",
    )


def test_a_helpdesk_that_fails_for_a_moment_is_waited_for(settled: Night) -> None:
    settled.bench.desk.unreadable.extend([unavailable(), unavailable()])
    assert settled.run().ending is Ending.FINISHED
    assert settled.waited == [2.0, 5.0]


def test_two_runs_at_once_are_refused(settled: Night) -> None:
    inner: list[NightlyReport] = []

    def publish_meanwhile(issue_ids: Sequence[int]) -> object:
        inner.append(settled.run())
        return rows(issue_ids)

    rows: Callable[[Sequence[int]], object] = settled.bench.desk.rows
    settled.bench.desk.rows = publish_meanwhile  # type: ignore[method-assign, assignment]
    assert settled.run().ending is Ending.FINISHED
    assert [report.ending for report in inner] == [Ending.BUSY]
    assert inner[0].held_until == settled.bench.watch() + LEASE


def test_a_run_whose_process_died_is_carried_on_once_its_lease_has_ended(settled: Night) -> None:
    dead = _begin_and_die(settled)
    assert settled.run().ending is Ending.BUSY
    settled.bench.watch.wait(seconds=LEASE.total_seconds() + 1)
    report = settled.run()
    assert (report.run, report.ending) == (dead, Ending.FINISHED)


def test_a_run_that_did_not_end_within_a_day_is_given_up(settled: Night) -> None:
    dead = _begin_and_die(settled)
    settled.bench.watch.wait(days=1, minutes=1)
    report = settled.run()
    assert report.run > dead
    with settled.bench.store.reading() as session:
        assert session.get_one(NightlyRunRow, dead).finished_at is None


def test_reports_are_published_when_the_run_has_ended(settled: Night) -> None:
    told = settled.changed(publish=lambda _now: ["wiki/Отчёты"])
    assert told.run().published == ("wiki/Отчёты",)
    assert told.run(until=told.bench.watch()).ending is not Ending.UNFINISHED


def test_reports_that_cannot_be_published_do_not_undo_the_run_and_are_told_of(
    settled: Night,
) -> None:
    def fail(_now: datetime) -> Sequence[str]:
        raise ValueError("the wiki is full")

    report = settled.changed(publish=fail).run()
    assert report.ending is Ending.FINISHED
    assert report.reason == "отчёты не опубликованы: ValueError"


def test_a_ticket_that_cannot_be_compared_stops_no_other(settled: Night) -> None:
    second = _another(settled, 2)
    _wrong(second)
    with settled.bench.store.writing() as session:
        session.get_one(TicketRow, settled.bench.ticket).policy = "unheard-of"
    report = settled.run()
    assert (report.ending, report.failed, report.differing) == (Ending.FINISHED, 1, 1)


def _another(night: Night, number: int) -> Bench:
    second = night.bench.another(number)
    second.reconcile()
    return second


def _begin_and_die(night: Night) -> int:
    """The number of a run whose process did nothing more."""
    now = night.bench.watch()
    with night.bench.store.writing() as session:
        nightly.open_run(session, now, now)
        taken = nightly.take(session, "dead", now, now + LEASE)
        assert taken
        return taken.id


def _wrong(bench: Bench) -> None:
    bench.desk.edit_silently(bench.issue.id, arrived_at="")


def _stored(bench: Bench) -> dict[str, object]:
    with bench.store.reading() as session:
        return {clock.key: clock for clock in clocks.of_ticket(session, bench.ticket)}


def _with_other_answer_term(night: Night, folder: Path) -> Night:
    """The same night, once the answer's term is six hours instead of four."""
    text = (PROJECT / "config" / "sla.yaml").read_text(encoding="utf-8")
    (folder / "sla.yaml").write_text(text.replace("hours: 4}", "hours: 6}"), encoding="utf-8")
    policies = load_document(folder / "sla.yaml", SlaSettings)
    recording = replace(night.bench.reconciler.recording, policies=policies)
    reconciler = replace(night.bench.reconciler, recording=recording)
    looking = replace(night.nightly.looking, recording=recording, reconcile=reconciler.reconcile)
    return night.changed(looking=looking)
