"""Alembic's entry: runs migrations on the connection that `bridge.store.schema` gives."""

from alembic import context
from sqlalchemy import text

from bridge.store.models import Base

LOCK = 4_902_117
"""Any number: two processes that start together must not migrate at the same time."""

connection = context.config.attributes["connection"]
if connection.dialect.name == "postgresql":
    connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    user_module_prefix="models.",
)
with context.begin_transaction():
    context.run_migrations()
