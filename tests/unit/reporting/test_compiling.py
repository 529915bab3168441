"""The figures of a report: what counts where, and what is late by how much."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from bridge.reporting.compiling import Compiler
from bridge.reporting.facts import Duty, Facts, MessageFact, TicketEnd
from bridge.reporting.figures import Measure, MessageFigures, Report, Spread, Tally
from bridge.reporting.period import Period, PeriodKind, period_of
from bridge.reporting.storing import from_json, to_json
from bridge.reporting.tallying import spread
from bridge.sla.clocks import CURATOR, Verdict
from bridge.sla.policy import ClockKind
from tests.unit.reporting.conftest import MONDAY

Duties = Callable[..., Duty]
DAY = period_of(PeriodKind.DAY, date(2026, 11, 23))
AFTERWARDS = MONDAY + timedelta(days=2)
HOUR = timedelta(hours=1)
MIDNIGHT = datetime.fromisoformat("2026-11-23T19:00:00+00:00")


def of_day(compiler: Compiler, *duties: Duty, now: datetime = AFTERWARDS) -> Report:
    return compiler.report(DAY, Facts((), duties), now)


def of_messages(compiler: Compiler, *messages: MessageFact) -> MessageFigures:
    return compiler.report(DAY, Facts(messages, ()), AFTERWARDS).messages


def message(*tickets: TicketEnd, at: datetime = MONDAY) -> MessageFact:
    return MessageFact(1, "vk-head", "feed", at, tickets)


def test_a_period_in_which_nothing_happened_has_a_report_of_zeros(compiler: Compiler) -> None:
    report = of_day(compiler)
    assert report.tally == Tally()
    assert report.tally.share is None
    assert report.messages == MessageFigures()
    assert report.curator.answers == Spread()
    assert (report.departments, report.channels, report.clauses, report.breaches) == ((),) * 4
    assert len(report.course) == 24


def test_a_duty_counts_in_the_period_in_which_it_ended(compiler: Compiler, duty: Duties) -> None:
    begun_before = duty(start=MONDAY - timedelta(days=1), stop=MONDAY)
    ended_after = duty(stop=MIDNIGHT + HOUR, due=MIDNIGHT + 2 * HOUR)
    report = of_day(compiler, begun_before, ended_after)
    assert report.tally == Tally(in_time=1, open=1)


@pytest.mark.parametrize(
    ("before_midnight", "counts"), [(timedelta(seconds=1), 1), (timedelta(), 0)]
)
def test_the_day_ends_at_the_offices_midnight(
    compiler: Compiler, duty: Duties, before_midnight: timedelta, counts: int
) -> None:
    assert of_day(compiler, duty(stop=MIDNIGHT - before_midnight)).tally.in_time == counts


def test_a_cancelled_duty_is_no_breach(compiler: Compiler, duty: Duties) -> None:
    misrouted = duty(stop=MONDAY + 5 * HOUR, verdict=Verdict.CANCELLED, cause="misrouted")
    report = of_day(compiler, misrouted)
    assert report.tally == Tally(cancelled=1)
    assert report.breaches == ()


def test_a_breach_says_who_was_late_by_how_much_and_why(compiler: Compiler, duty: Duties) -> None:
    late = duty(stop=MONDAY + 6 * HOUR, verdict=Verdict.LATE, obstacle="Канал отключён.")
    [breach] = of_day(compiler, late).breaches
    assert (breach.holder_name, breach.clause) == ("Управление дорог", "3.2.1")
    assert breach.late_by == timedelta(hours=2).total_seconds()
    assert breach.link == "https://redmine.example/issues/7"
    assert (breach.start, breach.due, breach.stop) == (late.start, late.due, late.stop)
    assert (breach.explanation, breach.obstacle) == ("4 ч подряд", "Канал отключён.")
    assert breach.channel == "Страница Главы, лента"


def test_what_is_open_and_overdue_at_the_end_is_a_breach_that_goes_on(
    compiler: Compiler, duty: Duties
) -> None:
    stopped_later = duty(stop=MIDNIGHT + HOUR, verdict=Verdict.LATE)
    report = of_day(compiler, stopped_later)
    assert report.tally == Tally(open=1, overdue=1)
    [breach] = report.breaches
    assert breach.stop is None
    assert breach.late_by == (MIDNIGHT - stopped_later.due).total_seconds()


def test_a_period_that_goes_on_is_reported_up_to_now(compiler: Compiler, duty: Duties) -> None:
    running = duty(stop=None, verdict=None)
    report = of_day(compiler, running, now=MONDAY + 3 * HOUR)
    assert not report.final
    assert report.tally == Tally(open=1)
    assert of_day(compiler, running, now=MONDAY + 5 * HOUR).tally == Tally(open=1, overdue=1)


@pytest.mark.parametrize(
    ("hours", "average", "p90"),
    [([3.0], 3.0, 3.0), ([1.0, 3.0], 2.0, 3.0), ([float(n) for n in range(1, 11)], 5.5, 9.0)],
)
def test_nine_of_ten_were_done_within_the_90th_percentile(
    hours: list[float], average: float, p90: float
) -> None:
    assert spread(hours[::-1]) == Spread(len(hours), average, p90)


def test_service_time_is_measured_where_the_term_is_service_time(
    compiler: Compiler, duty: Duties
) -> None:
    monday_16_20 = MONDAY + timedelta(hours=7, minutes=20)
    evening_to_morning = duty(
        policy="administration",
        clause="3.3",
        start=monday_16_20 - timedelta(days=3),
        stop=MONDAY + HOUR,
        due=MONDAY + 2 * HOUR,
    )
    [clause] = of_day(compiler, evening_to_morning).clauses
    assert clause.measure is Measure.SERVICE_TIME
    # Friday 16:20-17:00 and Monday 09:00-10:00; the department's average is as time passes.
    assert clause.taken.average == timedelta(minutes=100).total_seconds()
    [department] = of_day(compiler, evening_to_morning).departments
    elapsed = evening_to_morning.stop - evening_to_morning.start  # type: ignore[operator]
    assert department.answers.average == elapsed.total_seconds()


def test_a_policy_that_is_gone_leaves_elapsed_time(compiler: Compiler, duty: Duties) -> None:
    [clause] = of_day(compiler, duty(policy="abolished", clause="3.3")).clauses
    assert (clause.measure, clause.taken.average) == (Measure.ELAPSED, 3600.0)


def test_the_curators_discipline_stands_apart_from_the_departments(
    compiler: Compiler, duty: Duties
) -> None:
    routing = duty(kind=ClockKind.ROUTING, clause="3.1", holder=CURATOR)
    placing = duty(
        kind=ClockKind.PLACEMENT,
        clause="3.5",
        holder=CURATOR,
        verdict=Verdict.LATE,
        due=MONDAY + HOUR / 2,
    )
    report = of_day(compiler, routing, placing, duty())
    assert [(one.clause, one.tally) for one in report.curator.clauses] == [
        ("3.1", Tally(in_time=1)),
        ("3.5", Tally(late=1)),
    ]
    assert [one.key for one in report.departments] == ["roads"]
    assert report.departments[0].tally == Tally(in_time=1)


def test_departments_come_in_the_configurations_order_and_unknown_ones_last(
    compiler: Compiler, duty: Duties
) -> None:
    report = of_day(compiler, *(duty(holder=key) for key in ("gone", "housing", "roads")))
    names = [one.name for one in report.departments]
    assert names == ["Управление дорог", "Управление ЖКХ", "gone"]


def test_a_message_that_comes_back_to_a_department_reached_it_once(
    compiler: Compiler, duty: Duties
) -> None:
    twice = duty(), duty(start=MONDAY + 2 * HOUR, stop=MONDAY + 3 * HOUR)
    [department] = of_day(compiler, *twice).departments
    assert (department.received, department.tally.in_time) == (1, 2)


def test_revisions_count_by_reason_when_the_answer_was_sent_back(
    compiler: Compiler, duty: Duties
) -> None:
    def revision(cause: str) -> Duty:
        return duty(kind=ClockKind.REVISION, clause="3.7", cause=cause, stop=MIDNIGHT + HOUR)

    report = of_day(compiler, revision("3.7.2"), revision("3.7.2"), revision(""))
    counts = [(reason.clause, reason.count) for reason in report.revisions]
    assert counts == [("3.7.1", 0), ("3.7.2", 2), ("", 1)]
    assert report.departments[0].sent_back == 3
    assert report.departments[0].received == 0


def test_interim_answers_count_when_they_were_placed(compiler: Compiler, duty: Duties) -> None:
    placed = duty(kind=ClockKind.INTERIM, clause="3.6")
    in_vain = duty(kind=ClockKind.INTERIM, clause="3.6", verdict=Verdict.CANCELLED)
    report = of_day(compiler, placed, in_vain)
    assert (report.interims, report.departments[0].interims) == (1, 1)


def test_a_message_counts_once_however_many_departments_deal_with_it(compiler: Compiler) -> None:
    parts = [
        TicketEnd(1, "placed", placed_at=MONDAY + HOUR),
        TicketEnd(2, "placed"),
        TicketEnd(3, "placed"),
    ]
    assert of_messages(compiler, message(*parts)) == MessageFigures(received=1, placed=1)


def test_a_message_is_rejected_when_all_of_its_tickets_are(compiler: Compiler) -> None:
    main = TicketEnd(1, "not_answerable", dropped_at=MONDAY + HOUR)
    rejected = message(main, TicketEnd(2, "withdrawn"))
    half = message(TicketEnd(1, "withdrawn"), TicketEnd(2, "in_progress"))
    assert of_messages(compiler, rejected) == MessageFigures(received=1, not_answerable=1)
    assert of_messages(compiler, half) == MessageFigures(received=1, waiting=1)


def test_an_answer_that_the_bridge_did_not_place_was_placed_by_hand(compiler: Compiler) -> None:
    by_hand = message(TicketEnd(1, "placed", last_stop=MONDAY + HOUR, unsure_at=MONDAY))
    figures = of_messages(compiler, by_hand)
    assert figures == MessageFigures(received=1, placed=1, placed_by_hand=1, uncertain=1)


def test_an_end_counts_when_it_came_and_an_arrival_when_it_arrived(compiler: Compiler) -> None:
    old = message(TicketEnd(1, "placed", placed_at=MONDAY), at=MONDAY - timedelta(days=9))
    new = message(TicketEnd(1, "placed", placed_at=MIDNIGHT + HOUR))
    assert of_messages(compiler, old) == MessageFigures(placed=1)
    assert of_messages(compiler, new) == MessageFigures(received=1, waiting=1)


def test_the_parts_of_the_period_add_up_to_the_whole(compiler: Compiler, duty: Duties) -> None:
    duties = [duty(stop=MONDAY + n * HOUR) for n in range(30)]
    messages = tuple(message(at=MONDAY + n * HOUR) for n in range(30))
    report = compiler.report(DAY, Facts(messages, tuple(duties)), AFTERWARDS)
    assert sum(part.in_time for part in report.course) == report.tally.in_time == 15
    assert sum(part.received for part in report.course) == report.messages.received == 15
    assert report.course[9].received == 1


def test_a_report_comes_back_from_json_as_it_was(compiler: Compiler, duty: Duties) -> None:
    period = Period(PeriodKind.DATES, DAY.first, date(2026, 12, 4))
    facts = Facts((message(),), (duty(), duty(stop=None, verdict=None)))
    report = compiler.report(period, facts, AFTERWARDS)
    assert from_json(to_json(report)) == report
