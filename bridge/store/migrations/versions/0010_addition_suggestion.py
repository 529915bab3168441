"""Additions: the department that becomes clear with a further message."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Apply."""
    op.add_column("addition", sa.Column("suggestion", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Undo."""
    op.drop_column("addition", "suggestion")
