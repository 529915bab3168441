"""Runs the sandbox networks: `python -m sandbox --port 8770`."""

import signal
import threading
from contextlib import ExitStack
from datetime import timedelta

import click

from sandbox.ok import OkSandbox, OkSandboxSettings
from sandbox.ok.delivery import WebhookPolicy
from sandbox.ok.seed import GROUPS
from sandbox.vk import VkSandbox, VkSettings
from sandbox.vk.callback_delivery import DeliveryPolicy
from sandbox.vk.seed import COMMUNITIES


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8770, show_default=True, help="VK's port; 0 takes a free one.")
@click.option("--ok-port", default=8771, show_default=True, help="OK's port; 0 takes a free one.")
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
def main(host: str, port: int, ok_port: int, callback_time_scale: float, guid_window: int) -> None:
    """Run a local VK and OK that the bridge talks to as to the real ones. Ctrl-C stops them."""
    settings = VkSettings(
        delivery=DeliveryPolicy(time_scale=callback_time_scale),
        guid_window=timedelta(seconds=guid_window),
    )
    ok_settings = OkSandboxSettings(WebhookPolicy(time_scale=callback_time_scale))
    with ExitStack() as networks:
        url = networks.enter_context(VkSandbox(settings).running(host, port))
        click.echo(f"VK: {url}/ (pages), {url}/method/ (API)")
        for seed in COMMUNITIES:
            click.echo(f"  {seed.community.name}: {url}/wall{seed.owner_id}")
        url = networks.enter_context(OkSandbox(ok_settings).running(host, ok_port))
        click.echo(f"OK: {url}/ (pages), {url}/graph/ and {url}/fb.do (API)")
        for group in GROUPS:
            click.echo(f"  {group.group.name}: {url}/group/{group.id}")
        _wait_for_a_signal()


def _wait_for_a_signal() -> None:
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()


if __name__ == "__main__":
    main()
