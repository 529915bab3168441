"""The department mapping's versions, and people's drafts of the next one."""

import sqlalchemy as sa
from alembic import op

from bridge.store import models

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "mapping_version",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made_at", models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("author", sa.String(length=190), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "mapping_draft",
        sa.Column("author", sa.String(length=190), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("changed_at", models.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("author"),
    )
