"""A worker that is killed at its n-th step: before or after a call outside, or a commit.

Reads lines `NUMBER SECONDS` on standard input: the step at which to die (0: never), and how far
the clock is put forward. For each it forks a worker that sweeps and does what it finds, and says
`killed STEP` or `done`.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bridge.bootstrap import assemble, open_router
from bridge.commands.working import CollectedHints, work_off
from bridge.helpdesk.redmine import RedmineHelpdesk
from bridge.ingest.vk_authors import VkAuthors
from bridge.log_lines import configure_logging
from bridge.office import Office
from bridge.publish.vk import VkPublisher
from bridge.settings import Settings, load_settings
from bridge.store.database import Store

CALLS: tuple[tuple[type[Any], str], ...] = (
    (RedmineHelpdesk, "read"),
    (RedmineHelpdesk, "find"),
    (RedmineHelpdesk, "create"),
    (RedmineHelpdesk, "update"),
    (RedmineHelpdesk, "changed_since"),
    (VkAuthors, "find"),
    (VkPublisher, "place"),
    (VkPublisher, "find"),
)


class Fate:
    """Counts steps, and ends the process at one of them as a power cut would."""

    def __init__(self, fatal_step: int, told: int) -> None:
        self._fatal_step = fatal_step
        self._told = told
        self._step = 0

    def reach(self, name: str) -> None:
        self._step += 1
        if self._step == self._fatal_step:
            os.write(self._told, f"killed {name}\n".encode())
            os.kill(os.getpid(), signal.SIGKILL)


def doom(fate: Fate) -> None:
    """Put steps around every call outside and every commit."""
    for owner, name in CALLS:
        setattr(owner, name, _surrounded(getattr(owner, name), f"{owner.__name__}.{name}", fate))
    Store.writing = _surrounded_writing(Store.writing, fate)  # type: ignore[method-assign]


def _surrounded(call: Callable[..., Any], name: str, fate: Fate) -> Callable[..., Any]:
    def surrounded(*arguments: Any, **named: Any) -> Any:
        fate.reach(f"before {name}")
        result = call(*arguments, **named)
        fate.reach(f"after {name}")
        return result

    return surrounded


def _surrounded_writing(writing: Any, fate: Fate) -> Any:
    @contextmanager
    def surrounded(store: Store) -> Iterator[Session]:
        with writing(store) as session:
            yield session
            fate.reach("before commit")
        fate.reach("after commit")

    return surrounded


def live(settings: Settings, office: Office, fatal_step: int, seconds: float, told: int) -> None:
    """One worker's life."""
    doom(Fate(fatal_step, told))
    hints = CollectedHints()
    offset = timedelta(seconds=seconds)
    parts = assemble(settings, office, hints, lambda: datetime.now(UTC) + offset)
    parts.sweep.run()
    work_off(hints, parts)
    os.write(told, b"done\n")


def main() -> None:
    configure_logging("INFO")
    settings = load_settings()
    office = Office.load(settings.config)
    # Loaded once: every worker is a fork of this process.
    open_router(settings, office).route("")
    office.moderator.check("")
    for line in sys.stdin:
        fatal_step, seconds = line.split()
        child = os.fork()
        if not child:
            code = 1
            try:
                live(settings, office, int(fatal_step), float(seconds), sys.stdout.fileno())
                code = 0
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status):
            os.write(sys.stdout.fileno(), b"failed\n")


if __name__ == "__main__":
    main()
