"""Tables with data in them, from the first release on, come to this version with all of it."""

from itertools import pairwise
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import select, text

from bridge.store import (
    channel_states,
    clocks,
    conversations,
    cursors,
    deliveries,
    inbox,
    outbox,
    sources,
    tickets,
)
from bridge.store.database import Store
from bridge.store.models import Base, DecisionRow, EffectRow, InboxEvent, RepairRow, TicketRow
from bridge.store.schema import (
    NewerSchema,
    SchemaState,
    is_current,
    revisions,
    state_of,
    tables_of,
    upgrade,
    upgrade_to,
)
from tests.store_contract.every_table import fill_tables
from tests.store_contract.first_release import (
    DIALOG,
    FIRST,
    FirstRelease,
    count_rows,
    make_first_release,
)
from tests.store_contract.rows import NOW, message, minutes, new_ticket

CONVERSATIONS: tuple[tuple[dict[str, Any], str], ...] = (
    ({}, "wall-1_2/r3"),
    (
        {"address": {"owner_id": -1, "post_id": 2, "comment_id": 4, "thread_id": 1}},
        "wall-1_2/r1",
    ),
    ({"external_id": "wall-1_7", "address": {"owner_id": -1, "post_id": 7}}, "wall-1_7"),
    (
        {
            "visibility": "direct",
            "external_id": f"{DIALOG}_9",
            "address": {"peer_id": 501, "conversation_message_id": 9},
        },
        DIALOG,
    ),
)
"""What the first release stored of a message, and the conversation that it is in."""


class UpgradeContract:
    """Takes `empty_store`: a store whose database has no tables."""

    def test_every_row_of_the_first_release_is_there_and_reads_as_it_did(
        self, empty_store: Store
    ) -> None:
        make_first_release(empty_store)
        with empty_store.transaction() as connection:
            old = FirstRelease(connection)
            ticket_id = old.ticket(3)
            old.effect(ticket_id, "create", "create_ticket", "done", finished_at=minutes(1))
            old.rest(ticket_id)
            before = count_rows(connection, FIRST)
        assert min(before.values()) > 0
        upgrade(empty_store.engine)
        assert is_current(empty_store.engine)
        with empty_store.reading() as session:
            assert count_rows(session.connection(), FIRST) == before
            found = tickets.with_message(session, ticket_id)
            assert found
            ticket, row = found
            told = tickets.as_message(row)
            assert (told.text, told.author.name) == ("Яма на дороге 😡", "Анна Петрова")
            assert (told.posted_at, told.address["comment_id"]) == (NOW, 3)
            assert told.attachments == message().attachments
            assert sources.is_known(session, told.id)
            (source,) = sources.of_message(session, row.id)
            assert (source.channel, source.link, source.address, source.posted_at) == (
                row.channel,
                row.link,
                row.address,
                row.posted_at,
            )
            assert (told.surroundings, told.topics, told.district, row.deleted_at) == (
                None,
                (),
                "",
                None,
            )
            assert (ticket.parent_id, ticket.part, ticket.whole, ticket.follows_id) == (None,) * 4
            assert (ticket.status, ticket.look_at, ticket.issue_id) == (
                "assigned",
                minutes(60),
                3,
            )
            (clock,) = clocks.of_ticket(session, ticket_id)
            assert (clock.due, clock.verdict) == (minutes(240), None)
            assert outbox.keys_done(session, ticket_id, "create") == ["create"]
            assert cursors.read(session, "helpdesk_changes") == minutes(3)
            assert channel_states.hold_of(session, "vk-head", NOW)
            assert inbox.has(session, "vk-head", "e3")
            assert session.scalars(select(InboxEvent.body)).one() == "{«яма»}".encode()
            assert session.scalars(select(DecisionRow.summary)).one()["effects"] == ["create"]
            assert session.scalars(select(RepairRow.changed_at)).one() == minutes(2)
        assert new_ticket(empty_store, 50) == ticket_id + 1

    def test_a_citizen_goes_on_in_a_conversation_of_before(self, empty_store: Store) -> None:
        make_first_release(empty_store)
        with empty_store.transaction() as connection:
            old = FirstRelease(connection)
            in_conversation = {
                old.ticket(number, **message): conversation
                for number, (message, conversation) in enumerate(CONVERSATIONS, 3)
            }
        upgrade(empty_store.engine)
        with empty_store.reading() as session:
            for ticket_id, conversation in in_conversation.items():
                _, row = tickets.with_message(session, ticket_id) or (None, None)
                assert row
                assert row.conversation == conversation
                earlier = conversations.earlier_ticket(session, tickets.as_message(row))
                assert earlier
                assert earlier.id == ticket_id

    def test_what_became_of_an_old_answer_is_known_of_its_system(self, empty_store: Store) -> None:
        make_first_release(empty_store)
        with empty_store.transaction() as connection:
            old = FirstRelease(connection)
            ended = {
                state: old.placement(old.ticket(number, closed=True), state, minutes(6))
                for number, state in enumerate(("done", "failed", "uncertain"), 3)
            }
        upgrade(empty_store.engine)
        with empty_store.reading() as session:
            for state, effect_id in ended.items():
                effect = session.get_one(EffectRow, effect_id)
                ticket = session.get_one(TicketRow, effect.ticket_id)
                (delivery,) = deliveries.of_effect(session, effect_id)
                (source,) = sources.of_message(session, ticket.message_id)
                assert (delivery.source_id, delivery.part, delivery.state) == (source.id, 1, state)
                assert delivery.text == "Яма засыпана."
                assert delivery.result == effect.result
                assert delivery.finished_at == minutes(6)

    def test_an_old_answer_under_way_is_left_to_be_opened(self, empty_store: Store) -> None:
        make_first_release(empty_store)
        with empty_store.transaction() as connection:
            old = FirstRelease(connection)
            under_way = {
                state: old.placement(old.ticket(number), state, None)
                for number, state in enumerate(("pending", "sending"), 3)
            }
        upgrade(empty_store.engine)
        with empty_store.reading() as session:
            for state, effect_id in under_way.items():
                assert deliveries.of_effect(session, effect_id) == []
                effect = session.get_one(EffectRow, effect_id)
                assert effect.state == state
                assert effect.sending_since == minutes(5)

    def test_each_step_keeps_the_rows_of_all_before_it(self, empty_store: Store) -> None:
        make_first_release(empty_store)
        for before, after in pairwise([*revisions(), None]):
            with empty_store.transaction() as connection:
                fill_tables(connection, tables_of(before or FIRST))
                counts = count_rows(connection, before or FIRST)
                assert min(counts.values()) > 0
            if after is None:
                break
            with empty_store.transaction() as connection:
                upgrade_to(connection, after)
                now = count_rows(connection, after)
            assert {name: now[name] for name in counts} == counts
        assert is_current(empty_store.engine)

    def test_an_upgrade_from_the_first_release_ends_with_the_models_tables(
        self, empty_store: Store
    ) -> None:
        make_first_release(empty_store)
        with empty_store.transaction() as connection:
            fill_tables(connection, tables_of(FIRST))
        upgrade(empty_store.engine)
        with empty_store.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Base.metadata) == []

    def test_tables_of_a_later_version_are_not_touched(self, empty_store: Store) -> None:
        upgrade(empty_store.engine)
        with empty_store.transaction() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        assert state_of(empty_store.engine) == (SchemaState.NEWER, "9999")
        assert not is_current(empty_store.engine)
        with pytest.raises(NewerSchema, match="9999"):
            upgrade(empty_store.engine)
