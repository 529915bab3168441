"""The poll runner with VK's pollers on a real store: nothing lost, nothing doubled."""

import itertools
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bridge.backoff import Backoff
from bridge.channels import ChannelSettings
from bridge.flow.polling import Polling
from bridge.ingest import vk_long_poll
from bridge.ingest.port import MessageArrived
from bridge.ingest.vk import parse
from bridge.ingest.vk_pollers import pollers
from bridge.messages import Message
from bridge.networks.vk_check import NEEDED_EVENTS
from bridge.networks.vk_settings import Transport
from bridge.store.database import Store
from bridge.store.models import InboxEvent
from bridge.store.schema import upgrade
from sandbox.vk.seed import ADMINISTRATION
from tests.integration.vk.conftest import OUTSIDE, without
from tests.unit.flow.desk import Watch
from tests.unit.flow.test_polling import Told

LEASE = timedelta(seconds=90)
BACKOFF = Backoff(timedelta(seconds=2), timedelta(minutes=5))


@dataclass
class Office:
    """An office with no public address; each look may be another process's."""

    store: Store
    channel: ChannelSettings
    watch: Watch = field(default_factory=Watch)
    owners: Iterator[int] = field(default_factory=itertools.count)

    def look(self, name: str) -> timedelta:
        """A process starts, looks once, and is killed: its lease runs out."""
        poller = next(poller for poller in pollers(self.channel, OUTSIDE) if poller.name == name)
        owner = f"process-{next(self.owners)}"
        polling = Polling(
            self.store, Told(), self.channel.key, poller, BACKOFF, LEASE, self.watch, owner
        )
        rest = polling.look()
        self.watch.wait(minutes=5)
        return rest

    def look_for_the_untold(self) -> None:
        for name in ("back-fill-feed", "back-fill-direct"):
            while self.look(name) == timedelta(0):
                pass

    def events(self) -> list[InboxEvent]:
        with self.store.reading() as session:
            return list(session.scalars(select(InboxEvent).order_by(InboxEvent.id)))

    def messages(self) -> list[Message]:
        parsed = [parse(event.body, self.channel) for event in self.events()]
        return [each.message for each in parsed if isinstance(each, MessageArrived)]


@pytest.fixture
def office(
    vk: Any, channel: ChannelSettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Office]:
    monkeypatch.setattr(vk_long_poll, "WAIT", 0)
    vk.enable_long_poll(*NEEDED_EVENTS)
    with closing(Store(f"sqlite:///{tmp_path / 'bridge.db'}")) as store:
        upgrade(store.engine)
        office = Office(store, without(channel, "callback", transport=Transport.LONG_POLL))
        office.look_for_the_untold()
        office.look("long-poll")
        yield office


@pytest.mark.scenario(13)
def test_events_come_once_over_restarts_and_failed_looks(vk: Any, office: Office) -> None:
    texts = [f"Сообщение {number}" for number in range(8)]
    for number, text in enumerate(texts):
        vk.citizens_comment(text)
        if number % 3 == 0:
            vk.fail("long_poll", "drop_after_processing")
        office.look("long-poll")
    office.look("long-poll")

    assert sorted(message.text for message in office.messages()) == texts
    assert len(office.events()) == len(texts)


@pytest.mark.scenario(14)
def test_what_vk_lost_is_found_and_every_message_is_there_once_by_its_number(
    vk: Any, office: Office
) -> None:
    written = []
    for failed in (1, 2, 3, 1, 3):
        written.append(vk.citizens_comment(f"До {failed}")["id"])
        vk.citizens_message(f"Письмо до {failed}")
        vk.write("long-poll/trouble", group_id=ADMINISTRATION.id, failed=failed)
        office.look("long-poll")
        written.append(vk.citizens_comment(f"После {failed}")["id"])
        office.look("long-poll")
    office.look_for_the_untold()

    known = {message.external_id for message in office.messages()}
    assert {f"wall{ADMINISTRATION.owner_id}_1_r{number}" for number in written} <= known
    assert len(known) == len(written) + 5
    office.look_for_the_untold()
    assert {message.external_id for message in office.messages()} == known
