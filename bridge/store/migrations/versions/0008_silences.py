"""Sources that have gone silent, and the index by which a source's rhythm is read."""

import sqlalchemy as sa
from alembic import op

from bridge.store import models

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_inbox_event_arrival", "inbox_event", ["source", "received_at"])
    op.create_table(
        "silence",
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("since", models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("noticed_at", models.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source"),
    )
