"""What is forgotten is gone from every column; what is in use, and what reports count, stays."""

from sqlalchemy import func, select

from bridge.flow.ordered_updates import OrderedUpdate, order_update
from bridge.sla.effects import Note
from bridge.store import audit, deliveries, erasure, nightly, people, placements
from bridge.store.audit import Action, AuditEntry, AuditSearch
from bridge.store.database import Store
from bridge.store.models import ClockRow, DeliveryRow, InboxEvent, MessageRow, TicketRow
from tests.personal_rows import add_whole_message, places_of_the_mark
from tests.store_contract.rows import NOW, arrival, message, minutes, record


class ErasureContract:
    def test_nothing_personal_is_left_of_a_forgotten_message(self, store: Store) -> None:
        with store.writing() as session:
            ticket = add_whole_message(session, 1, NOW, closed=True)
            assert len(places_of_the_mark(session)) > 20
        with store.writing() as session:
            erasure.erase(session, [ticket.message_id], minutes(5))
        with store.reading() as session:
            assert places_of_the_mark(session) == []

    def test_what_people_ordered_is_forgotten_with_their_words(self, store: Store) -> None:
        with store.writing() as session:
            ticket = add_whole_message(session, 1, NOW, closed=True)
            note = Note("answer_dropped", {"reason": "Петрова умерла"})
            order_update(session, ticket.id, "dropped:1:1", OrderedUpdate(note), NOW)
            for row in session.scalars(select(DeliveryRow)):
                row.code, row.meaning = deliveries.DROPPED, "Петрова умерла"
        with store.writing() as session:
            erasure.erase(session, [ticket.message_id], minutes(5))
        with store.reading() as session:
            (order,) = placements.orders(session, [ticket.id])[ticket.id]
            assert order.payload["note"] == {"template": "answer_dropped", "values": {}}
            assert {row.meaning for row in session.scalars(select(DeliveryRow))} == {""}

    def test_what_reports_count_stays(self, store: Store) -> None:
        with store.writing() as session:
            ticket = add_whole_message(session, 1, NOW, closed=True)
            erasure.erase(session, [ticket.message_id], minutes(5))
        with store.reading() as session:
            row = session.get_one(TicketRow, ticket.id)
            clock = session.scalars(select(ClockRow)).one()
            kept = session.get_one(MessageRow, ticket.message_id)
        assert (row.department, row.status, row.closed) == (ticket.department, ticket.status, True)
        assert (clock.verdict, clock.holder, clock.start) == ("in_time", "roads", NOW)
        assert (kept.channel, kept.posted_at, kept.erased_at) == ("vk-head", NOW, minutes(5))

    def test_several_messages_are_forgotten_at_once(self, store: Store) -> None:
        with store.writing() as session:
            ids = [
                add_whole_message(session, number, NOW, closed=True).message_id for number in (1, 2)
            ]
            erasure.erase(session, ids, minutes(5))
            assert places_of_the_mark(session) == []

    def test_only_closed_messages_are_due_and_each_once(self, store: Store) -> None:
        with store.writing() as session:
            old = add_whole_message(session, 1, NOW, closed=True).message_id
            add_whole_message(session, 2, NOW, closed=False)
            add_whole_message(session, 3, minutes(60), closed=True)
        with store.writing() as session:
            assert erasure.outdated(session, minutes(30), 10) == [old]
            erasure.erase(session, [old], minutes(90))
        with store.reading() as session:
            assert erasure.outdated(session, minutes(30), 10) == []

    def test_bodies_of_finished_events_are_forgotten_in_portions(self, store: Store) -> None:
        with store.writing() as session:
            add_whole_message(session, 1, NOW, closed=False)
        record(store, arrival("waiting"))
        hint = record(store, arrival("journal:1", source="helpdesk"))
        with store.writing() as session:
            row = session.get_one(InboxEvent, hint)
            row.state, row.finished_at = "processed", NOW
        with store.writing() as session:
            assert erasure.forget_bodies(session, minutes(1), 1) == 1
            assert erasure.forget_bodies(session, minutes(1), 10) == 1
            assert erasure.forget_bodies(session, minutes(1), 10) == 0
        with store.reading() as session:
            assert session.get(InboxEvent, hint) is None
            left = session.scalars(select(InboxEvent.external_id).where(InboxEvent.body == b""))
            assert list(left) == ["later1"]

    def test_old_audit_entries_and_differences_are_removed(self, store: Store) -> None:
        with store.writing() as session:
            add_whole_message(session, 1, NOW, closed=False)
            audit.record(session, AuditEntry(NOW, "a", Action.LOGGED_IN))
            audit.record(session, AuditEntry(minutes(9), "b", Action.LOGGED_IN))
        with store.writing() as session:
            assert nightly.forget_differences(session, NOW, 10) == 0
            assert nightly.forget_differences(session, minutes(1), 10) == 1
            assert audit.forget(session, minutes(1), 10) == 1
            assert [row.actor for row in audit.page(session, AuditSearch(), 10)] == ["b"]

    def test_a_citizen_is_found_by_a_piece_of_the_name_the_number_or_the_link(
        self, store: Store
    ) -> None:
        with store.writing() as session:
            ticket = add_whole_message(session, 1, NOW, closed=False)
            row = session.get_one(MessageRow, ticket.message_id)
            row.author_id, row.author_name = "501", message().author.name
            row.author_link = "https://vk.com/id501"
        for words in ("Петров", "501", "https://vk.com/id501"):
            with store.reading() as session:
                (found,) = people.find(session, words, 10)
            assert (found.network, found.author_id, found.messages) == ("vk", "501", 1)
        with store.reading() as session:
            assert people.find(session, "%", 10) == []
            assert people.messages_of(session, "vk", "501") == [ticket.message_id]
            assert people.has_open(session, [ticket.message_id])
            assert session.scalar(select(func.count(MessageRow.id))) == 1
