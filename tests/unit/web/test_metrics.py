"""`/metrics` answers whatever is down, and costs little however often it is asked."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis

from bridge.store import database
from bridge.store.database import Store
from bridge.store.schema import upgrade
from bridge.web.metrics import Metrics
from bridge.web.queue_gauges import QueueGauges
from tests.store_contract.busy_store import fill
from tests.store_contract.rows import NOW, new_ticket


@dataclass
class Clock:
    """A clock that goes on when told."""

    instant: datetime = NOW

    def __call__(self) -> datetime:
        return self.instant


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def busy(store: Store) -> Store:
    fill(store)
    return store


@pytest.fixture
def no_redis(tmp_path: Path) -> Iterator[Redis]:
    with closing(Redis(unix_socket_path=str(tmp_path / "none.sock"))) as redis:
        yield redis


def scraped(metrics: Metrics) -> dict[tuple[str, tuple[str, ...]], float]:
    """Samples by name and the labels' values."""
    app = Flask("scraped")
    app.register_blueprint(metrics.routes())
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.get_data(as_text=True))
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def test_every_kind_of_trouble_is_a_figure(busy: Store, clock: Clock) -> None:
    seen = scraped(Metrics(busy, clock))

    assert seen["bridge_store_up", ()] == 1
    assert seen["bridge_tickets_needing_attention", ()] == 1
    assert seen["bridge_unplaced_answers", ("vk-head", "uncertain")] == 1
    assert seen["bridge_overdue_clocks", ("placement",)] == 1
    assert seen["bridge_channel_held", ("down", "down")] == 1
    assert seen["bridge_poll_failing_seconds", ("ok-head", "feed")] == 600
    assert seen["bridge_nightly_running_seconds", ()] == 900


def test_store_that_is_down_is_a_figure_and_no_failed_scrape(
    clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    with closing(Store(f"sqlite:///{tmp_path}/nowhere/bridge.db")) as store:
        metrics = Metrics(store, clock)
        metrics.webhook("stored")
        seen = scraped(metrics)

    assert seen["bridge_store_up", ()] == 0
    assert seen["bridge_webhooks_total", ("stored",)] == 1
    assert ("bridge_tickets", ("open",)) not in seen


def test_store_without_tables_is_not_up_until_it_has_them(clock: Clock, tmp_path: Path) -> None:
    with closing(Store(f"sqlite:///{tmp_path}/new.db")) as store:
        metrics = Metrics(store, clock)
        before = scraped(metrics)
        upgrade(store.engine)
        after = scraped(metrics)

    assert (before["bridge_store_up", ()], after["bridge_store_up", ()]) == (0, 1)


def test_redis_that_is_down_is_a_figure_and_no_failed_scrape(
    busy: Store, clock: Clock, no_redis: Redis
) -> None:
    seen = scraped(Metrics(busy, clock, QueueGauges(no_redis, clock)))

    assert seen["bridge_queue_up", ()] == 0
    assert seen["bridge_store_up", ()] == 1
    assert ("bridge_workers", ()) not in seen


def test_what_counts_all_there_ever_was_is_read_once_a_minute(store: Store, clock: Clock) -> None:
    metrics = Metrics(store, clock)
    scraped(metrics)
    new_ticket(store)

    clock.instant += timedelta(seconds=30)
    soon = scraped(metrics)
    clock.instant += timedelta(seconds=31)
    later = scraped(metrics)

    assert (soon["bridge_tickets", ("open",)], soon["bridge_inbox_events", ("received",)]) == (1, 0)
    assert later["bridge_inbox_events", ("received",)] == 1
