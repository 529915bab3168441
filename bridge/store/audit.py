"""The audit of people's doing: who changed what in the bridge itself. Entries are only added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from bridge.store.models import AuditRow


class Action(StrEnum):
    """What can be done. A word is for ever: entries keep it."""

    LOGGED_IN = "logged_in"
    LOGIN_REFUSED = "login_refused"
    LOGGED_OUT = "logged_out"
    CHANNEL_SWITCHED_OFF = "channel_switched_off"
    CHANNEL_SWITCHED_ON = "channel_switched_on"
    CHANNEL_CHECKED = "channel_checked"
    PURGED = "purged"
    PERSON_EXPORTED = "person_exported"
    PERSON_ERASED = "person_erased"
    RESTORED = "restored"
    """The store was restored from an archive: what follows in it is from afterwards."""
    MAPPING_SAVED = "mapping_saved"
    MAPPING_RESTORED = "mapping_restored"
    MAPPING_IMPORTED = "mapping_imported"
    PLACEMENT_RETRIED = "placement_retried"
    PLACEMENT_LOOKED_FOR = "placement_looked_for"
    PLACED_BY_HAND = "placed_by_hand"
    PLACEMENT_DROPPED = "placement_dropped"
    TICKET_RETRIED = "ticket_retried"
    EVENT_REPLAYED = "event_replayed"


@dataclass(frozen=True)
class AuditEntry:
    """One deed. `at` is UTC; `details` hold no secret and no word of a citizen's."""

    at: datetime
    actor: str
    action: Action
    subject: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AuditSearch:
    """What to look for; what is empty is not looked at. `since` is included, `until` is not."""

    actor: str = ""
    actions: tuple[str, ...] = ()
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


def record(session: Session, entry: AuditEntry) -> None:
    """Keep the entry, in the transaction of what it tells of: neither is without the other."""
    session.add(
        AuditRow(
            at=entry.at,
            actor=entry.actor,
            action=entry.action,
            subject=entry.subject,
            details=dict(entry.details),
        )
    )


def page(
    session: Session, search: AuditSearch, limit: int, before: int | None = None
) -> Sequence[AuditRow]:
    """The newest entries that fit, newest first; `before` is the id that ended the last page."""
    wanted = _matching(search).order_by(AuditRow.id.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(AuditRow.id < before)
    return session.scalars(wanted).all()


def forget(session: Session, before: datetime, limit: int) -> int:
    """Remove so many entries that were made before the instant; how many."""
    old = session.scalars(
        select(AuditRow.id).where(AuditRow.at < before).order_by(AuditRow.id).limit(limit)
    ).all()
    session.execute(delete(AuditRow).where(AuditRow.id.in_(old)))
    return len(old)


def _matching(search: AuditSearch) -> Select[AuditRow]:
    wanted = select(AuditRow)
    if search.actor:
        wanted = wanted.where(AuditRow.actor == search.actor)
    if search.actions:
        wanted = wanted.where(AuditRow.action.in_(search.actions))
    if search.subject:
        wanted = wanted.where(AuditRow.subject == search.subject)
    if search.since is not None:
        wanted = wanted.where(AuditRow.at >= search.since)
    if search.until is not None:
        wanted = wanted.where(AuditRow.at < search.until)
    return wanted
