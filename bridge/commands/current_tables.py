"""Whether the store's tables are of this version, for those who work with them."""

from contextlib import closing

import click
from sqlalchemy.exc import SQLAlchemyError

from bridge.settings import Settings
from bridge.store.database import Store
from bridge.store.schema import NewerSchema, SchemaState, state_of


def require_current_tables(settings: Settings) -> None:
    """Whoever works with tables of another version would damage what it does not know of.

    An outage of the database is no reason to end here: whoever works waits for it anyway. Raises
    `ClickException`.
    """
    with closing(Store(settings.effective_store_url)) as store:
        try:
            state, revision = state_of(store.engine)
        except SQLAlchemyError:
            return
    if state is SchemaState.NEWER:
        raise click.ClickException(str(NewerSchema(revision)))
    if state is not SchemaState.CURRENT:
        raise click.ClickException(
            "таблицы хранилища ещё не обновлены до этой версии моста: их обновляет «bridge serve» "
            "или «bridge up» при запуске"
        )
