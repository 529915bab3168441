"""SIGHUP means new files, unless it says that one's terminal is gone."""

import os
import pty
import signal
import subprocess
import sys
from contextlib import suppress

from bridge.settings import PROJECT

HEEDS = """
import signal
from bridge.reloading import heed_hangup
heed_hangup(lambda: print("reloads", flush=True))
print("ready", flush=True)
while True:
    signal.pause()
"""


def test_hangup_of_a_process_without_a_terminal_is_heeded() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HEEDS],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGHUP)
        assert process.stdout.readline() == "reloads\n"
        process.terminate()


def test_process_stops_when_the_terminal_it_was_started_in_is_gone() -> None:
    child, terminal = pty.fork()
    if not child:
        with suppress(OSError):
            os.chdir(PROJECT)
            os.execv(sys.executable, [sys.executable, "-c", HEEDS])  # noqa: S606 - our own
        os._exit(1)
    said = b""
    while b"ready" not in said:
        said += os.read(terminal, 100)
    os.close(terminal)
    _, status = os.waitpid(child, 0)

    assert os.WTERMSIG(status) == signal.SIGTERM
