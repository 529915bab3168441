"""Carries out updates of a ticket in the helpdesk: statuses, fields, notes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from jinja2 import Environment

from bridge.effects import to_update
from bridge.flow.failed_effects import record_failure
from bridge.flow.lease import Lease
from bridge.helpdesk.port import (
    Helpdesk,
    HelpdeskRefused,
    Issue,
    SilentlyDropped,
    StaleIssue,
    TicketUpdate,
)
from bridge.store import outbox
from bridge.store.models import EffectRow, EffectState
from bridge.texts import note_text

log = structlog.get_logger()

SKEW = timedelta(minutes=5)
"""How far the helpdesk's clock may be from ours."""


@dataclass(frozen=True)
class Updating:
    """Carries out `update_ticket`."""

    helpdesk: Helpdesk
    texts: Environment
    now: Callable[[], datetime]

    def carry_out(self, lease: Lease, effect: EffectRow, issue: Issue) -> None:
        """Write the update, safe against what staff do at the same time.

        The issue must be observed anew afterwards. Raises `HelpdeskUnavailable`: then the next
        observation shows whether it was written.
        """
        update = self._update(effect)
        if effect.state == EffectState.SENDING and _is_noted(issue, update, effect.created_at):
            self._finish(lease, effect)
            return
        with lease.writing() as session:
            outbox.begin_sending(session, effect.id, self.now())
        try:
            self.helpdesk.update(issue.id, update, issue.lock_version)
        except StaleIssue:
            self._observe_first(lease, effect)
        except SilentlyDropped as drop:
            log.error("helpdesk silently dropped", issue=issue.id, names=drop.names)
            record_failure(lease, effect, "dropped", f"Redmine не записал: {', '.join(drop.names)}")
        except HelpdeskRefused as refusal:
            log.error("helpdesk refused", issue=issue.id, effect=effect.key, why=str(refusal))
            record_failure(lease, effect, "refused", f"Redmine отказал: {refusal}")
        else:
            log.info("ticket updated", effect=effect.key)
            self._finish(lease, effect)

    def _update(self, effect: EffectRow) -> TicketUpdate:
        wanted = to_update(effect.payload)
        return TicketUpdate(
            status=wanted.status,
            fields=wanted.fields,
            due_date=wanted.due_date,
            note=note_text(self.texts, wanted.note) if wanted.note else "",
            priority=wanted.priority,
            for_leaders=wanted.for_leaders,
        )

    def _observe_first(self, lease: Lease, effect: EffectRow) -> None:
        with lease.writing() as session:
            outbox.postpone(session, effect.id, self.now(), "stale", "")

    def _finish(self, lease: Lease, effect: EffectRow) -> None:
        with lease.writing() as session:
            outbox.finish(session, effect.id, state=EffectState.DONE, now=self.now())


def _is_noted(issue: Issue, update: TicketUpdate, wanted_since: datetime) -> bool:
    """Whether the note of an update that was cut short stands there: it is not written twice.

    A status that is still wanted was not written, whatever note of an earlier occasion stands
    there.
    """
    if update.status or not update.note:
        return False
    return note_stands(issue, update.note, wanted_since)


def note_stands(issue: Issue, note: str, wanted_since: datetime) -> bool:
    """Whether the bridge has left the note there since it was wanted."""
    words = note.split()
    return any(
        entry.by_bridge and entry.at > wanted_since - SKEW and entry.notes.split() == words
        for entry in issue.journal
    )
