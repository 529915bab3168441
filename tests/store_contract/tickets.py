"""A message is kept once; its ticket remembers when it is to be looked at again."""

import pytest
from sqlalchemy.exc import IntegrityError

from bridge.store import tickets
from bridge.store.database import Store
from bridge.store.models import TicketRow
from bridge.store.tickets import LastSeen
from tests.store_contract.rows import NOW, message, minutes, new_ticket


class TicketsContract:
    def test_a_message_comes_back_as_it_was(self, store: Store) -> None:
        ticket_id = new_ticket(store, 3)
        with store.reading() as session:
            found = tickets.with_message(session, ticket_id)
        assert found is not None
        assert tickets.as_message(found[1]) == message("wall-1_2_r3")

    def test_a_message_is_known_by_its_identity(self, store: Store) -> None:
        new_ticket(store, 3)
        with store.reading() as session:
            known = tickets.find_message(session, message("wall-1_2_r3"))
            assert known is not None
            assert tickets.find_message(session, message("wall-1_2_r4")) is None

    def test_one_message_cannot_be_stored_twice(self, store: Store) -> None:
        new_ticket(store, 3)
        with pytest.raises(IntegrityError), store.writing() as session:
            tickets.add_message(session, message("wall-1_2_r3"), 1, NOW)

    def test_one_number_cannot_have_two_tickets(self, store: Store) -> None:
        first, second = new_ticket(store, 1), new_ticket(store, 2)
        with store.reading() as session:
            number = session.get_one(TicketRow, first).external_number
        with pytest.raises(IntegrityError):
            _set(store, second, external_number=number)

    def test_a_ticket_is_found_by_its_issue(self, store: Store) -> None:
        ticket_id = new_ticket(store)
        _set(store, ticket_id, issue_id=77)
        with store.reading() as session:
            found = tickets.by_issue(session, 77)
            assert found is not None
            assert found.id == ticket_id
            assert tickets.by_issue(session, 78) is None
            assert tickets.with_message(session, 404) is None

    def test_tickets_to_look_at_come_when_their_time_is_there(self, store: Store) -> None:
        later, sooner, _ = (new_ticket(store, number) for number in (1, 2, 3))
        _set(store, later, look_at=minutes(5))
        _set(store, sooner, look_at=minutes(3))
        with store.reading() as session:
            assert tickets.to_look_at(session, minutes(2), 10) == []
            assert tickets.to_look_at(session, minutes(5), 10) == [sooner, later]
            assert tickets.to_look_at(session, minutes(5), 1) == [sooner]

    def test_open_tickets_are_read_page_by_page(self, store: Store) -> None:
        ids = [new_ticket(store, number) for number in (1, 2, 3, 4)]
        _set(store, ids[1], closed=True)
        with store.reading() as session:
            first = tickets.open_ids(session, 0, 2)
            assert [*first, *tickets.open_ids(session, first[-1], 2)] == [ids[0], ids[2], ids[3]]

    def test_what_was_last_seen_of_an_issue_is_told_by_its_number(self, store: Store) -> None:
        seen, unseen = new_ticket(store, 1), new_ticket(store, 2)
        _set(store, seen, issue_id=71, observed_update=minutes(1), status="review")
        _set(store, unseen, issue_id=72)
        with store.reading() as session:
            assert tickets.last_seen(session, [71, 72, 73]) == {
                71: LastSeen(seen, minutes(1), "review"),
                72: LastSeen(unseen, None, ""),
            }

    def test_a_failed_try_is_kept_with_its_reason_and_its_next_time(self, store: Store) -> None:
        ticket_id = new_ticket(store)
        with store.writing() as session:
            tickets.note_failure(session, ticket_id, "Redmine не отвечает", minutes(2))
            tickets.note_failure(session, ticket_id, "Redmine не отвечает", minutes(4))
        with store.reading() as session:
            row = session.get_one(TicketRow, ticket_id)
        assert (row.attention, row.attempts, row.look_at) == (
            "Redmine не отвечает",
            2,
            minutes(4),
        )


def _set(store: Store, ticket_id: int, **values: object) -> None:
    with store.writing() as session:
        row = session.get_one(TicketRow, ticket_id)
        for name, value in values.items():
            setattr(row, name, value)
