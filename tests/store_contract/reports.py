"""What a report is made of comes out of the store, and kept figures stay as they were kept."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bridge.reporting.facts import Duty, MessageFact, TicketEnd
from bridge.reporting.period import Period, PeriodKind
from bridge.sla.clocks import Verdict
from bridge.store import report_facts, report_snapshots
from bridge.store.database import Store
from bridge.store.models import EffectState, MessageRow
from tests.busy_office import add_clock, add_placement, add_ticket
from tests.store_contract.rows import NOW

HOUR = timedelta(hours=1)
WEEK = Period(PeriodKind.WEEK, NOW.date(), NOW.date() + timedelta(days=6))
NEXT = Period(PeriodKind.WEEK, WEEK.until, WEEK.until + timedelta(days=6))


class ReportsContract:
    def test_a_message_comes_with_what_became_of_its_tickets(self, store: Store) -> None:
        with store.writing() as session:
            main = add_ticket(session, NOW, None)
            main.status, main.closed, main.observed_update = "placed", True, NOW + 3 * HOUR
            message = main.message_id
            add_placement(session, main, NOW + 2 * HOUR)
            add_placement(session, main, NOW + 5 * HOUR)
            add_placement(session, main, NOW + HOUR, kind="interim")
            add_placement(session, main, NOW + 1.5 * HOUR, state=EffectState.UNCERTAIN)
            part = add_ticket(session, NOW, "roads", message=_message_of(session, message))
            part.status, part.observed_update = "withdrawn", NOW + HOUR
            add_clock(
                session,
                part,
                start=NOW,
                due=NOW + HOUR,
                stop=NOW + HOUR / 2,
                verdict=Verdict.IN_TIME,
            )
            add_clock(
                session,
                part,
                key="answer:2",
                start=NOW,
                due=NOW + HOUR,
                stop=NOW + HOUR,
                verdict=Verdict.CANCELLED,
                cause="withdrawn",
            )
        [fact] = _messages(store, NOW, NOW + 9 * HOUR)
        assert (fact.channel, fact.visibility, fact.arrived_at) == ("vk-head", "feed", NOW)
        assert fact.tickets == (
            TicketEnd(
                main.id,
                "placed",
                placed_at=NOW + 2 * HOUR,
                unsure_at=NOW + 1.5 * HOUR,
                changed_at=NOW + 3 * HOUR,
            ),
            TicketEnd(
                part.id,
                "withdrawn",
                dropped_at=NOW + HOUR,
                last_stop=NOW + HOUR / 2,
                changed_at=NOW + HOUR,
            ),
        )

    def test_earlier_messages_come_while_they_are_open_or_ended_since(self, store: Store) -> None:
        with store.writing() as session:
            for closed, changed in ((True, -HOUR), (True, HOUR), (False, -HOUR)):
                ticket = add_ticket(session, NOW - 48 * HOUR, "roads")
                ticket.closed, ticket.observed_update = closed, NOW + changed
            add_ticket(session, NOW + 24 * HOUR, "roads")
        found = _messages(store, NOW, NOW + 24 * HOUR)
        assert [fact.id for fact in found] == [2, 3]

    def test_duties_that_ran_in_the_period_come_whole(self, store: Store) -> None:
        with store.writing() as session:
            ticket = add_ticket(session, NOW, "roads")
            times = {"start": NOW, "due": NOW + HOUR}
            add_clock(session, ticket, key="a", **times, stop=NOW + HOUR, verdict="in_time")
            add_clock(session, ticket, key="b", **times, stop=NOW + 2 * HOUR, verdict="late")
            add_clock(session, ticket, key="c", **times)
            add_clock(session, ticket, key="d", start=NOW + 9 * HOUR, due=NOW + 9 * HOUR)
            add_placement(session, ticket, NOW, state=EffectState.FAILED, meaning="Канал закрыт.")
        found = _duties(store, NOW + 1.5 * HOUR, NOW + 9 * HOUR)
        assert [(duty.stop, duty.verdict) for duty in found] == [
            (NOW + 2 * HOUR, Verdict.LATE),
            (None, None),
        ]
        assert (found[0].issue_id, found[0].message_id) == (ticket.issue_id, ticket.message_id)
        assert found[0].obstacle == "Канал закрыт."

    def test_the_first_arrival_tells_since_when_there_is_something_to_report(
        self, store: Store
    ) -> None:
        with store.writing() as session:
            assert report_facts.first_arrival(session) is None
            add_ticket(session, NOW, "roads")
            add_ticket(session, NOW - HOUR, "roads")
            assert report_facts.first_arrival(session) == NOW - HOUR

    def test_the_figures_kept_first_stay(self, store: Store) -> None:
        for figures in ({"late": 1}, {"late": 2}):
            with store.writing() as session:
                report_snapshots.keep(session, WEEK, figures, NOW)
        with store.reading() as session:
            assert report_snapshots.figures_of(session, WEEK) == {"late": 1}
            assert report_snapshots.figures_of(session, NEXT) is None

    def test_published_reports_are_listed_newest_first(self, store: Store) -> None:
        with store.writing() as session:
            for period in (WEEK, NEXT):
                report_snapshots.keep(session, period, {}, NOW)
            assert not report_snapshots.is_published(session, WEEK)
            assert report_snapshots.published(session, PeriodKind.WEEK, 9) == []
            for period in (WEEK, NEXT):
                report_snapshots.note_published(session, period, NOW)
        with store.reading() as session:
            assert report_snapshots.is_published(session, WEEK)
            assert report_snapshots.published(session, PeriodKind.WEEK, 9) == [NEXT, WEEK]
            assert report_snapshots.published(session, PeriodKind.WEEK, 1) == [NEXT]
            assert report_snapshots.published(session, PeriodKind.DAY, 9) == []


def _message_of(session: Session, message_id: int) -> MessageRow:
    return session.get_one(MessageRow, message_id)


def _messages(store: Store, start: datetime, end: datetime) -> tuple[MessageFact, ...]:
    with store.reading() as session:
        return report_facts.read_facts(session, start, end).messages


def _duties(store: Store, start: datetime, end: datetime) -> tuple[Duty, ...]:
    with store.reading() as session:
        return report_facts.read_facts(session, start, end).duties
