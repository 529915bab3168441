"""What the administrator's pages ask of the store is answered alike by every database."""

from datetime import timedelta

import pytest

from bridge.effects import EffectKind
from bridge.store import inbox_search, journeys, outbox, placements
from bridge.store.database import Store
from bridge.store.inbox_search import InboxSearch
from bridge.store.models import EffectState, EventState, TicketRow
from bridge.store.placements import Tab
from tests.inbox_and_placement import fill_events, fill_journey, fill_placements
from tests.store_contract.rows import NOW, minutes, new_ticket

SOURCES = ("vk-head", "helpdesk")


class PagesContract:
    @pytest.mark.parametrize(
        ("tab", "names"),
        [
            (Tab.ATTENTION, ["late", "uncertain", "failed"]),
            (Tab.WAITING, ["waiting"]),
            (Tab.SENDING, ["sending"]),
            (Tab.BY_HAND, ["uncertain", "failed"]),
            (Tab.DONE, ["done"]),
        ],
    )
    def test_answers_are_listed_by_what_is_to_be_done(
        self, store: Store, tab: Tab, names: list[str]
    ) -> None:
        filled = fill_placements(store, NOW)
        with store.reading() as session:
            ways = placements.page(session, tab, NOW, 10)
            assert [way.delivery.id for way in ways] == [filled[name] for name in names]
            assert placements.counts(session, NOW)[tab] == len(names)

    def test_the_next_page_begins_where_the_last_one_ended(self, store: Store) -> None:
        filled = fill_placements(store, NOW)
        with store.reading() as session:
            ways = placements.page(session, Tab.ATTENTION, NOW, 10, before=filled["uncertain"])
        assert [way.delivery.id for way in ways] == [filled["failed"]]

    def test_tickets_that_need_a_person_are_listed(self, store: Store) -> None:
        fill_placements(store, NOW)
        with store.reading() as session:
            assert [row.attempts for row, _ in placements.troubled(session, 10)] == [7]
            assert placements.count_troubled(session) == 1
            assert [row.issue_id for row, _ in placements.only_by_hand(session, 10)] == [1006]

    def test_a_held_answer_is_the_one_that_was_asked_for(self, store: Store) -> None:
        filled = fill_placements(store, NOW)
        with store.writing() as session:
            held = placements.hold(session, filled["failed"])
            assert held
            assert held.ticket.issue_id == 1001
            assert placements.hold(session, 10_000) is None
            held.ticket.closed = True
        with store.reading() as session:
            assert placements.find(session, filled["failed"]) is None

    def test_an_order_waits_once_and_can_be_given_again_afterwards(self, store: Store) -> None:
        ticket = new_ticket(store)

        def order(number: int) -> bool:
            with store.writing() as session:
                return outbox.order(
                    session,
                    ticket_id=ticket,
                    key="look:1",
                    kind=EffectKind.LOOK_FOR_ANSWER,
                    payload={"number": number},
                    now=minutes(number),
                )

        assert [order(1), order(2)] == [True, False]
        with store.writing() as session:
            (row,) = placements.orders(session, [ticket])[ticket]
            assert row.payload == {"number": 1}
            outbox.finish(session, row.id, state=EffectState.DONE, now=NOW, result={"found": True})
        assert order(3)
        with store.reading() as session:
            (row,) = placements.orders(session, [ticket])[ticket]
        assert (row.state, row.result, row.payload) == (EffectState.PENDING, {}, {"number": 3})

    @pytest.mark.parametrize(
        ("wanted", "issues"),
        [
            (InboxSearch(words="автобус"), [1002]),
            (InboxSearch(words="АВТОБУС"), [1002]),
            (InboxSearch(words="%"), []),
            (InboxSearch(author="соколова"), [1002]),
            (InboxSearch(issue=1003), [1003]),
            (InboxSearch(number="wall-1_2_r4"), [1004]),
            (InboxSearch(number="https://vk.com/wall-1_2?reply=4", sources=SOURCES), [1004]),
            (InboxSearch(number="event-1", sources=SOURCES), [1001]),
            (InboxSearch(since=NOW - timedelta(hours=2, minutes=30), until=NOW), None),
        ],
    )
    def test_events_are_found_by_what_one_knows_of_them(
        self, store: Store, wanted: InboxSearch, issues: list[int] | None
    ) -> None:
        fill_placements(store, NOW)
        with store.reading() as session:
            found = inbox_search.search(session, wanted, 20)
        numbers = [each.ticket.issue_id for each in found if each.ticket]
        assert numbers == issues if issues is not None else set(numbers) >= {1002, 1003, 1004}

    def test_events_are_told_apart_by_state_kind_and_source(self, store: Store) -> None:
        fill_placements(store, NOW)
        filled = fill_events(store, NOW)
        with store.reading() as session:
            wanted = InboxSearch(
                state=EventState.UNREADABLE, kind="wall_reply_new", source="vk-head"
            )
            (found,) = inbox_search.search(session, wanted, 20)
            assert inbox_search.kinds(session) == ["card", "wall_reply_new"]
        assert found.event.id == filled["unreadable"]
        assert found.message is None

    def test_a_tickets_chronicle_has_all_that_is_known(self, store: Store) -> None:
        told = fill_journey(store, NOW)
        with store.reading() as session:
            found = journeys.chronicle(session, told.ticket)
        assert found
        assert isinstance(found.ticket, TicketRow)
        assert [event.kind for event in found.events] == [
            "wall_reply_new",
            "wall_reply_edit",
            "issue.updated",
        ]
        counted = (found.additions, found.attachments, found.decisions, found.clocks)
        assert [len(rows) for rows in counted] == [1, 1, 1, 1]
        assert [len(found.effects), len(found.deliveries)] == [3, 1]
        assert [len(found.repairs), len(found.differences)] == [1, 1]
