"""The store on PostgreSQL keeps the store's contract."""

from contextlib import closing
from datetime import timedelta

import pytest

from bridge.bootstrap import system_clock
from bridge.clock_check import check_clock
from bridge.findings import State
from bridge.store import cursors
from bridge.store.database import Store, StoreUnavailable
from tests.postgres import temporary_cluster
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


def test_a_server_that_went_away_is_unavailable() -> None:
    with temporary_cluster() as cluster:
        store = Store(cluster.create_database("gone"))
    with closing(store), pytest.raises(StoreUnavailable), store.writing() as session:
        cursors.advance(session, "changes", NOW)


@pytest.mark.parametrize(
    ("ahead", "state"), [(0, State.OK), (10, State.WARN), (-60, State.FAIL)], ids=str
)
def test_host_whose_clock_is_off_is_told_so(store: Store, ahead: int, state: State) -> None:
    finding = check_clock(
        store, timedelta(seconds=44), lambda: system_clock() + timedelta(seconds=ahead)
    )

    assert finding
    assert finding.state is state
