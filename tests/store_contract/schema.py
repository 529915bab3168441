"""The migrations make exactly the tables of the models, from nothing and any number of times."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from bridge.store.database import Store
from bridge.store.models import Base
from bridge.store.schema import is_current, upgrade
from tests.store_contract.rows import new_ticket


class SchemaContract:
    """Takes `empty_store`: a store whose database has no tables."""

    def test_an_empty_database_becomes_current(self, empty_store: Store) -> None:
        assert not is_current(empty_store.engine)
        upgrade(empty_store.engine)
        assert is_current(empty_store.engine)
        assert new_ticket(empty_store) == 1

    def test_migrations_make_what_the_models_say(self, empty_store: Store) -> None:
        upgrade(empty_store.engine)
        with empty_store.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Base.metadata) == []

    def test_a_second_upgrade_changes_nothing(self, empty_store: Store) -> None:
        upgrade(empty_store.engine)
        ticket_id = new_ticket(empty_store)
        upgrade(empty_store.engine)
        assert is_current(empty_store.engine)
        assert new_ticket(empty_store, 2) == ticket_id + 1

    def test_processes_that_start_together_migrate_once(self, empty_store: Store) -> None:
        url = empty_store.engine.url.render_as_string(hide_password=False)
        with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
            assert list(pool.map(_upgraded, [url, url])) == [True, True]
        assert set(Base.metadata.tables) <= set(inspect(empty_store.engine).get_table_names())


def _upgraded(url: str) -> bool:
    store = Store(url)
    upgrade(store.engine)
    try:
        return is_current(store.engine)
    finally:
        store.close()
