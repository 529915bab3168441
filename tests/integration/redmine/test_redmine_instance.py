"""Starting and stopping a Redmine of one's own, also after crashes."""

import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests

from sandbox.redmine import RedmineError, RedmineInstance, prepare
from sandbox.redmine_staff import RedmineDesk, read_layout

NOBODY = "http://127.0.0.1:9/hooks/redmine"
"""A port where nothing listens."""


@pytest.fixture
def instance(tmp_path: Path, free_port: Callable[[], int]) -> Iterator[RedmineInstance]:
    prepare()
    instance = RedmineInstance(tmp_path / "redmine", free_port())
    yield instance
    instance.kill()


def test_data_and_keys_outlive_a_crash(instance: RedmineInstance) -> None:
    access = instance.start(NOBODY)
    robot = RedmineDesk(access.url, access.robot_key, read_layout(access))
    ticket = robot.open_ticket("Сообщение", "new")
    instance.kill()
    assert instance.start(NOBODY) == access
    assert robot.read(ticket).subject == "Сообщение"


def test_a_folder_that_was_never_finished_is_made_anew(instance: RedmineInstance) -> None:
    instance.folder.mkdir()
    for half_done in ("redmine.db", "redmine.db-wal"):
        (instance.folder / half_done).write_bytes(b"half a copy")
    instance.create()
    with closing(sqlite3.connect(instance.folder / "redmine.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_bridge_that_is_down_costs_no_time_and_leaves_a_line_in_the_log(
    instance: RedmineInstance,
) -> None:
    access = instance.start(NOBODY)
    robot = RedmineDesk(access.url, access.robot_key, read_layout(access))
    ticket = robot.open_ticket("Сообщение", "new")
    began = time.monotonic()
    assert robot.update(ticket, notes="Заметка").ok
    assert time.monotonic() - began < 2.0
    instance.stop()
    log = (instance.folder / "log" / "production.log").read_text(encoding="utf-8")
    assert "bridge: webhook failed: Errno::ECONNREFUSED" in log
    assert access.webhook_secret not in log


def test_a_server_left_behind_by_a_killed_session_is_replaced(instance: RedmineInstance) -> None:
    port = instance.url.rpartition(":")[2]
    session = (
        "import os, signal; from pathlib import Path; from sandbox.redmine import RedmineInstance;"
        f"RedmineInstance(Path({str(instance.folder)!r}), {port}).start({NOBODY!r});"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", session], check=False)
    assert killed.returncode == -signal.SIGKILL
    left_behind = int((instance.folder / "server.pid").read_text().split()[0])
    access = instance.start(NOBODY)
    assert requests.get(access.url, timeout=30).ok
    assert not is_running(left_behind)


def test_a_port_that_somebody_else_uses_is_named(instance: RedmineInstance) -> None:
    port = int(instance.url.rpartition(":")[2])
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(RedmineError, match=f"port {port} .*choose another port"):
            instance.start(NOBODY)


def test_redmine_that_cannot_start_says_why(instance: RedmineInstance) -> None:
    instance.create()
    (instance.folder / "redmine.db").write_bytes(b"this is no database")
    with pytest.raises(RedmineError, match=r"Redmine (ended|does not answer)"):
        instance.start(NOBODY, timeout=5)


def is_running(pid: int) -> bool:
    """Whether the process does anything: one that ended and that nobody asked about does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
