"""One demonstration per folder, and nothing of it left running."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from sandbox.demo.failure import DemoFailed
from sandbox.demo.leftovers import end_marked, sole_demo


@pytest.fixture(autouse=True)
def _unmarked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIDGE_DEMO", "")


def long_sleep() -> subprocess.Popen[bytes]:
    """A process that says when it is there, and then stays."""
    code = "import time; print(flush=True); time.sleep(600)"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    process.stdout.close()
    return process


def test_a_second_demonstration_in_the_folder_is_refused_by_the_firsts_number(
    tmp_path: Path,
) -> None:
    with sole_demo(tmp_path), pytest.raises(DemoFailed, match=r"process \d+"), sole_demo(tmp_path):
        pass


def test_the_folder_is_free_again_afterwards(tmp_path: Path) -> None:
    for _ in range(2):
        with sole_demo(tmp_path):
            pass


def test_what_was_started_meanwhile_is_stopped_at_the_end(tmp_path: Path) -> None:
    with sole_demo(tmp_path):
        process = long_sleep()
    assert not psutil.pid_exists(process.pid)


def test_what_an_earlier_demonstration_left_is_stopped_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIDGE_DEMO", str(tmp_path))
    left = long_sleep()
    with sole_demo(tmp_path):
        assert not psutil.pid_exists(left.pid)


def test_another_folders_processes_are_left_alone(tmp_path: Path) -> None:
    with sole_demo(tmp_path / "one"):
        process = long_sleep()
        end_marked(tmp_path / "two")
        assert process.poll() is None


def test_a_folder_with_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "channels.yaml").write_text("mine")
    with pytest.raises(DemoFailed, match="is not empty"), sole_demo(tmp_path):
        pass
