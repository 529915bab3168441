"""A conversation knows its tickets, and what its citizen added is told once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bridge.messages import Author, Message
from bridge.sla.additions import AdditionKind, note_key, step_key
from bridge.sla.timeline import Status
from bridge.store import additions, conversations, outbox, tickets
from bridge.store.database import Store
from bridge.store.models import EffectRow, EffectState, InboxEvent, MessageRow, TicketRow
from tests.store_contract.rows import NOW, message, minutes


def said(number: int, author: str = "501", conversation: str = "wall-1_2_r1") -> Message:
    told = message(f"wall-1_2_r{number}")
    return replace(told, author=Author(author), conversation=conversation)


class ConversationsContract:
    def test_a_ticket_is_found_by_its_author_and_conversation(self, store: Store) -> None:
        ticket = _ticket(store, said(1))
        _ticket(store, said(2, author="502"))
        _ticket(store, said(3, conversation="wall-1_2_r3"))
        assert _earlier(store, said(9)) == ticket
        assert _earlier(store, said(9, author="503")) is None
        assert _earlier(store, said(9, conversation="")) is None

    def test_a_comment_continues_its_authors_own_post(self, store: Store) -> None:
        post = _ticket(store, said(1, conversation="wall-1_2"))
        assert _earlier(store, said(9, conversation="wall-1_2/r9")) == post
        assert _earlier(store, said(9, conversation="wall-1_2/r9", author="502")) is None
        assert _earlier(store, said(9, conversation="wall-1_23/r9")) is None

    def test_an_open_ticket_comes_before_a_newer_closed_one(self, store: Store) -> None:
        first, second, third = (_ticket(store, said(number)) for number in (1, 2, 3))
        _close(store, third)
        assert _earlier(store, said(9)) == second
        _close(store, first)
        _close(store, second)
        assert _earlier(store, said(9)) == third

    def test_two_messages_at_the_same_instant_find_one_another(self, store: Store) -> None:
        """Each looks for the other's ticket, and makes one only if there is none."""
        for round_ in range(5):
            together = Barrier(2)

            def take(number: int, round_: int = round_, together: Barrier = together) -> None:
                told = said(100 * round_ + number, conversation=f"talk {round_}")
                together.wait(10)
                with store.writing() as session:
                    conversations.hold(session, told)
                    if conversations.earlier_ticket(session, told) is None:
                        _add_ticket(session, told)

            with ThreadPoolExecutor(2) as pool:
                list(pool.map(take, (1, 2)))
        with store.reading() as session:
            assert session.scalars(select(func.count(TicketRow.id))).one() == 5

    def test_a_message_leads_to_its_own_ticket_or_to_the_one_that_tells_it(
        self, store: Store
    ) -> None:
        ticket = _ticket(store, said(1))
        _further(store, ticket, 2)
        for number in (1, 2):
            with store.writing() as session:
                row = tickets.find_to_change(session, said(number).id)
                assert row is not None
                found = conversations.ticket_of(session, row)
                assert found is not None
                assert found.id == ticket

    def test_an_addition_has_its_ticket_looked_at(self, store: Store) -> None:
        ticket = _ticket(store, said(1))
        _further(store, ticket, 2)
        with store.reading() as session:
            assert tickets.to_look_at(session, minutes(2), 10) == [ticket]

    def test_one_event_adds_once(self, store: Store) -> None:
        ticket = _ticket(store, said(1))
        _further(store, ticket, 2)
        with store.reading() as session:
            row = tickets.find_message(session, said(2))
        assert row is not None
        with pytest.raises(IntegrityError), store.writing() as session:
            _add(session, ticket, row)

    @pytest.mark.parametrize("state", list(EffectState))
    def test_only_what_was_carried_out_is_told(self, store: Store, state: EffectState) -> None:
        ticket = _ticket(store, said(1))
        for number in range(2, 14):
            _further(store, ticket, number)
        numbers = _untold(store, ticket)
        assert numbers == list(range(1, 13))
        _effect(store, ticket, note_key(1), state)
        _effect(store, ticket, step_key(3, Status.WITHDRAWN), state)
        told = {1, 3} if state is EffectState.DONE else set()
        assert _untold(store, ticket) == [each for each in numbers if each not in told]

    def test_the_oldest_are_told_first(self, store: Store) -> None:
        ticket = _ticket(store, said(1))
        for number in (2, 3, 4):
            _further(store, ticket, number)
        assert _untold(store, ticket, limit=2) == [1, 2]


def _add_ticket(session: Session, told: Message) -> TicketRow:
    return tickets.add_ticket(
        session,
        _add_message(session, told),
        external_number=told.external_number,
        department=None,
        route={},
        policy="head-feed",
        now=NOW,
    )


def _add_message(session: Session, told: Message) -> MessageRow:
    event = InboxEvent(
        source="vk-head",
        external_id=told.external_id,
        kind="wall_reply_new",
        body=b"{}",
        received_at=NOW,
    )
    session.add(event)
    session.flush()
    return tickets.add_message(session, told, event.id, NOW)


def _add(session: Session, ticket: int, row: MessageRow) -> None:
    additions.add(
        session,
        kind=AdditionKind.FURTHER,
        ticket_id=ticket,
        message=row,
        event_id=row.inbox_event_id,
        at=NOW,
        now=minutes(1),
    )


def _ticket(store: Store, told: Message) -> int:
    with store.writing() as session:
        return _add_ticket(session, told).id


def _further(store: Store, ticket: int, number: int) -> None:
    with store.writing() as session:
        _add(session, ticket, _add_message(session, said(number)))


def _close(store: Store, ticket: int) -> None:
    with store.writing() as session:
        session.get_one(TicketRow, ticket).closed = True


def _earlier(store: Store, told: Message) -> int | None:
    with store.writing() as session:
        found = conversations.earlier_ticket(session, told)
        return found.id if found else None


def _untold(store: Store, ticket: int, limit: int = 100) -> list[int]:
    with store.reading() as session:
        return [
            row.id
            for row, _, _ in additions.untold(session, session.get_one(TicketRow, ticket), limit)
        ]


def _effect(store: Store, ticket: int, key: str, state: EffectState) -> None:
    with store.writing() as session:
        outbox.add(
            session,
            ticket_id=ticket,
            key=key,
            kind="update_ticket",
            channel=None,
            payload={},
            now=NOW,
        )
        effect = session.scalars(select(EffectRow).where(EffectRow.key == key)).one()
        effect.state = state
