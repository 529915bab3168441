"""`bridge up` as a process of the demonstration."""

import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import requests

from sandbox.demo.failure import DemoFailed
from sandbox.demo.waiting import NotYet, wait_for

_STARTS_SECONDS = 60.0
_STOPS_SECONDS = 25.0
_LAST_LINES = 15
_PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class BridgeProcess:
    """A running bridge: web, workers, schedule and queue."""

    url: str
    log: Path
    process: subprocess.Popen[bytes]

    def require_alive(self) -> None:
        """Raise `DemoFailed` with the end of its log when it has ended."""
        code = self.process.poll()
        if code is not None:
            raise DemoFailed(f"The bridge ended with {code}:\n{self.last_words()}")

    def last_words(self) -> str:
        """The end of its log, with the log's place."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join([f"The end of {self.log}:", *lines[-_LAST_LINES:]])

    def stop(self) -> None:
        """Let it end what it is doing; kill it when that takes too long."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(_STOPS_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def launch_bridge(url: str, environment: Mapping[str, str], log: Path) -> BridgeProcess:
    """Start `bridge up`; `await_ready` tells when it works."""
    # A killed demonstration must not leave its bridge behind. A session of its own: Ctrl-C is for
    # the demonstration, which stops things in order.
    dies_with_us = ["setpriv", "--pdeathsig", "TERM", "--"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*dies_with_us, sys.executable, "-m", "bridge", "up"],
            cwd=_PROJECT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return BridgeProcess(url, log, process)


def await_ready(bridge: BridgeProcess) -> None:
    """Return when store and queue answer. Raises `DemoFailed` when they do not in a minute."""

    def look() -> None:
        bridge.require_alive()
        answer = requests.get(f"{bridge.url}/readyz", timeout=5)
        if not (answer.ok and answer.json()["queue"]):
            raise NotYet(f"/readyz answers {answer.status_code}: {answer.text.strip()}")

    wait_for("The bridge is ready", look, _STARTS_SECONDS)
