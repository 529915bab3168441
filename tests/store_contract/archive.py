"""An archive holds all that the store does, and any database takes it up again."""

from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bridge.effects import EffectKind
from bridge.office import Office
from bridge.settings import PROJECT
from bridge.store import audit, outbox, sources, tickets
from bridge.store.archive import Archive, ArchiveRefused, Manifest, opened_archive
from bridge.store.backup import NothingToBackUp, back_up
from bridge.store.database import Store
from bridge.store.models import Base, EffectState, NightlyRunRow, PollRow, TicketRow
from bridge.store.restoration import is_empty, restore
from bridge.store.schema import is_current
from tests.busy_office import BusyOffice
from tests.store_contract.every_table import fill_every_table
from tests.store_contract.first_release import FIRST, FirstRelease, make_first_release
from tests.store_contract.rows import NOW, add_ticket, minutes, new_ticket

ACTOR = "command:root"
MARKED = {"ticket", "poll", "nightly_run", "outbox", "delivery", "cursor", "audit_entry"}
"""Where a restoration leaves its marks: leases that end, outcomes that are unknown, the gap, its
entry in the audit."""


class ArchiveContract:
    """Takes `store`, and `empty_store`: a store of the same kind without tables."""

    def test_every_table_of_the_models_is_in_the_archive(
        self, store: Store, tmp_path: Path
    ) -> None:
        fill_every_table(store)
        manifest = archived(store, tmp_path / "a.zip")
        assert set(manifest.tables) == set(Base.metadata.tables)
        assert {name for name, member in manifest.tables.items() if member.rows == 0} == set()

    def test_what_is_restored_is_what_was_there(
        self, store: Store, empty_store: Store, tmp_path: Path
    ) -> None:
        busy(store)
        before = archived(store, tmp_path / "before.zip")
        restored(empty_store, tmp_path / "before.zip")
        assert is_current(empty_store.engine)
        assert unmarked(archived(empty_store, tmp_path / "after.zip")) == unmarked(before)
        assert counts(empty_store) == {
            **{name: member.rows for name, member in before.tables.items()},
            "cursor": before.tables["cursor"].rows + 2,
            "audit_entry": before.tables["audit_entry"].rows + 1,
        }

    def test_an_archive_goes_to_the_other_database_and_back(
        self, store: Store, empty_store: Store, tmp_path: Path
    ) -> None:
        with closing(Store(f"sqlite:///{tmp_path / 'one.db'}")) as first:
            busy(store)
            archived(store, tmp_path / "a.zip")
            restored(first, tmp_path / "a.zip")
            there = archived(first, tmp_path / "b.zip")
            restored(empty_store, tmp_path / "b.zip")
        back = archived(empty_store, tmp_path / "c.zip")
        assert without_audit(back) == without_audit(there)

    def test_the_audit_tells_who_restored_what(
        self, store: Store, empty_store: Store, tmp_path: Path
    ) -> None:
        new_ticket(store, 1)
        made = archived(store, tmp_path / "a.zip")
        restored(empty_store, tmp_path / "a.zip", at_minute=30)
        with empty_store.reading() as session:
            (entry,) = audit.page(session, audit.AuditSearch(), limit=9)
        assert (entry.actor, entry.action, entry.at) == (ACTOR, audit.Action.RESTORED, minutes(30))
        assert entry.details["rows"] == made.rows

    def test_an_archive_of_the_first_release_is_brought_to_this_version(
        self, empty_store: Store, tmp_path: Path
    ) -> None:
        with closing(Store(f"sqlite:///{tmp_path / 'old.db'}")) as old:
            make_first_release(old)
            with old.transaction() as connection:
                ticket_id = FirstRelease(connection).ticket(3)
            assert archived(old, tmp_path / "a.zip").revision == FIRST
        restored(empty_store, tmp_path / "a.zip")
        assert is_current(empty_store.engine)
        with empty_store.reading() as session:
            ticket, message = tickets.with_message(session, ticket_id) or (None, None)
            assert ticket
            assert message
            assert message.conversation == "wall-1_2/r3"
            assert sources.is_known(session, tickets.as_message(message).id)

    def test_numbers_go_on_behind_those_that_are_there(
        self, store: Store, empty_store: Store, tmp_path: Path
    ) -> None:
        newest = [new_ticket(store, number) for number in (1, 2, 3)][-1]
        archived(store, tmp_path / "a.zip")
        restored(empty_store, tmp_path / "a.zip")
        assert new_ticket(empty_store, 4) == newest + 1

    def test_an_archive_shows_one_moment_while_the_bridge_writes(
        self, store: Store, tmp_path: Path
    ) -> None:
        new_ticket(store, 1)
        written = []

        def write_meanwhile(_table: str, _rows: int) -> None:
            if not written:
                written.append(new_ticket(store, 2))

        back_up(store, tmp_path / "a.zip", NOW, write_meanwhile)
        with opened_archive(tmp_path / "a.zip") as archive:
            rows = {name: member.rows for name, member in archive.manifest.tables.items()}
        assert written
        assert (rows["inbox_event"], rows["message"], rows["ticket"]) == (1, 1, 1)

    def test_what_waited_may_have_gone_out_and_nobody_holds_anything(
        self, store: Store, empty_store: Store, tmp_path: Path
    ) -> None:
        with store.writing() as session:
            ticket = add_ticket(session)
            ticket.lease_owner, ticket.lease_until = "w", minutes(60)
            for key, kind in (
                ("create", EffectKind.CREATE_TICKET),
                ("n", EffectKind.UPDATE_TICKET),
            ):
                outbox.add(
                    session,
                    ticket_id=ticket.id,
                    key=key,
                    kind=kind,
                    channel=None,
                    payload={},
                    now=NOW,
                )
            done = outbox.first_open(session, ticket.id, EffectKind.CREATE_TICKET)
            assert done
            outbox.finish(session, done.id, state=EffectState.DONE, now=NOW)
        archived(store, tmp_path / "a.zip")
        assert restored(empty_store, tmp_path / "a.zip", at_minute=30) == 1
        with empty_store.reading() as session:
            (note,) = outbox.sending(session, 1, EffectKind.UPDATE_TICKET)
            assert note.sending_since == minutes(30)
            assert outbox.keys_done(session, 1, "create") == ["create"]
            for holder in (TicketRow, PollRow, NightlyRunRow):
                assert session.scalar(select(func.count(holder.lease_until))) == 0

    def test_what_is_there_is_replaced_as_a_whole(
        self, store: Store, empty_store: Store, tmp_path: Path
    ) -> None:
        new_ticket(store, 1)
        archived(store, tmp_path / "a.zip")
        busy(store)
        assert not is_empty(store)
        restored(store, tmp_path / "a.zip")
        assert counts(store)["ticket"] == 1
        assert is_empty(empty_store)

    def test_a_restoration_that_fails_leaves_everything_as_it_was(
        self, store: Store, tmp_path: Path
    ) -> None:
        new_ticket(store, 1)
        archived(store, tmp_path / "a.zip")
        new_ticket(store, 2)
        before = counts(store)
        with (
            opened_archive(tmp_path / "a.zip") as archive,
            pytest.raises(ArchiveRefused, match="ничего не изменено"),
        ):
            restore(
                store,
                WithoutMessages(archive.container, archive.manifest),
                NOW,
                silent,
                actor=ACTOR,
            )
        assert counts(store) == before
        assert new_ticket(store, 3) > 0

    def test_a_store_without_tables_has_nothing_to_back_up(
        self, empty_store: Store, tmp_path: Path
    ) -> None:
        with pytest.raises(NothingToBackUp):
            archived(empty_store, tmp_path / "a.zip")
        assert list(tmp_path.glob("*.zip*")) == []


class WithoutMessages(Archive):
    """One whose tickets refer to nothing."""

    def lines(self, table: str):  # type: ignore[no-untyped-def]
        return iter(()) if table == "message" else super().lines(table)


def silent(_table: str, _rows: int) -> None:
    """Nobody watches."""


def busy(store: Store) -> None:
    BusyOffice(store, _office()).work(NOW - timedelta(days=20), 14, messages_of_each=2)
    fill_every_table(store)


@cache
def _office() -> Office:
    return Office.load(PROJECT / "config")


def archived(store: Store, path: Path) -> Manifest:
    return back_up(store, path, NOW, silent).manifest


def restored(store: Store, path: Path, at_minute: int = 0) -> int:
    """How much may have gone out."""
    with opened_archive(path) as archive:
        archive.verify(silent)
        return restore(store, archive, minutes(at_minute), silent, actor=ACTOR).to_look_for


def unmarked(manifest: Manifest) -> Mapping[str, object]:
    return {name: member for name, member in manifest.tables.items() if name not in MARKED}


def without_audit(manifest: Manifest) -> Mapping[str, object]:
    """The second restoration has an entry of its own."""
    return {name: member for name, member in manifest.tables.items() if name != "audit_entry"}


def counts(store: Store) -> Mapping[str, int]:
    with store.reading() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }
