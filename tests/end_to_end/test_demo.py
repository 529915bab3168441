"""`scripts/demo` as a newcomer meets it."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest
import requests

from sandbox.redmine import RedmineInstance, prepare
from tests.ports import find_free_port

PROJECT = Path(__file__).parents[2]
MAIN_JOB_SECONDS = 40.0
"""With the start of everything, once Redmine is prepared."""
EVERY_SYSTEM_SECONDS = 45.0
PATIENCE_SECONDS = 120.0
LOGINS = {"kuratorova", "dorogin", "avtobusov", "domova", "shkolina"}
MAIN_JOB = (
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
ACTS = {
    "VK and Incident": (
        "writes",
        "The ticket stands",
        "Incident registers it, too",
        "came again, as an incident",
        "approves",
        "under the comment in VK",
        "«Размещено»",
        "in Incident, with the link to VK",
        "one ticket, and one answer",
    ),
    "Three departments": (
        "writes",
        *("The ticket stands",) * 3,
        "holds the whole",
        "needs more time",
        "approves the interim answer",
        "under the comment for the time being",
        *("answers and submits",) * 3,
        "approves all three",
        "one for all three",
        "«Размещено»",
    ),
    "VK, message, photo": (
        "writes",
        "The ticket stands",
        "«Требуются фотоматериалы»",
        "clause 3.4",
        "answers and submits",
        "approves",
        "in the private dialog in VK",
        "The photo is shown with it",
        "«Размещено»",
    ),
    "OK, comment": ("writes", "The ticket stands", "under the comment in OK", "«Размещено»"),
    "OK, message": ("writes", "The ticket stands", "in the private chat in OK", "«Размещено»"),
    "Incident, file": (
        "A card is registered",
        "The ticket stands",
        "on the card in Incident, taken from the file",
        "«Размещено»",
    ),
    "MSS, HTTP": (
        "A card is registered",
        "The ticket stands",
        "on the card in MSS",
        "«Размещено»",
    ),
    "Obscene": (
        "writes",
        "Flagged for the curator",
        "«Не подлежит ответу»",
        "No answer is placed",
    ),
}
"""The steps of each act, which are told among those of the others."""


class Ports(NamedTuple):
    """Where everything listens."""

    redmine: int
    vk: int
    ok: int
    exchange: int
    bridge: int
    admin: int

    def options(self) -> list[str]:
        """The same for the command line."""
        named = self._asdict().items()
        return [word for name, port in named for word in (f"--{name}-port", str(port))]


@dataclass(frozen=True)
class Demo:
    """One folder and its ports; the demonstration is started in another working directory."""

    folder: Path
    cwd: Path
    ports: Ports

    def command(self, *arguments: str) -> list[str]:
        """The command line with this folder and these ports."""
        folder = ["--folder", str(self.folder)]
        return [str(PROJECT / "scripts" / "demo"), *folder, *self.ports.options(), *arguments]

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
    return Demo(tmp_path / "demo", cwd, Ports(*(find_free_port() for _ in Ports._fields)))


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


def in_order(wanted: Sequence[str], lines: Iterable[str]) -> bool:
    """Whether each of the wanted stands in a line of its own, one after the other."""
    rest = iter(lines)
    return all(any(step in line for line in rest) for step in wanted)


def unseen(output: str) -> list[str]:
    """What of the main job and the acts is not told of, step by step."""
    told = told_steps(output)
    by_act = {title: [line for line in told if line.startswith(f"{title} · ")] for title in ACTS}
    acts = [title for title, steps in ACTS.items() if not in_order(steps, by_act[title])]
    return acts if in_order(MAIN_JOB, told) else ["The main job", *acts]


def seconds_of(output: str, heading: str) -> float:
    """How long the steps under a heading took."""
    part = output.split(f"\n{heading}\n✓", 1)[1].split("\n\n", 1)[0]
    return float(re.findall(r"^✓? +(\d+\.\d\d) s ", part, re.MULTILINE)[-1])


def test_plays_the_main_job_and_every_system_to_their_end_in_time(demo: Demo) -> None:
    prepare()
    done = demo.play_once()
    assert done.returncode == 0, done.stdout + done.stderr
    assert unseen(done.stdout) == [], done.stdout
    assert done.stdout.count("in time") == 5
    started = seconds_of(done.stdout, "Starting")
    assert started + seconds_of(done.stdout, "The main job") < MAIN_JOB_SECONDS
    assert seconds_of(done.stdout, "Every system") < EVERY_SYSTEM_SECONDS


def test_a_taken_port_is_named_with_its_owner_and_the_option_that_helps(demo: Demo) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", demo.ports.vk))
        taken.listen()
        done = demo.play_once()
    assert done.returncode == 1
    message = next(line for line in done.stderr.splitlines() if str(demo.ports.vk) in line)
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
    for port, page in (
        (demo.ports.vk, "wall-1001"),
        (demo.ports.ok, "group/53001001"),
        (demo.ports.exchange, "incident"),
        (demo.ports.bridge, "readyz"),
        (demo.ports.admin, "admin/login"),
    ):
        assert requests.get(f"http://127.0.0.1:{port}/{page}", timeout=10).ok
    logins = re.findall(r"log-in (\S+), password (\S+)", running.output())
    assert {login for login, _ in logins} == LOGINS | {"adminov"}
    for login in logins:
        mine = f"http://127.0.0.1:{demo.ports.redmine}/users/current.json"
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
    prepare()
    instance = RedmineInstance(tmp_path / "redmine", demo.ports.redmine)
    access = instance.start(f"http://127.0.0.1:{demo.ports.bridge}/hooks/redmine")
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
    assert unseen(first.stdout) == [], first.stdout
    assert second.returncode == 0, second.stdout + second.stderr
    assert unseen(second.stdout) == [], second.stdout
    assert {user["login"].split("-")[0] for user in locked["users"]} == LOGINS
    assert locked["total_count"] == 2 * len(LOGINS)
