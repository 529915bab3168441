"""The RQ jobs: what a worker process is asked by name. Safe to run twice and at the same time."""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from threading import Event

import structlog
from rq.timeouts import JobTimeoutException

from bridge.bootstrap import Parts, PartsInForce, connect_redis, open_office, system_clock
from bridge.flow.nightly import Ending, Unwatched
from bridge.flow.queue import JOB_SECONDS, NightlyQueue, WorkQueue
from bridge.flow.reconcile import Trigger
from bridge.office import Office
from bridge.settings import Settings, load_settings
from bridge.store.database import Store

log = structlog.get_logger()

ending = Event()
"""Set when this process is to end: a job of several parts leaves the rest to whoever comes next."""


def parts() -> Parts:
    """This process's parts with the mapping that is in force now."""
    return _in_force().current()


@cache
def _in_force() -> PartsInForce:
    """Made when the first job comes."""
    settings = load_settings()
    store = Store(settings.effective_store_url)
    return PartsInForce(
        settings=settings,
        offices=open_office(Office.load(settings.config), store),
        hints=WorkQueue(connect_redis(settings)),
    )


def process_events(event_ids: Sequence[int]) -> None:
    """Process events of the inbox; one that fails does not keep the others waiting.

    A process that is to end does the one that it is at, and gives the hints of the others back.

    Raises `ExceptionGroup` with what failed; `JobTimeoutException` ends the job at once.
    """
    failures = []
    for number, event_id in enumerate(event_ids):
        if ending.is_set():
            parts().worker.hints.events(event_ids[number:])
            break
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


def download(attachment_id: int) -> None:
    """Download a file of a citizen's."""
    parts().worker.download(attachment_id)


def sweep() -> None:
    """Find what no hint told of, and notice what has gone silent."""
    parts().sweep.run()
    parts().silence_watch.look()


def nightly() -> None:
    """Do a portion of the nightly reconciliation, if one is due, and ask for the next portion.

    A run that the helpdesk stopped is carried on when the schedule asks next.
    """
    here = parts()
    if not here.nightly_watch.is_due(system_clock()):
        return
    portion = timedelta(seconds=here.settings.nightly_portion_seconds)
    report = here.nightly.run(Unwatched(), until=system_clock() + portion)
    log.info(
        "nightly",
        run=report.run,
        ending=report.ending,
        looked=report.looked,
        read=report.read,
        differing=report.differing,
        failed=report.failed,
        reason=report.reason,
    )
    if report.ending is Ending.PAUSED:
        NightlyQueue(connect_redis(here.settings)).more(nightly_job_seconds(here.settings))
    if report.ending is Ending.FINISHED:
        _learn(here)
        _purge(here)


def _learn(here: Parts) -> None:
    """Have the second voice learn from the day's tickets; a failure changes nothing."""
    try:
        report = here.learning.run()
    except JobTimeoutException:
        raise
    except Exception as failure:  # noqa: BLE001 - routing goes on with the model that is there
        log.error("nothing learnt", error=type(failure).__name__)
        return
    log.info(
        "learning",
        lesson=report.lesson,
        learnt_from=report.learnt_from,
        held_back=report.held_back,
        exact=report.exact,
        former_exact=report.former_exact,
    )


def _purge(here: Parts) -> None:
    """Forget what is older than the city keeps; what is left over is due again tomorrow."""
    try:
        here.purging.run()
    except JobTimeoutException:
        raise
    except Exception as failure:  # noqa: BLE001 - the night's other work is done already
        log.error("nothing purged", error=type(failure).__name__)


def nightly_job_seconds(settings: Settings) -> int:
    """The time limit of a portion: its own time, and that of the ticket it ends with."""
    return round(settings.nightly_portion_seconds) + 2 * JOB_SECONDS
