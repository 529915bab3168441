"""Runs the sandbox networks: `python -m sandbox --port 8770`."""

import signal
import threading
from datetime import timedelta

import click

from sandbox.vk import VkSandbox, VkSettings
from sandbox.vk.callback_delivery import DeliveryPolicy
from sandbox.vk.seed import COMMUNITIES


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8770, show_default=True, help="Port; 0 takes a free one.")
@click.option(
    "--callback-time-scale",
    default=1.0,
    show_default=True,
    type=click.FloatRange(min=0, min_open=True),
    help="Factor for the pauses between attempts of a callback: 0.01 makes 10 s to 0.1 s.",
)
@click.option(
    "--guid-window",
    default=3600,
    show_default=True,
    type=click.IntRange(min=0),
    help="Seconds within which a repeated guid is recognised; 0: never.",
)
def main(host: str, port: int, callback_time_scale: float, guid_window: int) -> None:
    """Run a local VK that the bridge talks to as to the real one. Ctrl-C stops it."""
    settings = VkSettings(
        delivery=DeliveryPolicy(time_scale=callback_time_scale),
        guid_window=timedelta(seconds=guid_window),
    )
    with VkSandbox(settings).running(host, port) as url:
        click.echo(f"VK: {url}/ (pages), {url}/method/ (API)")
        for seed in COMMUNITIES:
            click.echo(f"  {seed.community.name}: {url}/wall{seed.owner_id}")
        _wait_for_a_signal()


def _wait_for_a_signal() -> None:
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()


if __name__ == "__main__":
    main()
