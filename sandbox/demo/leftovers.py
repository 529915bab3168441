"""One demonstration at a time in a folder, and nothing left of one that was killed."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from sandbox.demo.failure import DemoFailed

_MARK = "BRIDGE_DEMO"
"""In the environment of every process that a demonstration starts: its folder."""
_LOCK = "demo.lock"
_PATIENCE_SECONDS = 20.0


@contextmanager
def sole_demo(folder: Path) -> Iterator[None]:
    """Keep the folder for this process; what an earlier demonstration left running is stopped.

    Whatever this process starts meanwhile is stopped at the end if it still runs then. Raises
    `DemoFailed` when another demonstration is at work in the folder, or when the folder holds
    something else: a demonstration empties its folder.
    """
    _require_ours(folder)
    with (folder / _LOCK).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise DemoFailed(
                f"Another demonstration runs in {folder} (process {lock.read().strip()}): "
                "stop it with Ctrl-C first"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        end_marked(folder)
        os.environ[_MARK] = str(folder)
        try:
            yield
        finally:
            end_marked(folder)


def _require_ours(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()) and not (folder / _LOCK).exists():
        raise DemoFailed(
            f"{folder} is not empty and is no folder of a demonstration, which would delete what "
            "is there: give --folder an empty folder, or a new one"
        )


def end_marked(folder: Path) -> None:
    """Stop every other process that a demonstration in this folder started, kindly at first."""
    marked = [process for process in psutil.process_iter() if _is_marked(process, str(folder))]
    for process in marked:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    _gone, alive = psutil.wait_procs(marked, timeout=_PATIENCE_SECONDS)
    for process in alive:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=_PATIENCE_SECONDS)


def _is_marked(process: psutil.Process, folder: str) -> bool:
    try:
        return bool(process.pid != os.getpid() and process.environ().get(_MARK) == folder)
    except psutil.Error:  # gone meanwhile, or somebody else's
        return False
