"""The store on SQLite keeps the store's contract."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bridge.store import cursors
from bridge.store.database import Store, StoreUnavailable
from tests.store_contract.archive import ArchiveContract
from tests.store_contract.attachments import AttachmentsContract
from tests.store_contract.audit import AuditContract
from tests.store_contract.board import BoardContract
from tests.store_contract.channel_states import ChannelStatesContract
from tests.store_contract.channel_switches import ChannelSwitchesContract
from tests.store_contract.clocks import ClocksContract
from tests.store_contract.conversations import ConversationsContract
from tests.store_contract.cursors import CursorsContract
from tests.store_contract.database import DatabaseContract
from tests.store_contract.erasure import ErasureContract
from tests.store_contract.families import FamiliesContract
from tests.store_contract.figures import FiguresContract
from tests.store_contract.inbox import InboxContract
from tests.store_contract.leases import LeaseContract
from tests.store_contract.mappings import MappingsContract
from tests.store_contract.nightly import NightlyContract
from tests.store_contract.outbox import OutboxContract
from tests.store_contract.pages import PagesContract
from tests.store_contract.polls import PollsContract
from tests.store_contract.reports import ReportsContract
from tests.store_contract.rows import NOW
from tests.store_contract.schema import SchemaContract
from tests.store_contract.tickets import TicketsContract
from tests.store_contract.upgrade import UpgradeContract


class TestArchive(ArchiveContract): ...


class TestAttachments(AttachmentsContract): ...


class TestAudit(AuditContract): ...


class TestBoard(BoardContract): ...


class TestChannelStates(ChannelStatesContract): ...


class TestChannelSwitches(ChannelSwitchesContract): ...


class TestClocks(ClocksContract): ...


class TestConversations(ConversationsContract): ...


class TestCursors(CursorsContract): ...


class TestDatabase(DatabaseContract): ...


class TestErasure(ErasureContract): ...


class TestFamilies(FamiliesContract): ...


class TestFigures(FiguresContract): ...


class TestInbox(InboxContract): ...


class TestLeases(LeaseContract): ...


class TestMappings(MappingsContract): ...


class TestNightly(NightlyContract): ...


class TestOutbox(OutboxContract): ...


class TestPages(PagesContract): ...


class TestPolls(PollsContract): ...


class TestReports(ReportsContract): ...


class TestSchema(SchemaContract): ...


class TestTickets(TicketsContract): ...


class TestUpgrade(UpgradeContract): ...


def test_every_commit_is_on_the_disk_before_it_counts(store: Store) -> None:
    with store.reading() as session:
        pragmas = {
            name: session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    full = 2
    assert pragmas == {"journal_mode": "wal", "synchronous": full, "foreign_keys": 1}


@pytest.mark.scenario(7)
@pytest.mark.usefixtures("process_zone")
def test_an_instant_comes_back_whatever_the_servers_zone_is(store: Store) -> None:
    with store.writing() as session:
        cursors.advance(session, "changes", NOW)
    with store.reading() as session:
        found = cursors.read(session, "changes")
    assert found == NOW
    assert found.utcoffset() == timedelta(0)


def test_a_store_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'absent' / 'bridge.db'}")
    with pytest.raises(StoreUnavailable), store.writing() as session:
        cursors.read(session, "changes")


def test_a_store_that_is_locked_for_too_long_is_unavailable(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.store.database.BUSY_SECONDS", 0.05)
    hasty = Store(str(store.engine.url))
    with store.writing() as session:
        cursors.advance(session, "changes", NOW)
        with pytest.raises(StoreUnavailable, match="locked"), hasty.writing() as other:
            cursors.advance(other, "changes", NOW)
    hasty.close()
