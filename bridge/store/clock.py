"""What time the store's server has: hosts with different clocks would disagree about leases."""

from datetime import datetime

from sqlalchemy import text

from bridge.store.database import Store


def server_time(store: Store) -> datetime | None:
    """The database server's present instant, aware; None where the store is a file of this host.

    Raises `StoreUnavailable`.
    """
    if store.engine.dialect.name == "sqlite":
        return None
    with store.reading() as session:
        told: datetime = session.execute(text("select clock_timestamp()")).scalar_one()
        return told
