"""Tickets that are parts of another: a message that concerns several departments."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply. The column is added in SQL: SQLite takes a reference only together with it."""
    op.execute("ALTER TABLE ticket ADD COLUMN parent_id INTEGER REFERENCES ticket (id)")
    op.create_index("ix_ticket_parent_id", "ticket", ["parent_id"])
    op.add_column("ticket", sa.Column("part", sa.JSON(), nullable=True))
    op.add_column("ticket", sa.Column("whole", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Undo."""
    op.drop_column("ticket", "whole")
    op.drop_column("ticket", "part")
    op.drop_index("ix_ticket_parent_id", "ticket")
    op.drop_column("ticket", "parent_id")
