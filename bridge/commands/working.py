"""`bridge sweep`, `reconcile`, `replay`: the flows by hand, without the queue."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

import click

from bridge.bootstrap import Parts, assemble
from bridge.commands.context import Context
from bridge.config.document import ConfigError
from bridge.flow.reconcile import Result, Trigger
from bridge.store import inbox, tickets
from bridge.store.database import Store

PAGE = 200


@dataclass
class CollectedHints:
    """Hints kept to be worked off by this very process."""

    event_ids: list[int] = field(default_factory=list)
    ticket_ids: list[tuple[int, Trigger]] = field(default_factory=list)
    attachment_ids: list[int] = field(default_factory=list)

    def event(self, event_id: int) -> None:
        """Keep it."""
        self.event_ids.append(event_id)

    def events(self, event_ids: Sequence[int]) -> None:
        """Keep them."""
        self.event_ids.extend(event_ids)

    def has_events(self) -> bool:
        """Whether some are left."""
        return bool(self.event_ids)

    def file(self, attachment_id: int) -> None:
        """Keep it."""
        self.attachment_ids.append(attachment_id)

    def ticket(self, ticket_id: int, trigger: Trigger) -> None:
        """Keep it."""
        self.ticket_ids.append((ticket_id, trigger))

    def ticket_at(self, ticket_id: int, at: datetime) -> None:
        """Nothing to keep: the store knows the time, and the running bridge's sweep looks."""


def work_off(hints: CollectedHints, parts: Parts) -> None:
    """Process what was collected."""
    while hints.event_ids:
        parts.worker.process_event(hints.event_ids.pop(0))
    while hints.attachment_ids:
        parts.worker.download(hints.attachment_ids.pop(0))
    while hints.ticket_ids:
        parts.worker.reconcile(*hints.ticket_ids.pop(0))


@click.command("sweep")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@click.pass_obj
def sweep_command(context: Context, as_json: bool) -> None:
    """Find and do at once all that no webhook and no timer told of."""
    hints = CollectedHints()
    parts = _assemble(context, hints)
    report = parts.sweep.run()
    work_off(hints, parts)
    if as_json:
        click.echo(json.dumps(asdict(report)))
        return
    click.echo(
        f"Events waiting: {report.events}, tickets due: {report.tickets}, "
        f"changed in the helpdesk: {report.changed}, files to be downloaded: {report.files}."
    )


@click.command("reconcile")
@click.argument("ticket", type=int, required=False)
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line, for programs.")
@click.pass_obj
def reconcile_command(context: Context, ticket: int | None, as_json: bool) -> None:
    """Reconcile TICKET (its number in the helpdesk), or every open ticket, now."""
    parts = _assemble(context, CollectedHints())
    failed = False
    for ticket_id in [_ticket_of(parts, ticket)] if ticket else _open_tickets(parts):
        result = parts.worker.reconcile(ticket_id, Trigger.COMMAND)
        failed = failed or result is not Result.SETTLED
        line = {"ticket": ticket_id, "result": result.value}
        click.echo(json.dumps(line) if as_json else f"ticket {ticket_id}: {result}")
    context_exit(failed)


@click.command("replay")
@click.argument("event", type=int)
@click.pass_obj
def replay_command(context: Context, event: int) -> None:
    """Process EVENT (its number in the inbox) once more; what it made already is not made again."""
    parts = _assemble(context, CollectedHints())
    with parts.store.writing() as session:
        known = inbox.reopen(session, event)
    if not known:
        raise click.ClickException(f"there is no event {event} in the inbox")
    parts.worker.process_event(event)
    with parts.store.reading() as session:
        state, reason = inbox.outcome(session, event)
    click.echo(f"event {event}: {state}{f' ({reason})' if reason else ''}")


def context_exit(failed: bool) -> None:
    """End with 1 when something was not done, for scripts."""
    if failed:
        raise SystemExit(1)


def _assemble(context: Context, hints: CollectedHints) -> Parts:
    try:
        settings = context.settings()
        store = Store(settings.effective_store_url)
        return assemble(settings, context.office_in_force(store), hints, store=store)
    except ConfigError as error:
        raise click.ClickException(str(error)) from error


def _ticket_of(parts: Parts, issue_id: int) -> int:
    with parts.store.reading() as session:
        ticket = tickets.by_issue(session, issue_id)
    if ticket is None:
        raise click.ClickException(
            f"issue {issue_id} of the helpdesk is not a ticket of the bridge"
        )
    return ticket.id


def _open_tickets(parts: Parts) -> list[int]:
    """All of them, read page by page."""
    found: list[int] = []
    while True:
        with parts.store.reading() as session:
            page = tickets.open_ids(session, found[-1] if found else 0, PAGE)
        if not page:
            return found
        found.extend(page)
