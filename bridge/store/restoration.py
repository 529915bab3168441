"""Restores the store from an archive: all of it in one transaction, or nothing.

What waited when the archive was made may have gone out since. It becomes `sending` with its
outcome unknown, as after a crash, so that the bridge looks for it before it sends it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, MetaData, inspect, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bridge.store import audit
from bridge.store.archive import Archive, ArchiveRefused, Manifest
from bridge.store.database import Store
from bridge.store.gaps import Gap, remember
from bridge.store.models import (
    DeliveryRow,
    EffectRow,
    EffectState,
    NightlyRunRow,
    PollRow,
    TicketRow,
)
from bridge.store.outbox import OPEN_STATES
from bridge.store.schema import (
    HEAD,
    VERSION_TABLE,
    NewerSchema,
    is_known,
    newest_revision,
    revision_of,
    tables_of,
    upgrade_to,
)
from bridge.store.table_rows import RowRefused, insert_lines, reflect, set_sequence


@dataclass(frozen=True)
class Restoration:
    """A restoration that was done. `to_look_for`: effects and deliveries that may have gone out."""

    manifest: Manifest
    to_look_for: int


def is_empty(store: Store) -> bool:
    """Whether the store has no row yet. Raises `NewerSchema`, `StoreUnavailable`."""
    with store.snapshot() as connection:
        tables = reflect(connection, _present(connection))
        return all(connection.execute(select(table).limit(1)).first() is None for table in tables)


def require_readable(archive: Archive) -> None:
    """Raises `ArchiveRefused` for an archive of tables that this version does not know."""
    revision = archive.manifest.revision
    if not is_known(revision):
        raise ArchiveRefused(
            f"архив сделан более новой версией моста ({archive.manifest.bridge}, версия таблиц "
            f"{revision}; эта версия знает таблицы до {newest_revision()}): обновите мост и "
            "повторите"
        )
    if set(archive.manifest.tables) != set(tables_of(revision)):
        raise ArchiveRefused("в архиве не все таблицы его версии: возьмите другую резервную копию")


def restore(
    store: Store,
    archive: Archive,
    now: datetime,
    told: Callable[[str, int], None],
    *,
    actor: str,
) -> Restoration:
    """Have the store hold what a verified archive does, brought to this version.

    Added are the gap that is left and the audit's entry. No bridge may be running. Raises
    `ArchiveRefused`, `NewerSchema` (of the store that is there), `StoreUnavailable`: then nothing
    was changed.
    """
    manifest = archive.manifest
    require_readable(archive)
    try:
        with store.transaction() as connection:
            _clear(connection)
            upgrade_to(connection, manifest.revision)
            _fill(connection, archive, told)
            upgrade_to(connection, HEAD)
            with Session(connection) as session:
                to_look_for = _forget_what_is_known(session, now)
                remember(session, Gap(manifest.made_at, now))
                audit.record(session, _deed(manifest, now, actor))
                session.flush()
    except RowRefused as refusal:
        raise ArchiveRefused(
            f"база данных не приняла строку архива ({refusal}): ничего не изменено"
        ) from refusal
    except IntegrityError as error:
        raise ArchiveRefused(
            "строки архива не подходят друг к другу: ничего не изменено"
        ) from error
    return Restoration(manifest, to_look_for)


def _deed(manifest: Manifest, now: datetime, actor: str) -> audit.AuditEntry:
    details = {
        "made_at": manifest.made_at.isoformat(),
        "rows": manifest.rows,
        "revision": manifest.revision,
    }
    return audit.AuditEntry(now, actor, audit.Action.RESTORED, details=details)


def _present(connection: Connection) -> tuple[str, ...]:
    """The bridge's tables that are there; of other tables in the database nothing is touched."""
    revision = revision_of(connection)
    if revision is None:
        return ()
    if not is_known(revision):
        raise NewerSchema(revision)
    there = set(inspect(connection).get_table_names())
    return tuple(name for name in tables_of(revision) if name in there)


def _clear(connection: Connection) -> None:
    names = _present(connection)
    if connection.dialect.name == "sqlite":
        # Rows refer to each other within a table, too: all are there when the transaction ends.
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
    if not names:
        return
    metadata = MetaData()
    metadata.reflect(connection, only=[*names, VERSION_TABLE])
    metadata.drop_all(connection)


def _fill(connection: Connection, archive: Archive, told: Callable[[str, int], None]) -> None:
    for table in reflect(connection, tables_of(archive.manifest.revision)):
        insert_lines(connection, table, archive.lines(table.name), partial(told, table.name))
        set_sequence(connection, table)


def _forget_what_is_known(session: Session, now: datetime) -> int:
    """Whatever is open may have gone out; nobody holds anything. Return how much is open."""
    opened = 0
    for row in (EffectRow, DeliveryRow):
        found = session.scalars(
            update(row)
            .where(row.state.in_(OPEN_STATES))
            .values(state=EffectState.SENDING, sending_since=now)
            .returning(row.id)
        )
        opened += len(found.all())
    for holder in (TicketRow, PollRow, NightlyRunRow):
        session.execute(update(holder).values(lease_owner=None, lease_until=None))
    return opened
