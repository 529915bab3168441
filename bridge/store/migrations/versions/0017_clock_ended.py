"""Clocks by when they ended: how many of the last days' duties were in time."""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_clock_ended", "clock", ["stop", "verdict", "holder"])


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_clock_ended", "clock")
