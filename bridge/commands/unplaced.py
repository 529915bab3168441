"""`bridge unplaced`: the approved answers that citizens cannot read yet, and why."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from zoneinfo import ZoneInfo

import click

from bridge.commands.context import Context
from bridge.store.database import Store
from bridge.store.models import EffectState
from bridge.store.unplaced import Unplaced, unplaced

PAGE = 200
_STATES = {
    EffectState.PENDING: "ждёт отправки",
    EffectState.SENDING: "отправляется",
    EffectState.UNCERTAIN: "неизвестно, размещён ли",
    EffectState.FAILED: "не размещён",
}


@click.command("unplaced")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line, for programs.")
@click.pass_obj
def unplaced_command(context: Context, as_json: bool) -> None:
    """List approved answers that are not, or not surely, where the message was; exit 1 for any.

    An answer leaves the list when it is placed, or somebody closes its ticket or decides against
    it, never by itself. An answer that stands already and lacks only in a system that brought the
    message later is listed too, although its ticket is closed.
    """
    settings, office = context.settings(), context.office()
    store = Store(settings.effective_store_url)
    found = False
    for answer in _every(store):
        found = True
        if as_json:
            click.echo(_as_json(answer))
            continue
        address = f"{settings.effective_redmine_public_url}/issues/{answer.issue}"
        click.echo(_for_people(answer, address, office.calendar.zone))
    if not (found or as_json):
        click.echo("Все одобренные ответы размещены.")
    raise SystemExit(1 if found else 0)


def _every(store: Store) -> Iterator[Unplaced]:
    after = 0
    while True:
        with store.reading() as session:
            page = unplaced(session, after, PAGE)
        if not page:
            return
        yield from page
        after = page[-1].delivery


def _as_json(answer: Unplaced) -> str:
    values = asdict(answer) | {"since": answer.since.isoformat()}
    return json.dumps(values, ensure_ascii=False)


def _for_people(answer: Unplaced, address: str, zone: ZoneInfo) -> str:
    since = answer.since.astimezone(zone)
    line = f"{address}  {_STATES[answer.state]}, одобрен {since:%d.%m.%Y %H:%M}, {answer.channel}"
    if answer.late:
        line += " (гражданину ответ виден, сообщение пришло из этой системы позже)"
    reason = f"\n    {answer.meaning}" if answer.meaning else ""
    return f"{line}\n    куда: {answer.target}{reason}"
