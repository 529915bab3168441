"""Conversations: what a citizen does about a message after it has a ticket."""

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

from bridge.store import models

revision = "0003"
down_revision = "0002"

_PAGE = 500
_MESSAGE = sa.table(
    "message",
    sa.column("id", sa.Integer()),
    sa.column("network", sa.String()),
    sa.column("visibility", sa.String()),
    sa.column("external_id", sa.String()),
    sa.column("address", sa.JSON()),
    sa.column("conversation", sa.String()),
)


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "message",
        sa.Column("conversation", sa.String(length=190), nullable=False, server_default=""),
    )
    op.add_column(
        "message", sa.Column("deleted_at", models.UtcDateTime(timezone=True), nullable=True)
    )
    op.create_index(
        "ix_message_conversation", "message", ["network", "visibility", "conversation", "author_id"]
    )
    # In plain SQL: for a column with a constraint Alembic would make SQLite's table anew, and rows
    # of other tables point at it.
    op.execute("ALTER TABLE ticket ADD COLUMN follows_id INTEGER REFERENCES ticket (id)")
    op.create_table(
        "addition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("inbox_event_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_before", sa.Text(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"]),
        sa.ForeignKeyConstraint(["inbox_event_id"], ["inbox_event.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("inbox_event_id"),
    )
    with op.batch_alter_table("addition") as batch_op:
        batch_op.create_index(batch_op.f("ix_addition_ticket_id"), ["ticket_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_addition_message_id"), ["message_id"], unique=False)
    _carry_over()


def _carry_over() -> None:
    """Whoever wrote before goes on in the same ticket: VK's numbers tell the conversation."""
    connection = op.get_bind()
    page = (
        sa.select(_MESSAGE).where(_MESSAGE.c.network == "vk").order_by(_MESSAGE.c.id).limit(_PAGE)
    )
    last = 0
    while rows := connection.execute(page.where(_MESSAGE.c.id > last)).all():
        connection.execute(
            sa.update(_MESSAGE)
            .where(_MESSAGE.c.id == sa.bindparam("number"))
            .values(conversation=sa.bindparam("talk")),
            [
                {
                    "number": row.id,
                    "talk": _conversation(row.visibility, row.external_id, row.address),
                }
                for row in rows
            ],
        )
        last = rows[-1].id


def _conversation(visibility: str, external_id: str, address: Mapping[str, object]) -> str:
    """A dialog is `im1_501`, of whose messages one is `im1_501_9`; a thread is `wall-1_2/r3`."""
    if visibility == "direct":
        return external_id.rpartition("_")[0]
    if "comment_id" not in address:
        return external_id
    thread = address.get("thread_id") or address["comment_id"]
    return f"wall{address['owner_id']}_{address['post_id']}/r{thread}"


def downgrade() -> None:
    """Undo."""
    op.drop_table("addition")
    op.drop_column("ticket", "follows_id")
    op.drop_index("ix_message_conversation", "message")
    op.drop_column("message", "deleted_at")
    op.drop_column("message", "conversation")
