"""Brings the store's tables to this version's, by Alembic."""

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, StaticPool, create_engine, inspect

_MIGRATIONS = Path(__file__).parent / "migrations"

HEAD: Final = "head"
VERSION_TABLE: Final = "alembic_version"


class SchemaState(StrEnum):
    """How the store's tables stand to this version of the bridge."""

    EMPTY = "empty"
    """There are none yet."""
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"
    """Made by a later version of the bridge, which this one must not write to."""


class NewerSchema(Exception):
    """The tables are those of a later version of the bridge. The text is for the administrator."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"таблицы хранилища новее этой версии моста (версия таблиц {revision}, мост знает "
            f"таблицы до {newest_revision()}): запустите ту версию моста, которая их обновила, "
            "или восстановите хранилище из копии, сделанной до обновления"
        )


def upgrade(engine: Engine) -> None:
    """Apply every migration that is missing. Two processes at once: one waits for the other.

    Raises `NewerSchema`: then nothing was changed.
    """
    with engine.begin() as connection:
        revision = revision_of(connection)
        if revision is not None and not is_known(revision):
            raise NewerSchema(revision)
        upgrade_to(connection, HEAD)


def upgrade_to(connection: Connection, revision: str) -> None:
    """Apply the migrations up to a revision, in the connection's transaction."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def is_current(engine: Engine) -> bool:
    """Whether the tables are those of this version."""
    state, _ = state_of(engine)
    return state is SchemaState.CURRENT


def state_of(engine: Engine) -> tuple[SchemaState, str]:
    """How the tables stand to this version, and their revision; "" where there are none."""
    with engine.connect() as connection:
        revision = revision_of(connection)
    if revision is None:
        return SchemaState.EMPTY, ""
    if revision == newest_revision():
        return SchemaState.CURRENT, revision
    return (SchemaState.OLDER if is_known(revision) else SchemaState.NEWER), revision


def revision_of(connection: Connection) -> str | None:
    """The revision of the tables, or None where there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str:
    """The revision of this version's tables."""
    return revisions()[-1]


def is_known(revision: str) -> bool:
    """Whether this version can bring tables of that revision to its own."""
    return revision in revisions()


@cache
def revisions() -> tuple[str, ...]:
    """Every revision, the first released one first."""
    scripts = ScriptDirectory.from_config(_config())
    return tuple(reversed([script.revision for script in scripts.walk_revisions()]))


@cache
def tables_of(revision: str) -> tuple[str, ...]:
    """The names of the tables of a known revision, without Alembic's own."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.begin() as connection:
        upgrade_to(connection, revision)
        names = inspect(connection).get_table_names()
    engine.dispose()
    return tuple(sorted(name for name in names if name != VERSION_TABLE))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config
