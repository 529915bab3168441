"""What people did in the bridge itself."""

import sqlalchemy as sa
from alembic import op

from bridge.store import models

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=190), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=190), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("subject", "actor", "action"):
        op.create_index(f"ix_audit_entry_{column}", "audit_entry", [column, "id"])
