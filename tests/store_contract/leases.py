"""One worker at a time holds a ticket; who comes meanwhile leaves a hint."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bridge.store import leases
from bridge.store.database import Store
from bridge.store.leases import LeaseLost
from bridge.store.models import TicketRow
from tests.store_contract.rows import minutes, new_ticket


class LeaseContract:
    def test_a_held_ticket_is_refused_and_its_holder_hinted(self, store: Store) -> None:
        ticket = new_ticket(store)
        assert _acquire(store, ticket, "a") == 0
        assert _acquire(store, ticket, "b") is None
        assert _acquire(store, ticket, "c") is None
        with store.reading() as session:
            assert leases.hints(session, ticket) == 2

    def test_a_hint_keeps_the_holder_from_letting_go(self, store: Store) -> None:
        ticket = new_ticket(store)
        seen = _acquire(store, ticket, "a")
        assert seen is not None
        _acquire(store, ticket, "b")
        with store.writing() as session:
            assert not leases.release(session, ticket, "a", seen)
        assert _acquire(store, ticket, "b") is None
        with store.writing() as session:
            assert leases.release(session, ticket, "a", leases.hints(session, ticket))
        assert _acquire(store, ticket, "b") == 2

    def test_a_lease_can_be_taken_over_only_after_it_ended(self, store: Store) -> None:
        ticket = new_ticket(store)
        _acquire(store, ticket, "a", now=0, until=2)
        assert _acquire(store, ticket, "b", now=2, until=4) is None
        assert _acquire(store, ticket, "b", now=2.1, until=4) is not None

    def test_whoever_lost_the_lease_records_nothing(self, store: Store) -> None:
        ticket = new_ticket(store)
        _acquire(store, ticket, "a", now=0, until=2)
        _acquire(store, ticket, "b", now=3, until=5)
        with pytest.raises(LeaseLost):
            _record_under_lease(store, ticket, "a")
        with store.reading() as session:
            assert session.get_one(TicketRow, ticket).status == ""

    def test_a_renewed_lease_lasts_longer(self, store: Store) -> None:
        ticket = new_ticket(store)
        _acquire(store, ticket, "a", now=0, until=2)
        with store.writing() as session:
            leases.renew(session, ticket, "a", minutes(10))
        assert _acquire(store, ticket, "b", now=3) is None

    def test_an_expired_lease_that_nobody_took_can_be_renewed(self, store: Store) -> None:
        ticket = new_ticket(store)
        _acquire(store, ticket, "a", now=0, until=2)
        with store.writing() as session:
            leases.renew(session, ticket, "a", minutes(10))

    def test_nobody_lets_go_of_anothers_lease(self, store: Store) -> None:
        ticket = new_ticket(store)
        _acquire(store, ticket, "a")
        with store.writing() as session:
            assert not leases.release(session, ticket, "b", 0)
            leases.give_up(session, ticket, "b")
        assert _acquire(store, ticket, "c") is None

    def test_whoever_gives_up_lets_go_whatever_came_meanwhile(self, store: Store) -> None:
        ticket = new_ticket(store)
        _acquire(store, ticket, "a")
        _acquire(store, ticket, "b")
        with store.writing() as session:
            leases.give_up(session, ticket, "a")
        assert _acquire(store, ticket, "b") == 1

    def test_a_ticket_that_is_not_there_cannot_be_leased(self, store: Store) -> None:
        assert _acquire(store, 404, "a") is None

    def test_of_many_who_come_at_once_one_gets_the_lease(self, store: Store) -> None:
        ticket = new_ticket(store)
        owners = [f"w{number}" for number in range(8)]
        with ThreadPoolExecutor(len(owners)) as pool:
            taken = list(pool.map(lambda owner: _acquire(store, ticket, owner), owners))
        assert len([seen for seen in taken if seen is not None]) == 1
        with store.reading() as session:
            assert leases.hints(session, ticket) == len(owners) - 1


def _record_under_lease(store: Store, ticket: int, owner: str) -> None:
    with store.writing() as session:
        session.get_one(TicketRow, ticket).status = "stale"
        leases.renew(session, ticket, owner, minutes(9))


def _acquire(store: Store, ticket: int, owner: str, now: float = 0, until: float = 5) -> int | None:
    with store.writing() as session:
        return leases.acquire(session, ticket, owner, minutes(now), minutes(until))
