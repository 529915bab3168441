"""What a person sees on standard error while the store's rows go by."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


@contextmanager
def watched_tables(label: str) -> Iterator[Callable[[str, int], None]]:
    """Hears the table's name with each row; where nobody watches (a timer) it says nothing."""
    progress = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=Console(file=sys.stderr),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    with progress:
        task = progress.add_task(label)
        rows = 0

        def told(table: str, more: int) -> None:
            nonlocal rows
            rows += more
            progress.update(task, description=f"{label}: {table}, строк {rows}")

        yield told
