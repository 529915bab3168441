"""Channels switched off by people, and what probes found."""

import sqlalchemy as sa
from alembic import op

from bridge.store import models

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "channel_switch",
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("off_since", models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=190), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("channel"),
    )
    op.create_table(
        "channel_check",
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("at", models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("channel"),
    )
