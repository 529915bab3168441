"""A machine that has workers only is asked by Prometheus, too."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from bridge.settings import PROJECT
from tests.ports import find_free_port

COUNTED = """
from bridge.bootstrap import count_calls, share_counters
from bridge.settings import load_settings
share_counters(load_settings())
count_calls().webhook("stored")
"""
PATIENCE = 60.0


def scraped(port: int) -> str:
    """What is told there, as soon as somebody listens."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return requests.get(f"http://127.0.0.1:{port}/metrics", timeout=10).text
        except requests.ConnectionError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return os.environ | {"BRIDGE_DATA": str(tmp_path), "PYTHONPATH": str(PROJECT)}


def test_command_tells_what_processes_of_the_machine_counted(environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, "-c", COUNTED], cwd=PROJECT, env=environment, check=True)
    port = find_free_port()
    command = [sys.executable, "-m", "bridge", "metrics", "--port", str(port)]
    exporter = subprocess.Popen(command, cwd=PROJECT, env=environment)
    try:
        text = scraped(port)
    finally:
        exporter.terminate()

    assert 'bridge_webhooks_total{outcome="stored"} 1.0' in text
    assert exporter.wait(PATIENCE) == 0
