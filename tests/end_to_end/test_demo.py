"""`scripts/demo` as a newcomer meets it."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import requests

from sandbox.redmine import RedmineInstance, prepare
from tests.ports import find_free_port

PROJECT = Path(__file__).parents[2]
SECOND_START_SECONDS = 40.0
PATIENCE_SECONDS = 60.0
STEPS = (
    "comments in VK",
    "acknowledges VK's callback",
    "A ticket stands in Redmine",
    "answers and submits",
    "sends it back",
    "resubmits",
    "approves",
    "answer stands under the citizen's comment",
    "The ticket is «Размещено»",
    "Every clock has its verdict",
)


@dataclass(frozen=True)
class Demo:
    """One folder and its ports; the demonstration is started in another working directory."""

    folder: Path
    cwd: Path
    ports: tuple[int, int, int]

    def command(self, *arguments: str) -> list[str]:
        """The command line with this folder and these ports."""
        redmine, vk, bridge = (str(port) for port in self.ports)
        ports = ["--redmine-port", redmine, "--vk-port", vk, "--bridge-port", bridge]
        return [str(PROJECT / "scripts" / "demo"), "--folder", str(self.folder), *ports, *arguments]

    def play_once(
        self, *arguments: str, environment: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        return subprocess.run(
            self.command("--once", *arguments),
            cwd=self.cwd,
            env=os.environ | (environment or {}),
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS * 2,
            check=False,
        )


class RunningDemo:
    """A demonstration that stays until it is stopped. It leads a process group, as in a shell."""

    def __init__(self, demo: Demo) -> None:
        self._output = demo.cwd / "output.txt"
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                demo.command(),
                cwd=demo.cwd,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def output(self) -> str:
        """What it has printed so far."""
        return self._output.read_text(encoding="utf-8")

    def await_text(self, text: str) -> None:
        """Return when it has printed `text`."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while text not in self.output():
            assert self.process.poll() is None, self.output()
            assert time.monotonic() < deadline, self.output()
            time.sleep(0.1)

    def family(self) -> list[psutil.Process]:
        """It and everything that it started."""
        leader = psutil.Process(self.process.pid)
        return [leader, *leader.children(recursive=True)]

    def kill(self) -> None:
        """As the kernel would for want of memory."""
        self.process.kill()
        self.process.wait()

    def interrupt(self) -> int:
        """Ctrl-C: the terminal tells the whole foreground group. Returns the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(PATIENCE_SECONDS)


@pytest.fixture
def demo(tmp_path: Path) -> Demo:
    """A demonstration with a folder and ports of its own."""
    cwd = tmp_path / "elsewhere"
    cwd.mkdir()
    return Demo(tmp_path / "demo", cwd, (find_free_port(), find_free_port(), find_free_port()))


@pytest.fixture
def start(demo: Demo) -> Iterator[Callable[[], RunningDemo]]:
    """Starts demonstrations that are stopped after the test at the latest."""
    started: list[RunningDemo] = []

    def start_one() -> RunningDemo:
        started.append(RunningDemo(demo))
        return started[-1]

    yield start_one
    for running in started:
        if running.process.poll() is None:
            running.interrupt()


def told_steps(output: str) -> list[str]:
    """The lines of steps that were seen, each with its time."""
    return re.findall(r"^✓ +\d+\.\d\d s \(\+\d+\.\d\d\) +(.+)$", output, re.MULTILINE)


def seen_all(output: str) -> bool:
    """Whether every step of the main job is told of, in order."""
    lines = iter(told_steps(output))
    return all(any(step in line for line in lines) for step in STEPS)


def test_plays_the_main_job_to_its_end_within_forty_seconds(demo: Demo) -> None:
    prepare()
    began = time.monotonic()
    done = demo.play_once()
    took = time.monotonic() - began
    assert done.returncode == 0, done.stdout + done.stderr
    assert seen_all(done.stdout), done.stdout
    assert done.stdout.count("in time") == 5
    assert took < SECOND_START_SECONDS


def test_a_taken_port_is_named_with_its_owner_and_the_option_that_helps(demo: Demo) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", demo.ports[1]))
        taken.listen()
        done = demo.play_once()
    assert done.returncode == 1
    message = next(line for line in done.stderr.splitlines() if str(demo.ports[1]) in line)
    assert f"(process {os.getpid()})" in message
    assert "--vk-port" in message
    assert "Starting" not in done.stdout


def test_a_folder_with_something_else_is_left_alone(demo: Demo) -> None:
    precious = demo.folder / "config" / "channels.yaml"
    precious.parent.mkdir(parents=True)
    precious.write_text("mine")
    done = demo.play_once()
    assert done.returncode == 1
    assert str(demo.folder) in done.stderr
    assert precious.read_text() == "mine"


def test_ctrl_c_stops_everything_that_was_started(
    demo: Demo, start: Callable[[], RunningDemo]
) -> None:
    running = start()
    running.await_text("Ctrl-C stops everything")
    redmine, vk, bridge = demo.ports
    assert requests.get(f"http://127.0.0.1:{vk}/wall-1001", timeout=10).ok
    assert requests.get(f"http://127.0.0.1:{bridge}/readyz", timeout=10).ok
    logins = re.findall(r"log-in (\S+), password (\S+)", running.output())
    assert len(logins) == 2
    for login in logins:
        mine = f"http://127.0.0.1:{redmine}/users/current.json"
        assert requests.get(mine, auth=login, timeout=10).ok

    family = running.family()
    assert running.interrupt() == 0
    assert [process for process in family if process.is_running()] == []


def test_starts_after_it_was_killed(demo: Demo, start: Callable[[], RunningDemo]) -> None:
    running = start()
    running.await_text("acknowledges VK's callback")
    family = running.family()
    running.kill()
    done = demo.play_once()
    assert done.returncode == 0, done.stdout + done.stderr
    assert [process for process in family if process.is_running()] == []


def test_a_second_one_in_the_same_folder_is_refused(
    demo: Demo, start: Callable[[], RunningDemo]
) -> None:
    running = start()
    running.await_text("Starting")
    done = demo.play_once()
    assert done.returncode == 1
    assert f"process {running.process.pid}" in done.stderr


def test_plays_again_and_again_in_a_redmine_that_is_there_already(
    demo: Demo, tmp_path: Path
) -> None:
    redmine_port, _, bridge_port = demo.ports
    prepare()
    instance = RedmineInstance(tmp_path / "redmine", redmine_port)
    access = instance.start(f"http://127.0.0.1:{bridge_port}/hooks/redmine")
    secrets = {
        "BRIDGE_REDMINE_KEY": access.robot_key,
        "BRIDGE_REDMINE_WEBHOOK_SECRET": access.webhook_secret,
    }
    try:
        arguments = ["--redmine-url", access.url, "--redmine-key", access.admin_key]
        first = demo.play_once(*arguments, environment=secrets)
        # This Redmine has now seen the ids of the first one's comments.
        second = demo.play_once(*arguments, environment=secrets)
        locked = requests.get(
            f"{access.url}/users.json?status=3",
            headers={"X-Redmine-API-Key": access.admin_key},
            timeout=10,
        ).json()
    finally:
        instance.stop()
    assert first.returncode == 0, first.stdout + first.stderr
    assert seen_all(first.stdout), first.stdout
    assert second.returncode == 0, second.stdout + second.stderr
    assert {user["login"].split("-")[0] for user in locked["users"]} == {"kuratorova", "dorogin"}
    assert locked["total_count"] == 4
