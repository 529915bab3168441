"""Tells what happens, one line per step with its time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape

_PLAIN_WIDTH = 160
"""Of lines that go to a file or a pipe."""


def make_console() -> Console:
    """A console with colours on a terminal, and plain long lines elsewhere."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_PLAIN_WIDTH)


@dataclass
class Step:
    """A step under way. `outcome` is told when it is done."""

    outcome: str = ""


class Narrator:
    """Tells steps. Times are seconds since `restart`, and in brackets how long the step took."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.restart()

    def restart(self) -> None:
        """Count from now on."""
        self._began = time.monotonic()

    def heading(self, text: str) -> None:
        """A line above the steps to come."""
        self._console.print(f"\n[bold]{escape(text)}[/bold]")

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Tell of the block as of one step, when it is done or when it failed."""
        began = time.monotonic()
        step = Step()
        try:
            with self._console.status(escape(title)):
                yield step
        except BaseException:
            self._tell("[red]✗[/red]", title, began)
            raise
        self._tell("[green]✓[/green]", f"{title}: {step.outcome}" if step.outcome else title, began)

    def _tell(self, sign: str, text: str, began: float) -> None:
        now = time.monotonic()
        times = f"{now - self._began:6.2f} s (+{now - began:.2f})"
        self._console.print(f"{sign} {times:<19} {escape(text)}", soft_wrap=True)
