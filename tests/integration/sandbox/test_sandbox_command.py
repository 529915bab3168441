"""`python -m sandbox` as somebody starts it by hand."""

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[3]


def start(*options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "sandbox", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def address_of(network: str, process: subprocess.Popen[str]) -> str:
    """Where a network listens, as the process says; its communities are listed in between."""
    for line in process.stdout:
        if line.startswith(f"{network}: "):
            return re.search(r"http://127\.0\.0\.1:\d+", line)[0]
    raise AssertionError(f"{network} is not said")


def test_it_says_where_it_listens_and_stops_on_a_signal() -> None:
    with start("--port", "0", "--ok-port", "0") as process:
        for network in ("VK", "OK"):
            address = address_of(network, process)
            assert requests.get(address, timeout=5).status_code == 200
        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=10) == 0


def test_a_taken_port_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with start("--port", str(port)) as process:
            _, complaint = process.communicate(timeout=10)

    assert process.returncode == 1
    assert f"Port {port} is in use" in complaint
