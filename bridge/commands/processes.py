"""`bridge worker`, `schedule`, `poll`: the processes behind the web side."""

import gc
import signal
import threading
from datetime import timedelta

import click
from rq import Queue
from rq.cron import CronScheduler

from bridge.bootstrap import connect_redis, count_calls, open_pollings, share_counters
from bridge.commands.context import Context
from bridge.commands.current_tables import require_current_tables
from bridge.config.document import ConfigError
from bridge.flow.polling_threads import PollingThreads
from bridge.flow.queue import NIGHTLY, QUEUES, TICKETS, WorkQueue
from bridge.jobs import nightly, nightly_job_seconds, parts, sweep
from bridge.queue_worker import QueueWorker
from bridge.reloading import heed_reload, postpone_reload, start_anew

WORKER_TTL_SECONDS = 25
NIGHTLY_LOOK_SECONDS = 300
"""How often it is asked whether the nightly reconciliation is due or was left unfinished."""
LOOK_PATIENCE = timedelta(seconds=3)
"""A stopped poll waits so long for what it is fetching: a long poll would be half a minute."""
MAINTENANCE_SECONDS = 10
"""With RQ's defaults the job of a killed worker is given up after 13 minutes; so, after one."""


@click.command("worker")
@click.pass_obj
def worker_command(context: Context) -> None:
    """Do the work: take in messages, reconcile tickets, place answers. Run as many as you like."""
    postpone_reload()
    settings = context.settings()
    require_current_tables(settings)
    share_counters(settings)
    count_calls()
    try:
        parts().router.current()
    except ConfigError as error:
        raise click.ClickException(str(error)) from error
    redis = connect_redis(settings)
    queues = [Queue(name, connection=redis) for name in QUEUES]
    worker = QueueWorker(
        queues,
        connection=redis,
        worker_ttl=WORKER_TTL_SECONDS,
        maintenance_interval=MAINTENANCE_SECONDS,
    )
    # What is loaded now stays: looking through it again and again for garbage would cost time.
    gc.freeze()
    worker.run()


@click.command("schedule")
@click.pass_obj
def schedule_command(context: Context) -> None:
    """Start the sweep every minute, and the nightly reconciliation. A second one does no harm."""
    postpone_reload()
    settings = context.settings()
    scheduler = CronScheduler(connect_redis(settings), logging_level="WARNING")
    every = max(1, round(settings.sweep_seconds))
    # A sweep that no worker took in time is dropped: the next one sees all that it would have.
    scheduler.register(sweep, TICKETS, interval=every, ttl=every, result_ttl=0)
    # Not at a fixed hour: one that was missed, or a run that was cut short, is made good so.
    scheduler.register(
        nightly,
        NIGHTLY,
        interval=NIGHTLY_LOOK_SECONDS,
        ttl=NIGHTLY_LOOK_SECONDS,
        job_timeout=nightly_job_seconds(settings),
        result_ttl=0,
    )
    # Nothing is under way here that would have to be ended first.
    heed_reload(start_anew)
    scheduler.start()  # type: ignore[no-untyped-call]


@click.command("poll")
@click.pass_obj
def poll_command(context: Context) -> None:
    """Fetch what nobody sends: long polls, pages that tell of nothing, folders.

    A second one does no harm: it takes over when the first one ends.
    """
    postpone_reload()
    settings = context.settings()
    require_current_tables(settings)
    share_counters(settings)
    count_calls()
    pollings = open_pollings(settings, context.office(), WorkQueue(connect_redis(settings)))
    threads = PollingThreads(pollings, patience=LOOK_PATIENCE)
    anew = threading.Event()

    def stop(*_: object) -> None:
        anew.clear()
        threads.end()

    def reload() -> None:
        anew.set()
        threads.end()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    heed_reload(reload)
    threads.run()
    if anew.is_set():
        start_anew()
