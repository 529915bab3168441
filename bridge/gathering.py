"""Takes from a queue what comes at nearly the same time, to be dealt with together."""

import time
from datetime import timedelta
from queue import Empty, SimpleQueue
from typing import TypeVar

Item = TypeVar("Item")


def gather(queue: SimpleQueue[Item], pause: timedelta, most: int) -> list[Item]:
    """Wait for one item; return it with those that come within the pause, `most` in all."""
    batch = [queue.get()]
    time.sleep(pause.total_seconds())
    while len(batch) < most:
        try:
            batch.append(queue.get_nowait())
        except Empty:
            break
    return batch
