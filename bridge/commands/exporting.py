"""`bridge metrics`: what this machine's processes counted, where no `bridge serve` tells it."""

import signal
import threading

import click

from bridge.bootstrap import share_counters
from bridge.commands.context import Context

PORT = 8792


@click.command("metrics")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65535))
@click.pass_obj
def metrics_command(context: Context, host: str, port: int) -> None:
    """Serve Prometheus the counts of this machine's processes: for machines of workers only.

    The figures of the store and the queue are the same everywhere: `bridge serve` tells them.
    """
    settings = context.settings()
    share_counters(settings)
    # Not before: see `share_counters`.
    from prometheus_client import CollectorRegistry, start_http_server

    from bridge.counters import SharedCounters

    registry = CollectorRegistry()
    registry.register(SharedCounters(settings.counters))
    # Nothing of the configuration is used here: a reload of all services is none of its business.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        server, thread = start_http_server(port, host, registry)
    except OSError as error:
        raise click.ClickException(
            f"{host}:{port} cannot be listened on ({error.strerror}): choose another --port"
        ) from error
    stop.wait()
    server.shutdown()
    thread.join()
