"""A whole and its parts know of each other, and each change makes the others look."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from bridge.flow.lease import Lease
from bridge.flow.splitting import adopt_part, open_part
from bridge.sla.parts import Part, Standing, Turn, Whole
from bridge.store import families, tickets
from bridge.store.database import Store
from bridge.store.models import MessageRow, TicketRow
from tests.store_contract.rows import NOW, minutes, new_ticket

ROUNDS = 20
ANSWERED = Part(
    "roads",
    (Turn(NOW, Standing.PENDING), Turn(minutes(5), Standing.APPROVED)),
    sent_at=NOW,
    due=minutes(240),
    text="Яму заделали.",
)


class FamiliesContract:
    def test_parts_are_opened_in_order_and_are_due_at_once(self, store: Store) -> None:
        whole = _whole_of_two(store)
        with store.reading() as session:
            first, second = families.parts_of(session, whole)
            relatives = families.due_relatives(session, session.get_one(TicketRow, whole), NOW)
            numbers = [session.get_one(TicketRow, each).external_number for each in relatives]
        assert (first.department, second.department) == ("roads", "light")
        assert first.turns == (Turn(NOW, Standing.PENDING),)
        assert numbers == ["vk:feed:wall-1_2_r1/1", "vk:feed:wall-1_2_r1/2"]

    def test_what_a_part_tells_comes_back_as_it_was_and_makes_the_whole_look(
        self, store: Store
    ) -> None:
        whole = _whole_of_two(store)
        part = _parts(store, whole)[0]
        _save_part(store, part, ANSWERED)
        with store.reading() as session:
            assert families.parts_of(session, whole)[0] == ANSWERED
            assert session.get_one(TicketRow, whole).look_at == minutes(1)
            assert session.get_one(TicketRow, whole).hints == 1

    def test_what_a_part_tells_again_wakes_nobody(self, store: Store) -> None:
        whole = _whole_of_two(store)
        part = _parts(store, whole)[0]
        _save_part(store, part, ANSWERED)
        _save_part(store, part, replace(ANSWERED))
        with store.reading() as session:
            assert session.get_one(TicketRow, whole).hints == 1

    def test_what_the_whole_tells_reaches_every_part(self, store: Store) -> None:
        whole = _whole_of_two(store)
        told = Whole(placement_due=minutes(30))
        with store.writing() as session:
            families.save_whole(session, session.get_one(TicketRow, whole), told, minutes(1))
        for part in _parts(store, whole):
            with store.reading() as session:
                row = session.get_one(TicketRow, part)
                assert families.whole_of(session, row) == told
                assert (row.look_at, row.hints) == (minutes(1), 1)

    def test_a_ticket_of_its_own_has_no_whole(self, store: Store) -> None:
        alone = new_ticket(store, 2)
        with store.reading() as session:
            assert families.whole_of(session, session.get_one(TicketRow, alone)) is None
            assert families.parts_of(session, alone) == ()

    def test_a_part_that_a_curator_made_is_found_by_its_issue(self, store: Store) -> None:
        whole = _whole_of_two(store)
        with store.writing() as session:
            row, message = _loaded(session, whole)
            adopt_part(session, row, message, 77, "water", NOW)
        with store.reading() as session:
            adopted = tickets.by_issue(session, 77)
            assert adopted is not None
            assert (adopted.parent_id, adopted.department) == (whole, "water")

    def test_a_whole_and_its_part_that_write_to_each_other_never_lock_each_other_out(
        self, store: Store
    ) -> None:
        whole = _whole_of_two(store)
        part = _parts(store, whole)[0]

        def tell_part() -> None:
            lease = _lease(store, whole)
            for number in range(ROUNDS):
                with lease.writing() as session:
                    told = Whole(placement_due=minutes(number))
                    families.save_whole(session, session.get_one(TicketRow, whole), told, NOW)

        def tell_whole() -> None:
            lease = _lease(store, part)
            for number in range(ROUNDS):
                with lease.writing(whole) as session:
                    told = replace(ANSWERED, due=minutes(number))
                    families.save_part(session, session.get_one(TicketRow, part), told, NOW)

        with ThreadPoolExecutor(2) as pool:
            for writing in [pool.submit(tell_part), pool.submit(tell_whole)]:
                writing.result(60)
        with store.reading() as session:
            assert session.get_one(TicketRow, whole).hints == ROUNDS
            assert session.get_one(TicketRow, part).hints == ROUNDS


def _lease(store: Store, ticket_id: int) -> Lease:
    lease = Lease(store, ticket_id, "contract", timedelta(minutes=5), lambda: NOW)
    lease.acquire()
    return lease


def _whole_of_two(store: Store) -> int:
    whole = new_ticket(store, 1)
    with store.writing() as session:
        row, message = _loaded(session, whole)
        open_part(session, row, message, "roads", NOW)
        open_part(session, row, message, "light", NOW)
    return whole


def _loaded(session: Session, ticket_id: int) -> tuple[TicketRow, MessageRow]:
    found = tickets.with_message(session, ticket_id)
    assert found
    return found


def _parts(store: Store, whole: int) -> list[int]:
    with store.reading() as session:
        return list(families.due_relatives(session, session.get_one(TicketRow, whole), minutes(60)))


def _save_part(store: Store, part: int, told: Part) -> None:
    with store.writing() as session:
        families.save_part(session, session.get_one(TicketRow, part), told, minutes(1))
