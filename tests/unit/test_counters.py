"""What several processes count is told as one, and nothing of it is lost when they end."""

import os
import subprocess
import sys
from pathlib import Path

from prometheus_client import CollectorRegistry

from bridge.counters import SharedCounters, add_up_ended
from bridge.settings import PROJECT

COUNTING = """
import sys
from pathlib import Path
from bridge.bootstrap import count_calls, share_counters
from bridge.calls import Calls
from bridge.settings import Settings
share_counters(Settings(data=Path(sys.argv[1])))
count_calls().callback("vk", "stored")
with Calls("vk", lambda _: None, monotonic=iter((0.0, 0.3)).__next__).to("wall.get"):
    pass
print("counted", flush=True)
sys.stdin.read()
"""


def start(data: Path) -> subprocess.Popen[str]:
    """A process that counts a callback and a call, and then waits."""
    process = subprocess.Popen(
        [sys.executable, "-c", COUNTING, str(data)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
    )
    assert process.stdout
    assert process.stdout.readline() == "counted\n"
    return process


def told(data: Path) -> dict[str, float | None]:
    registry = CollectorRegistry()
    registry.register(SharedCounters(data / "metrics"))
    call = {"service": "vk", "operation": "wall.get", "outcome": "ok"}
    value = registry.get_sample_value
    return {
        "callbacks": value("bridge_callbacks_total", {"channel": "vk", "outcome": "stored"}),
        "calls": value("bridge_external_call_seconds_count", call),
        "quick": value("bridge_external_call_seconds_bucket", call | {"le": "0.25"}),
        "slower": value("bridge_external_call_seconds_bucket", call | {"le": "0.5"}),
    }


def test_counts_of_all_processes_are_told_together_and_outlive_them(tmp_path: Path) -> None:
    processes = [start(tmp_path), start(tmp_path)]
    while_they_live = told(tmp_path)
    for process in processes:
        process.communicate()
    add_up_ended(tmp_path / "metrics")
    another = start(tmp_path)
    after = told(tmp_path)
    another.communicate()

    assert while_they_live == {"callbacks": 2, "calls": 2, "quick": 0, "slower": 2}
    assert after == {"callbacks": 3, "calls": 3, "quick": 0, "slower": 3}
    numbers = {file.stem.rpartition("_")[2] for file in (tmp_path / "metrics").glob("*.db")}
    assert numbers == {"ended", str(another.pid)}


def test_damaged_counters_cost_the_scrape_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "counter_1.db").write_bytes(b"\xff" * 64)

    assert list(SharedCounters(tmp_path).collect()) == []


def test_nothing_loads_prometheus_before_the_folder_is_known() -> None:
    loaded = "import sys, bridge.cli; sys.exit('prometheus_client' in sys.modules)"

    subprocess.run([sys.executable, "-c", loaded], cwd=PROJECT, check=True)
