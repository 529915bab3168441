"""Runs the two systems: `python -m sandbox.exchange --port 8771`."""

import signal
import threading

import click

from sandbox.exchange import ExchangeSandbox, ExchangeSettings
from sandbox.exchange.model import TITLES


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8771, show_default=True, help="Port; 0 takes a free one.")
@click.option(
    "--honour-keys/--ignore-keys",
    default=True,
    show_default=True,
    help="Whether an answer that is sent twice is recognised by its key.",
)
def main(host: str, port: int, honour_keys: bool) -> None:
    """Run local systems that the bridge talks to as to the real ones. Ctrl-C stops them."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with ExchangeSandbox(ExchangeSettings(honours_keys=honour_keys)).running(host, port) as url:
        for system, title in TITLES.items():
            click.echo(f"{title}: {url}/{system} (pages), {url}/api/{system} (API)")
        stopped.wait()


if __name__ == "__main__":
    main()
