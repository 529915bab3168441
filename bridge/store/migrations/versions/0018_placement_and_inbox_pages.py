"""What the pages of placement and of the inbox look for: quick after years, too."""

from alembic import op

revision = "0018"
down_revision = "0017"

_INDEXES = (
    ("ix_delivery_state", "delivery", ["state", "id"]),
    ("ix_delivery_finished", "delivery", ["finished_at"]),
    ("ix_message_event", "message", ["inbox_event_id"]),
    ("ix_message_source_event", "message_source", ["inbox_event_id"]),
    ("ix_inbox_event_received", "inbox_event", ["received_at"]),
    ("ix_inbox_event_source", "inbox_event", ["source", "id"]),
    ("ix_inbox_event_state", "inbox_event", ["state", "id"]),
    ("ix_inbox_event_kind", "inbox_event", ["kind", "id"]),
    ("ix_sweep_repair_ticket", "sweep_repair", ["ticket_id"]),
    ("ix_ticket_status", "ticket", ["status", "id"]),
)


def upgrade() -> None:
    """Apply."""
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns)
