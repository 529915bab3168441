"""The RQ jobs: what a worker process is asked by name. Safe to run twice and at the same time."""

from collections.abc import Sequence
from functools import cache

from rq.timeouts import JobTimeoutException

from bridge.bootstrap import Parts, assemble, connect_redis
from bridge.flow.queue import WorkQueue
from bridge.flow.reconcile import Trigger
from bridge.office import Office
from bridge.settings import load_settings


@cache
def parts() -> Parts:
    """This process's parts, made when the first job comes."""
    settings = load_settings()
    return assemble(settings, Office.load(settings.config), WorkQueue(connect_redis(settings)))


def process_events(event_ids: Sequence[int]) -> None:
    """Process events of the inbox; one that fails does not keep the others waiting.

    Raises `ExceptionGroup` with what failed; `JobTimeoutException` ends the job at once.
    """
    failures = []
    for event_id in event_ids:
        try:
            parts().worker.process_event(event_id)
        except JobTimeoutException:
            raise
        except Exception as failure:  # noqa: BLE001 - raised again when the others are done
            failures.append(failure)
    if failures:
        raise ExceptionGroup("events were not processed", failures)


def reconcile_ticket(ticket_id: int, trigger: str) -> None:
    """Reconcile a ticket."""
    parts().worker.reconcile(ticket_id, Trigger(trigger))


def sweep() -> None:
    """Find what no hint told of."""
    parts().sweep.run()
