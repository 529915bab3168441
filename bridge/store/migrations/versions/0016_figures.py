"""Indexes for the figures that are read again and again: how clocks ended, what needs attention."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_clock_verdict", "clock", ["verdict", "kind", "clause", "holder"])
    needed = sa.text("attention <> ''")
    op.create_index(
        "ix_ticket_attention", "ticket", ["id"], sqlite_where=needed, postgresql_where=needed
    )
