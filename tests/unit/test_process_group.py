"""Processes that run as one: in what order they stop, what a hangup does."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bridge.process_group import ProcessGroup
from bridge.reloading import postpone_reload
from tests.town import eventually

HANDLED = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
PROCESS = """
import pathlib, signal, sys, time
name, told = sys.argv[1], pathlib.Path(sys.argv[2])
def tell(what):
    with told.open("a") as file:
        file.write(f"{name} {what}\\n")
def stop(*_):
    time.sleep(0.2)
    tell("stopped")
    sys.exit()
signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGHUP, lambda *_: tell("reloads"))
signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})
tell("began")
while True:
    time.sleep(60)
"""


def command(name: str, told: Path) -> list[str]:
    return [sys.executable, "-c", PROCESS, name, str(told)]


def lines(told: Path, what: str) -> list[str]:
    text = told.read_text() if told.exists() else ""
    return [line.split()[0] for line in text.splitlines() if line.endswith(f" {what}")]


@pytest.fixture
def told(tmp_path: Path) -> Path:
    return tmp_path / "told"


@pytest.fixture
def group(told: Path) -> Iterator[ProcessGroup]:
    """All began, and a hangup that comes before the group runs waits for it."""
    handlers = {number: signal.getsignal(number) for number in HANDLED}
    postpone_reload()
    group = ProcessGroup(patience=timedelta(seconds=15))
    group.add_base("redis", command("redis", told))
    group.add({"web": command("web", told)})
    group.add({name: command(name, told) for name in ("poll", "schedule")})
    group.add({"worker": command("worker", told)})
    eventually(lambda: len(lines(told, "began")) == 5, "all processes began", 60)
    yield group
    for number, handler in handlers.items():
        signal.signal(number, handler)


def run_until_reloaded(group: ProcessGroup, told: Path) -> None:
    """Hang up, and stop the group when it has been passed on."""

    def stop() -> None:
        eventually(lambda: len(lines(told, "reloads")) >= 4, "all reload")
        os.kill(os.getpid(), signal.SIGTERM)

    stopping = threading.Thread(target=stop)
    stopping.start()
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGHUP)
    group.run()
    stopping.join()


def test_a_hangup_is_passed_on_to_all_but_the_base(group: ProcessGroup, told: Path) -> None:
    run_until_reloaded(group, told)

    assert sorted(lines(told, "reloads")) == ["poll", "schedule", "web", "worker"]


def test_processes_stop_in_the_order_in_which_they_were_added_and_the_base_last(
    group: ProcessGroup, told: Path
) -> None:
    run_until_reloaded(group, told)

    web, *between, worker, redis = lines(told, "stopped")
    assert web == "web"
    assert sorted(between) == ["poll", "schedule"]
    assert [worker, redis] == ["worker", "redis"]
