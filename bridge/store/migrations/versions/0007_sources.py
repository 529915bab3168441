"""Messages that come by several systems, and the way of an answer to each of them."""

import sqlalchemy as sa
from alembic import op

from bridge.store import models

revision = "0007"
down_revision = "0006"

_INSTANT = models.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "message_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("inbox_event_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("network", sa.String(length=16), nullable=False),
        sa.Column("visibility", sa.String(length=16), nullable=False),
        sa.Column("external_id", sa.String(length=190), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("address", sa.JSON(), nullable=False),
        sa.Column("posted_at", _INSTANT, nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["inbox_event_id"], ["inbox_event.id"]),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("network", "visibility", "external_id"),
    )
    op.create_index("ix_message_source_message_id", "message_source", ["message_id"])
    op.create_table(
        "message_number",
        sa.Column("number", sa.String(length=255), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"]),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("ix_message_number_message_id", "message_number", ["message_id"])
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("effect_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", _INSTANT, nullable=False),
        sa.Column("sending_since", _INSTANT, nullable=True),
        sa.Column("finished_at", _INSTANT, nullable=True),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["effect_id"], ["outbox.id"]),
        sa.ForeignKeyConstraint(["source_id"], ["message_source.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("effect_id", "source_id", "part"),
    )
    with op.batch_alter_table("addition") as addition:
        addition.add_column(sa.Column("source_id", sa.Integer(), nullable=True))
        addition.create_foreign_key(
            "fk_addition_source_id", "message_source", ["source_id"], ["id"]
        )
    with op.batch_alter_table("message") as message:
        message.add_column(sa.Column("surroundings", sa.JSON(none_as_null=True), nullable=True))
        message.add_column(sa.Column("topics", sa.JSON(), nullable=False, server_default="[]"))
        message.add_column(
            sa.Column("district", sa.String(length=255), nullable=False, server_default="")
        )
    _carry_over()


def _carry_over() -> None:
    """Every message that is there came by one system, and is known by its number there.

    So an answer that has ended has ended in that one, and must not be taken for one that has not
    been there yet. One that is under way gets its parts when it is gone on with.
    """
    op.execute(
        "INSERT INTO message_source (message_id, inbox_event_id, channel, network, visibility,"
        " external_id, link, address, posted_at, received_at)"
        " SELECT id, inbox_event_id, channel, network, visibility, external_id, link, address,"
        " posted_at, received_at FROM message"
    )
    op.execute(
        "INSERT INTO message_number (number, message_id)"
        " SELECT network || ':' || visibility || ':' || external_id, id FROM message"
    )
    op.execute(
        "INSERT INTO delivery (effect_id, source_id, part, text, state, attempts, next_attempt_at,"
        " sending_since, finished_at, result, code, meaning)"
        " SELECT outbox.id, message_source.id, 1, coalesce(outbox.payload ->> 'text', ''),"
        " outbox.state, outbox.attempts, outbox.next_attempt_at, outbox.sending_since,"
        " outbox.finished_at, outbox.result, outbox.code, outbox.meaning"
        " FROM outbox JOIN ticket ON ticket.id = outbox.ticket_id"
        " JOIN message_source ON message_source.message_id = ticket.message_id"
        " WHERE outbox.kind = 'place_answer'"
        " AND outbox.state IN ('done', 'failed', 'uncertain')"
    )
