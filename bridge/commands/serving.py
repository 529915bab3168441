"""`bridge serve`, `worker`, `schedule`, `poll`, `up`: the processes of a running bridge."""

import gc
import os
import signal
import socket
import sys
import threading
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import click
from rq import Queue
from rq.cron import CronScheduler

from bridge.bootstrap import connect_redis, count_calls, open_pollings, share_counters
from bridge.commands.context import Context
from bridge.flow.polling import keep_looking
from bridge.flow.queue import NIGHTLY, QUEUES, TICKETS, WorkQueue
from bridge.jobs import nightly, nightly_job_seconds, parts, sweep
from bridge.process_group import ProcessGroup, await_redis, embedded_redis
from bridge.queue_worker import QueueWorker
from bridge.settings import Settings
from bridge.store.database import Store
from bridge.store.schema import upgrade

WEB_APPLICATION = "bridge.web.app:make"
ADMIN_APPLICATION = "bridge.admin.app:make"
WORKER_TTL_SECONDS = 25
NIGHTLY_LOOK_SECONDS = 300
"""How often it is asked whether the nightly reconciliation is due or was left unfinished."""
MAINTENANCE_SECONDS = 10
"""With RQ's defaults the job of a killed worker is given up after 13 minutes; so, after one."""


@click.command("serve")
@click.pass_obj
def serve_command(context: Context) -> None:
    """Take in callbacks and webhooks over HTTP."""
    settings = context.settings()
    context.office()
    _migrate(settings)
    share_counters(settings)
    address = web_address(settings)
    _require_free(address, "BRIDGE_HOST and BRIDGE_PORT")
    os.execv(sys.executable, granian_command(settings, WEB_APPLICATION, address))  # noqa: S606 - our own interpreter


@click.command("admin")
@click.pass_obj
def admin_command(context: Context) -> None:
    """Serve the administrator's pages: deadlines, placement, mapping, channels, reports."""
    settings = context.settings()
    context.office()
    _migrate(settings)
    share_counters(settings)
    address = admin_address(settings)
    _require_free(address, "BRIDGE_ADMIN_HOST and BRIDGE_ADMIN_PORT")
    os.execv(sys.executable, granian_command(settings, ADMIN_APPLICATION, address))  # noqa: S606 - our own interpreter


@click.command("worker")
@click.pass_obj
def worker_command(context: Context) -> None:
    """Do the work: take in messages, reconcile tickets, place answers. Run as many as you like."""
    settings = context.settings()
    context.office()
    share_counters(settings)
    count_calls()
    redis = connect_redis(settings)
    queues = [Queue(name, connection=redis) for name in QUEUES]
    worker = QueueWorker(
        queues,
        connection=redis,
        worker_ttl=WORKER_TTL_SECONDS,
        maintenance_interval=MAINTENANCE_SECONDS,
    )
    parts().router.current()
    # What is loaded now stays: looking through it again and again for garbage would cost time.
    gc.freeze()
    worker.work(with_scheduler=True, logging_level="WARNING")


@click.command("schedule")
@click.pass_obj
def schedule_command(context: Context) -> None:
    """Start the sweep every minute, and the nightly reconciliation. A second one does no harm."""
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
    scheduler.start()  # type: ignore[no-untyped-call]


@click.command("poll")
@click.pass_obj
def poll_command(context: Context) -> None:
    """Fetch what nobody sends: long polls, pages that tell of nothing, folders.

    A second one does no harm: it takes over when the first one ends.
    """
    settings = context.settings()
    share_counters(settings)
    count_calls()
    pollings = open_pollings(settings, context.office(), WorkQueue(connect_redis(settings)))
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    threads = [
        threading.Thread(target=keep_looking, args=(polling, stop), name=polling.poller.name)
        for polling in pollings
    ]
    for thread in threads:
        thread.start()
    stop.wait()
    for polling in pollings:
        polling.bell.ring()
    for thread in threads:
        thread.join()


@click.command("up")
@click.pass_obj
def up_command(context: Context) -> None:
    """Run everything on this machine, in one process group, until Ctrl-C."""
    settings = context.settings()
    context.office()
    web, admin = web_address(settings), admin_address(settings)
    _require_free(web, "BRIDGE_HOST and BRIDGE_PORT")
    _require_free(admin, "BRIDGE_ADMIN_HOST and BRIDGE_ADMIN_PORT")
    settings.data.mkdir(parents=True, exist_ok=True)
    group = ProcessGroup(patience=timedelta(seconds=15))
    if not settings.redis_url:
        group.add_base("redis", embedded_redis(settings.data))
        await_redis(settings.data / "redis.sock")
    _migrate(settings)
    share_counters(settings)
    bridge = [sys.executable, "-m", "bridge"]
    # Not `bridge serve`: what it would check first is checked.
    group.add("web", granian_command(settings, WEB_APPLICATION, web))
    group.add("admin", granian_command(settings, ADMIN_APPLICATION, admin))
    group.add("schedule", [*bridge, "schedule"])
    group.add("poll", [*bridge, "poll"])
    for number in range(1, settings.workers + 1):
        group.add(f"worker {number}", [*bridge, "worker"])
    click.echo(
        f"bridge: {settings.effective_public_url}, pages: {settings.effective_admin_url}/admin/"
        " (Ctrl-C stops it)"
    )
    group.run()


@dataclass(frozen=True)
class Address:
    """Where a process listens."""

    host: str
    port: int


def web_address(settings: Settings) -> Address:
    """Where callbacks and webhooks are taken in."""
    return Address(settings.host, settings.port)


def admin_address(settings: Settings) -> Address:
    """Where the administrator's pages are served."""
    return Address(settings.admin_host, settings.admin_port)


def _require_free(address: Address, variables: str) -> None:
    """The web server would share a taken port in silence, and half of the requests go astray."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError as error:
            raise click.ClickException(
                f"{address.host}:{address.port} cannot be listened on ({error.strerror}): "
                f"stop what uses it, or set {variables}"
            ) from error


def _migrate(settings: Settings) -> None:
    settings.data.mkdir(parents=True, exist_ok=True)
    store = Store(settings.effective_store_url)
    upgrade(store.engine)
    store.close()


def granian_command(settings: Settings, application: str, address: Address) -> list[str]:
    """How a WSGI application factory, `module:function`, is served on an address."""
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface=wsgi",
        "--factory",
        f"--host={address.host}",
        f"--port={address.port}",
        "--workers=1",
        f"--blocking-threads={settings.web_threads}",
        "--respawn-failed-workers",
        "--workers-kill-timeout=10s",
        "--log-level=error",
        f"--log-config={Path(__file__).parents[1] / 'web' / 'granian.json'}",
        application,
    ]
