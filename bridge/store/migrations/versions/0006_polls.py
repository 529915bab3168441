"""What is fetched for channels, and how far the last look came."""

import sqlalchemy as sa
from alembic import op

from bridge.store import models

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "poll",
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("looked_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("failing_since", models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("lease_until", models.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("channel", "name"),
    )
