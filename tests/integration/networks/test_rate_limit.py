"""Workers that share a Redis share what a network allows their token."""

import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from bridge.networks.rate_limit import Allowance, RateLimiter
from bridge.process_group import await_redis, embedded_redis

TOKEN = Allowance(SecretStr("community"), 20)
USER = Allowance(SecretStr("user"), 3)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    server = subprocess.Popen(embedded_redis(tmp_path), stdout=subprocess.DEVNULL)
    await_redis(tmp_path / "redis.sock")
    yield server
    server.terminate()
    server.wait(15)


def test_two_workers_together_stay_within_the_tokens_pace(
    redis: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    assert redis.poll() is None
    workers = [RateLimiter(f"unix://{tmp_path / 'redis.sock'}") for _ in range(2)]

    def calls(worker: RateLimiter) -> list[float]:
        times = []
        for _ in range(25):
            worker.wait(TOKEN)
            times.append(time.monotonic())
        return times

    with ThreadPoolExecutor(2) as pool:
        times = sorted(at for each in pool.map(calls, workers) for at in each)
    # Of any 21 calls in a row the last is a second after the first.
    assert all(later - first > 0.9 for first, later in zip(times, times[20:], strict=False))


def test_tokens_are_counted_apart(redis: subprocess.Popen[bytes], tmp_path: Path) -> None:
    assert redis.poll() is None
    limiter = RateLimiter(f"unix://{tmp_path / 'redis.sock'}")
    began = time.monotonic()
    for _ in range(3):
        limiter.wait(USER)
        limiter.wait(TOKEN)
    assert time.monotonic() - began < 0.9


def test_a_call_that_has_waited_long_enough_goes_out(
    redis: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    assert redis.poll() is None
    limiter = RateLimiter(f"unix://{tmp_path / 'redis.sock'}", longest_wait=0.2)
    began = time.monotonic()
    for _ in range(4):
        limiter.wait(USER)
    assert 0.2 <= time.monotonic() - began < 0.9


def test_without_redis_each_worker_keeps_the_pace_for_itself(tmp_path: Path) -> None:
    limiter = RateLimiter(f"unix://{tmp_path / 'nobody.sock'}")
    began = time.monotonic()
    for _ in range(4):
        limiter.wait(USER)
    assert time.monotonic() - began > 0.9
