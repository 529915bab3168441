"""What nobody sends is fetched: kept with where the look ended, once, whatever fails."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from bridge.backoff import Backoff
from bridge.flow.polling import Polling, keep_looking
from bridge.flow.reconcile import Trigger
from bridge.ingest.port import Event, Polled, PollFailed
from bridge.store import channel_switches, inbox, polls
from bridge.store.database import Store
from bridge.store.leases import LeaseLost
from bridge.store.models import PollRow
from tests.unit.flow.desk import Watch

PAUSE, LEASE = timedelta(seconds=30), timedelta(seconds=90)
BACKOFF = Backoff(timedelta(seconds=2), timedelta(minutes=5))


def event(number: int) -> Event:
    return Event(f"e{number}", "comment_new", b"{}")


@dataclass
class Page:
    """A page with numbered comments, read two at a time."""

    comments: int = 0
    failures: list[Exception] = field(default_factory=list)
    meanwhile: list[Any] = field(default_factory=list)
    looked: threading.Event = field(default_factory=threading.Event)
    lost: bool = False

    name = "feed"
    pause = PAUSE

    def poll(self, state: Mapping[str, Any]) -> Polled:
        self.looked.set()
        if self.failures:
            raise self.failures.pop(0)
        for happens in self.meanwhile:
            happens()
        seen = state.get("seen", 0)
        last = min(seen + 2, self.comments)
        events = tuple(event(number) for number in range(seen + 1, last + 1))
        return Polled(events, {"seen": last}, more=last < self.comments, lost=self.lost)


@dataclass
class Told:
    """Hints that were given."""

    ids: list[int] = field(default_factory=list)

    def event(self, event_id: int) -> None:
        self.ids.append(event_id)

    def events(self, event_ids: Sequence[int]) -> None:
        self.ids.extend(event_ids)

    def has_events(self) -> bool:
        return bool(self.ids)

    def ticket(self, ticket_id: int, trigger: Trigger) -> None:
        raise AssertionError((ticket_id, trigger))

    def ticket_at(self, ticket_id: int, at: object) -> None:
        raise AssertionError((ticket_id, at))


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def page() -> Page:
    return Page()


@pytest.fixture
def polling(store: Store, page: Page, watch: Watch) -> Polling:
    return Polling(store, Told(), "ok-head", page, BACKOFF, LEASE, watch, owner="here")


def another(polling: Polling) -> Polling:
    """The same poll in another process."""
    return Polling(
        polling.store, Told(), "ok-head", polling.poller, BACKOFF, LEASE, polling.now, "elsewhere"
    )


def row(store: Store) -> PollRow:
    with store.reading() as session:
        (found,) = polls.of_channel(session, "ok-head")
    return found


def waiting(polling: Polling) -> int:
    with polling.store.reading() as session:
        later = polling.now() + timedelta(days=1)
        return len(inbox.waiting(session, later, 100))


def test_a_page_that_has_more_is_read_on_without_a_rest(polling: Polling, page: Page) -> None:
    page.comments = 3
    assert polling.look() == timedelta(0)
    assert polling.look() == PAUSE
    assert waiting(polling) == 3
    assert polling.hints.has_events()


@pytest.mark.scenario(13)
def test_a_look_that_brings_known_events_again_brings_nothing_new(
    polling: Polling, page: Page
) -> None:
    page.comments = 2
    polling.look()
    with polling.store.writing() as session:
        polls.keep(session, polling.key, "here", {}, polling.now())
    polling.look()
    assert waiting(polling) == 2


def test_a_failed_look_keeps_its_place_and_waits_longer_each_time(
    polling: Polling, page: Page, store: Store
) -> None:
    page.comments = 4
    polling.look()
    page.failures = [PollFailed("timeout", "Сеть не отвечает.") for _ in range(2)]
    assert [polling.look(), polling.look()] == [timedelta(seconds=2), timedelta(seconds=4)]
    assert (row(store).state, row(store).meaning) == ({"seen": 2}, "Сеть не отвечает.")
    polling.look()
    assert (row(store).state, row(store).failures) == ({"seen": 4}, 0)


def test_a_refused_key_is_asked_again_rarely(polling: Polling, page: Page) -> None:
    page.failures = [PollFailed("102", "Ключ истёк.", down=True)]
    assert polling.look() == BACKOFF.longest


def test_only_one_of_two_processes_looks(polling: Polling, page: Page, watch: Watch) -> None:
    page.comments = 2
    polling.look()
    page.looked.clear()
    assert another(polling).look() == LEASE / 2
    assert not page.looked.is_set()
    watch.wait(seconds=91)
    assert another(polling).look() == PAUSE


def test_a_process_that_ends_lets_the_other_look_at_once(polling: Polling) -> None:
    polling.look()
    polling.leave()
    assert another(polling).look() == PAUSE


def test_whoever_was_taken_over_during_a_look_keeps_nothing_of_it(
    polling: Polling, page: Page, watch: Watch
) -> None:
    page.comments = 1

    def taken_over() -> None:
        page.meanwhile.clear()
        watch.wait(seconds=91)
        page.comments = 0
        another(polling).look()
        page.comments = 1

    page.meanwhile.append(taken_over)
    with pytest.raises(LeaseLost):
        polling.look()
    assert waiting(polling) == 0


@pytest.mark.scenario(14)
def test_a_way_that_lost_events_has_the_channels_other_ways_look_at_once(
    polling: Polling, page: Page, store: Store
) -> None:
    lossy = Page(lost=True)
    other = Polling(store, Told(), "ok-chat", lossy, BACKOFF, LEASE, polling.now, bell=polling.bell)
    stop = threading.Event()
    thread = threading.Thread(target=keep_looking, args=(polling, stop))
    thread.start()
    assert page.looked.wait(10)
    page.looked.clear()
    other.look()
    assert page.looked.wait(10)
    stop.set()
    polling.bell.ring()
    thread.join(10)


def test_the_loop_outlives_a_poller_that_breaks_and_ends_when_told(
    polling: Polling, page: Page, store: Store
) -> None:
    page.failures = [ZeroDivisionError()]
    stop = threading.Event()
    thread = threading.Thread(target=keep_looking, args=(polling, stop))
    thread.start()
    assert page.looked.wait(10)
    stop.set()
    polling.bell.ring()
    thread.join(10)
    assert not thread.is_alive()
    assert row(store).lease_owner is None


def test_a_channel_that_is_switched_off_is_not_asked_until_it_is_on(
    polling: Polling, page: Page
) -> None:
    page.comments = 2
    with polling.store.writing() as session:
        channel_switches.switch_off(session, "ok-head", "ivanov", "Меняем ключи.", polling.now())
    assert polling.look() == PAUSE
    assert not page.looked.is_set()
    with polling.store.writing() as session:
        channel_switches.switch_on(session, "ok-head")
    polling.look()
    assert waiting(polling) == 2
