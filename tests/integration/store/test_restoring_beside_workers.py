"""A store is not restored under the feet of workers that Redis knows of."""

import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from redis import Redis
from rq import Queue, Worker

from bridge.cli import main
from bridge.flow.queue import TICKETS
from bridge.process_group import await_redis, embedded_redis
from bridge.store.database import Store
from bridge.store.schema import upgrade


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    server = subprocess.Popen(embedded_redis(tmp_path), stdout=subprocess.DEVNULL)
    try:
        await_redis(tmp_path / "redis.sock")
        with Redis(unix_socket_path=str(tmp_path / "redis.sock")) as redis:
            yield redis
    finally:
        server.terminate()
        server.wait()


def test_workers_are_to_be_stopped_first_unless_they_are_known_to_be_dead(
    redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIDGE_STORE_URL", f"sqlite:///{tmp_path / 'bridge.db'}")
    monkeypatch.setenv("BRIDGE_DATA", str(tmp_path))
    monkeypatch.setenv("BRIDGE_REDIS_URL", f"unix://{tmp_path / 'redis.sock'}")
    with closing(Store(f"sqlite:///{tmp_path / 'bridge.db'}")) as store:
        upgrade(store.engine)
    archive = str(tmp_path / "a.zip")
    run = CliRunner().invoke
    assert run(main, ["backup", archive]).exit_code == 0
    assert run(main, ["restore", archive]).exit_code == 0

    worker = Worker([Queue(TICKETS, connection=redis)], connection=redis)
    worker.register_birth()
    refused = run(main, ["restore", "--replace", archive])
    assert refused.exit_code == 1
    assert "мост работает (обработчиков: 1)" in refused.output
    assert run(main, ["restore", "--replace", "--despite-workers", archive]).exit_code == 0

    worker.register_death()
    assert run(main, ["restore", "--replace", archive]).exit_code == 0
