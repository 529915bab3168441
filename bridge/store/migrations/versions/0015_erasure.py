"""When a message was forgotten, and how those that are not are found."""

import sqlalchemy as sa
from alembic import op

from bridge.store import models

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Apply."""
    op.add_column("message", sa.Column("erased_at", models.UtcDateTime(timezone=True)))
    op.create_index("ix_message_kept", "message", ["erased_at", "received_at"])
    op.create_index("ix_message_author", "message", ["network", "author_id"])
