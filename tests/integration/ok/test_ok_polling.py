"""OK's pollers at work as the process that polls runs them, over a real store."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from bridge.backoff import Backoff
from bridge.channels import ChannelSettings
from bridge.flow.polling import Polling
from bridge.networks.registry import module_of
from bridge.store.database import Store
from bridge.store.models import InboxEvent, PollRow
from bridge.store.schema import upgrade
from tests.outside import outside


class NoHints:
    """Takes hints and gives them to nobody."""

    def events(self, event_ids: object) -> None:
        """Nothing."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(f"sqlite:///{tmp_path / 'bridge.db'}")) as store:
        upgrade(store.engine)
        yield store


@pytest.fixture
def polling(ok: Any, channel: ChannelSettings, store: Store) -> Polling:
    """The feed's poller, as the process makes it of the registry."""
    (feed,) = [
        one for one in module_of(channel).pollers(channel, outside(ok.clock)) if one.name == "feed"
    ]
    backoff = Backoff(timedelta(seconds=2), timedelta(minutes=5))
    lease = timedelta(seconds=90)
    return Polling(store, NoHints(), channel.key, feed, backoff, lease, ok.clock)


def kinds(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(InboxEvent.kind).order_by(InboxEvent.id)))


def test_what_is_found_is_in_the_inbox_once_though_the_state_is_lost(
    ok: Any, store: Store, polling: Polling
) -> None:
    polling.look()
    comment_id = ok.comment()
    assert polling.look() == timedelta(minutes=1)
    ok.delete(comment_id)
    polling.look()
    with store.writing() as session:
        session.execute(delete(PollRow))
    ok.restore(comment_id)
    polling.look()

    assert kinds(store) == ["comment_new", "comment_delete"]


@pytest.mark.scenario(16)
def test_refused_session_is_told_and_polling_goes_on_when_it_is_mended(
    ok: Any, store: Store, polling: Polling
) -> None:
    polling.look()
    ok.comment()
    ok.fail("group.getStatTopics", "error", code=103)

    assert polling.look() == timedelta(minutes=5)
    with store.reading() as session:
        meaning = session.scalars(select(PollRow.meaning)).one()
    assert "bridge check" in meaning

    polling.look()
    assert kinds(store) == ["comment_new"]
