"""`bridge serve`, `admin`, `up`: what is served over HTTP, and everything on one machine."""

import os
import socket
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

import click

from bridge.bootstrap import share_counters, system_clock
from bridge.commands.context import Context
from bridge.mapping_keeping import keep_first
from bridge.office import Office
from bridge.process_group import ProcessGroup, await_redis, embedded_redis
from bridge.reloading import postpone_reload
from bridge.settings import Settings
from bridge.store.database import Store
from bridge.store.schema import NewerSchema, upgrade

WEB_APPLICATION = "bridge.web.app:make"
ADMIN_APPLICATION = "bridge.admin.app:make"


@click.command("serve")
@click.pass_obj
def serve_command(context: Context) -> None:
    """Take in callbacks and webhooks over HTTP."""
    postpone_reload()
    settings = context.settings()
    _migrate(settings, context.office())
    share_counters(settings)
    address = web_address(settings)
    _require_free(address, "BRIDGE_HOST and BRIDGE_PORT")
    os.execv(sys.executable, web_command(settings, WEB_APPLICATION, address))  # noqa: S606 - our own interpreter


@click.command("admin")
@click.pass_obj
def admin_command(context: Context) -> None:
    """Serve the administrator's pages: deadlines, placement, mapping, channels, reports."""
    postpone_reload()
    settings = context.settings()
    _migrate(settings, context.office())
    share_counters(settings)
    address = admin_address(settings)
    if not address.port:
        raise click.ClickException("BRIDGE_ADMIN_PORT is 0: no pages are to be served here")
    _require_free(address, "BRIDGE_ADMIN_HOST and BRIDGE_ADMIN_PORT")
    os.execv(sys.executable, web_command(settings, ADMIN_APPLICATION, address))  # noqa: S606 - our own interpreter


@click.command("up")
@click.pass_obj
def up_command(context: Context) -> None:
    """Run everything on this machine, in one process group, until Ctrl-C. SIGHUP reloads."""
    postpone_reload()
    settings, office = context.settings(), context.office()
    web, admin = web_address(settings), admin_address(settings)
    _require_free(web, "BRIDGE_HOST and BRIDGE_PORT")
    if admin.port:
        _require_free(admin, "BRIDGE_ADMIN_HOST and BRIDGE_ADMIN_PORT")
    settings.data.mkdir(parents=True, exist_ok=True)
    group = ProcessGroup(patience=timedelta(seconds=15))
    if not settings.redis_url:
        group.add_base("redis", embedded_redis(settings.data))
        await_redis(settings.data / "redis.sock")
    _migrate(settings, office)
    share_counters(settings)
    bridge = [sys.executable, "-m", "bridge"]
    # Not `bridge serve`: what it would check first is checked.
    group.add({"web": web_command(settings, WEB_APPLICATION, web)})
    if admin.port:
        group.add({"admin": web_command(settings, ADMIN_APPLICATION, admin)})
    group.add({"schedule": [*bridge, "schedule"], "poll": [*bridge, "poll"]})
    group.add(
        {f"worker {number}": [*bridge, "worker"] for number in range(1, settings.workers + 1)}
    )
    if admin.port:
        click.echo(f"bridge: pages at {settings.effective_admin_url}/admin/")
    click.echo(f"bridge: {settings.effective_public_url} (Ctrl-C stops it)")
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


def _migrate(settings: Settings, office: Office) -> None:
    """Bring the store up to date; a new one begins with the mapping of the file."""
    settings.data.mkdir(parents=True, exist_ok=True)
    with closing(Store(settings.effective_store_url)) as store:
        try:
            upgrade(store.engine)
        except NewerSchema as error:
            raise click.ClickException(str(error)) from error
        keep_first(store, office.mapping, system_clock())


def web_command(settings: Settings, application: str, address: Address) -> list[str]:
    """How a WSGI application factory, `module:function`, is served on an address."""
    where = (address.host, str(address.port), str(settings.web_threads))
    return [sys.executable, "-m", "bridge.web.server", application, *where]
