"""Lines of the journal, the same for the page and for the file that is taken from it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bridge.admin.journal import wording
from bridge.store.decisions import Decided
from bridge.store.models import AuditRow

BRIDGE: Final = "мост"
_SUBJECT: Final = re.compile(r"(?P<kind>[a-z_]+):(?P<key>.+)")
_SUBJECTS: Final = {
    "ticket": "карточка",
    "delivery": "размещение",
    "effect": "действие",
    "channel": "канал",
    "mapping": "подразделения, версия",
    "event": "событие",
    "person": "заявитель",
}
_DETAILS: Final = {
    "address": "адрес",
    "reason": "причина",
    "note": "примечание",
    "fingerprint": "отпечаток",
    "link": "ссылка",
    "role": "роль",
    "failures": "ошибок",
    "events": "событий",
    "messages": "сообщений",
    "differences": "расхождений",
    "audit": "записей журнала",
    "made_at": "копия от",
    "rows": "строк",
    "revision": "версия таблиц",
    "delivery": "размещение",
    "issue": "карточка в Redmine",
    "channel": "канал",
    "source": "источник",
    "was": "было",
    "checked": "проверено человеком",
    "words": "пояснение",
}


@dataclass(frozen=True)
class Entry:
    """One line. `id` is the row's own, by which pages follow each other; `at` is UTC."""

    id: int
    at: datetime
    who: str
    what: str
    subject: str
    details: str
    issue: int | None = None
    """The ticket's number in the helpdesk, where it is about one."""


def ticket_of(row: AuditRow) -> int | None:
    """The store's number of the ticket that the deed was about, if it was about one."""
    match = _SUBJECT.fullmatch(row.subject)
    about_one = match and match["kind"] == "ticket" and match["key"].isdecimal()
    return int(match["key"]) if match and about_one else None


def of_deed(row: AuditRow, issues: Mapping[int, int]) -> Entry:
    """Of something that a person did; `issues` are the helpdesk's numbers by the store's."""
    issue = issues.get(ticket_of(row) or 0)
    return Entry(
        id=row.id,
        at=row.at,
        who=_person(row.actor),
        what=wording.deed(row.action),
        subject="карточка" if issue else _subject(row.subject),
        details=_details(row.details),
        issue=issue,
    )


def of_decision(decided: Decided, statuses: Mapping[str, str]) -> Entry:
    """Of something that the bridge decided; `statuses` are the helpdesk's names by key."""
    assumptions = decided.row.summary.get("assumptions", [])
    return Entry(
        id=decided.row.id,
        at=decided.row.at,
        who=BRIDGE,
        what=wording.decision(decided, statuses),
        subject=wording.trigger(decided.row.trigger),
        details="; ".join(each["words"] for each in assumptions),
        issue=decided.issue,
    )


def _person(actor: str) -> str:
    if not actor:
        return "неизвестный"
    kind, _, account = actor.partition(":")
    return f"команда ({account})" if kind == "command" and account else actor


def _subject(subject: str) -> str:
    if match := _SUBJECT.fullmatch(subject):
        return f"{_SUBJECTS.get(match['kind'], match['kind'])} {match['key']}"
    return subject


def _details(details: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{_DETAILS.get(key, key)}: {_value(value)}" for key, value in details.items() if value
    )


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
