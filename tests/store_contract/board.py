"""The board's readings: every open duty by urgency, tickets by id, how much was in time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.sla.clocks import CURATOR
from bridge.sla.policy import ClockKind, Party
from bridge.store import board
from bridge.store.board import Band, Duty, Horizons, OpenTicket, Promptness
from bridge.store.database import Store
from bridge.store.models import ClockRow, TicketRow
from tests.store_contract.rows import NOW, add_ticket, minutes

ENDS = Horizons(minutes(-690), NOW, minutes(30), minutes(120), minutes(750))


class BoardContract:
    def test_duties_come_by_urgency_and_each_knows_its_band(self, store: Store) -> None:
        dues = (900, 600, 100, 30, 0, -5)
        with store.writing() as session:
            for number, due in enumerate(dues, start=1):
                _clock(session, add_ticket(session, number), due=minutes(due))
        found = _duties(store)
        assert [duty.band for duty in found] == [
            Band.OVERDUE,
            Band.HALF_HOUR,
            Band.HALF_HOUR,
            Band.TWO_HOURS,
            Band.TODAY,
            Band.LATER,
        ]
        assert [duty.ticket_id for duty in found] == [6, 5, 4, 3, 2, 1]

    def test_of_duties_due_at_once_the_latest_begun_comes_first(self, store: Store) -> None:
        with store.writing() as session:
            ticket = add_ticket(session)
            for key in ("answer:1", "interim:1"):
                _clock(session, ticket, key=key, due=minutes(5))
        assert [duty.clock_key for duty in _duties(store)] == ["interim:1", "answer:1"]

    def test_an_open_ticket_without_a_running_clock_is_there_without_a_term(
        self, store: Store
    ) -> None:
        with store.writing() as session:
            ticket = add_ticket(session)
            _clock(session, ticket, due=NOW, stop=NOW, verdict="in_time")
            add_ticket(session, 2).closed = True
        assert _duties(store) == [
            Duty(ticket.id, None, "roads", "roads", "vk-head", "", Band.UNTIMED)
        ]

    def test_a_curators_duty_is_about_the_department_that_had_the_ticket_last(
        self, store: Store
    ) -> None:
        with store.writing() as session:
            sent_on, new, of_nobody = (add_ticket(session, number) for number in (1, 2, 3))
            of_nobody.department = None
            for key, holder in (("answer:1", "roads"), ("answer:2", "housing")):
                _clock(session, sent_on, key=key, holder=holder, stop=NOW, verdict="in_time")
            for number, ticket in enumerate((sent_on, new, of_nobody)):
                _clock(session, ticket, key="x:1", holder=CURATOR, due=minutes(number))
        assert [duty.department for duty in _duties(store)] == ["housing", "roads", ""]

    def test_a_part_names_the_issue_of_its_whole(self, store: Store) -> None:
        with store.writing() as session:
            whole, part = add_ticket(session), add_ticket(session, 2)
            whole.issue_id, part.issue_id, part.parent_id = 10, 11, whole.id
            part.status, part.attention = "assigned", "нет связи"
        with store.reading() as session:
            found = board.read_tickets(session, [part.id])
        words = "Яма на дороге 😡"
        assert found == {part.id: OpenTicket(11, 10, "feed", "assigned", "нет связи", words)}

    def test_what_ended_is_counted_for_curators_and_departments_apart(self, store: Store) -> None:
        ends = (
            (CURATOR, "in_time", 0),
            (CURATOR, "late", 5),
            ("roads", "in_time", 1),
            ("housing", "in_time", 2),
            ("roads", "cancelled", 3),
            ("roads", "late", -1),
        )
        with store.writing() as session:
            ticket = add_ticket(session)
            for number, (holder, verdict, at) in enumerate(ends):
                key = f"answer:{number}"
                _clock(session, ticket, key=key, holder=holder, verdict=verdict, stop=minutes(at))
        with store.reading() as session:
            found = board.read_promptness(session, NOW)
        assert found == {Party.CURATOR: Promptness(1, 1), Party.DEPARTMENT: Promptness(2, 0)}


def _duties(store: Store) -> Sequence[Duty]:
    with store.reading() as session:
        return board.read_duties(session, ENDS)


def _clock(
    session: Session,
    ticket: TicketRow,
    *,
    key: str = "answer:1",
    holder: str = "roads",
    due: datetime = NOW,
    stop: datetime | None = None,
    verdict: str | None = None,
) -> None:
    session.add(
        ClockRow(
            ticket_id=ticket.id,
            key=key,
            kind=ClockKind.ANSWER,
            clause="3.2.1",
            holder=holder,
            policy="head-feed",
            policy_version="p",
            calendar_version="c",
            start=NOW,
            due=due,
            stop=stop,
            verdict=verdict,
        )
    )
    session.flush()
