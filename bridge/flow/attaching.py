"""Attaches citizens' files to a ticket's issue, once, whatever happens on the way.

Every ticket of a message gets them: departments see no ticket but their own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from bridge.backoff import Backoff
from bridge.effects import EffectKind
from bridge.flow.failed_effects import record_failure
from bridge.flow.lease import Lease
from bridge.helpdesk.port import (
    FileMissing,
    FileRefused,
    Helpdesk,
    HelpdeskRefused,
    HelpdeskUnavailable,
    Issue,
    IssueMissing,
    NewFile,
    SilentlyDropped,
    Upload,
)
from bridge.store import attachments, outbox
from bridge.store.models import (
    AttachmentRow,
    AttachmentState,
    EffectRow,
    EffectState,
    TicketRow,
)

log = structlog.get_logger()

_UNSAVED: Final = "Redmine несколько раз не сохранил файл"


class _NotHad(Exception):
    """Staff have removed the file wherever it was: it is not brought back."""


@dataclass(frozen=True)
class _Sent:
    effect: EffectRow
    upload: Upload


@dataclass(frozen=True)
class Attaching:
    """Carries out `attach_file`, all that is due for a ticket in one step of its history.

    `grace`: how long what was sent may still be on its way before its absence means anything.
    """

    helpdesk: Helpdesk
    backoff: Backoff
    attempts: int
    grace: timedelta
    now: Callable[[], datetime]

    def carry_out(self, lease: Lease, ticket: TicketRow, issue: Issue) -> bool:
        """Attach what is due; True when that changed the issue.

        What the helpdesk does not take is recorded; the rules have staff told of it.
        """
        self._want(lease, ticket)
        left = self._without_settled(lease, self._due(lease), issue)
        if not left:
            return False
        with lease.writing() as session:
            for effect in left:
                outbox.begin_sending(session, effect.id, self.now())
        return self._attach(lease, issue, self._uploads(lease, left))

    def _want(self, lease: Lease, ticket: TicketRow) -> None:
        with lease.store.reading() as session:
            new = attachments.to_bring(session, ticket)
        if not new:
            return
        with lease.writing() as session:
            for attachment_id in new:
                outbox.add(
                    session,
                    ticket_id=ticket.id,
                    key=attachments.effect_key(attachment_id),
                    kind=EffectKind.ATTACH_FILE,
                    channel=None,
                    payload={"attachment": attachment_id},
                    now=self.now(),
                )

    def _due(self, lease: Lease) -> Sequence[EffectRow]:
        with lease.store.reading() as session:
            return outbox.due(session, lease.ticket_id, EffectKind.ATTACH_FILE, self.now())

    def _without_settled(
        self, lease: Lease, due: Sequence[EffectRow], issue: Issue
    ) -> list[EffectRow]:
        """Those still to be sent; what is seen in the issue is done, whatever its call said."""
        if not due:
            return []
        there = {file.name for file in issue.files if file.by_bridge}
        rows = self._rows(lease, due)
        left = []
        for effect in due:
            row = rows[_number(effect)]
            if row.name in there:
                self._done(lease, [effect])
            elif row.state == AttachmentState.REFUSED:
                record_failure(lease, effect, "refused", row.reason)
            elif self._is_on_its_way(effect):
                self._look_later(lease, [effect])
            elif effect.attempts >= self.attempts:
                record_failure(lease, effect, "unsaved", _UNSAVED)
            else:
                left.append(effect)
        return left

    def _is_on_its_way(self, effect: EffectRow) -> bool:
        sent = effect.sending_since if effect.state == EffectState.SENDING else None
        return sent is not None and self.now() < sent + self.grace

    def _uploads(self, lease: Lease, effects: Sequence[EffectRow]) -> Mapping[str, _Sent]:
        """The files sent, by name; those that could not be are dealt with here."""
        rows = self._rows(lease, effects)
        sent = {}
        for effect in effects:
            row = rows[_number(effect)]
            try:
                file = NewFile(row.name, row.content_type, self._content(lease, row))
                sent[row.name] = _Sent(effect, self.helpdesk.upload(file))
            except _NotHad:
                self._done(lease, [effect])
            except FileRefused as refusal:
                self._refuse(lease, effect, str(refusal))
            except HelpdeskUnavailable as error:
                log.warning("file not uploaded", attachment=row.id, why=str(error))
                self._again(lease, effect, "unavailable")
            lease.renew()
        return sent

    def _attach(self, lease: Lease, issue: Issue, sent: Mapping[str, _Sent]) -> bool:
        if not sent:
            return False
        try:
            self.helpdesk.attach(issue.id, [each.upload for each in sent.values()])
        except SilentlyDropped as drop:
            log.error("helpdesk silently dropped", issue=issue.id, names=drop.names)
            lost = [sent[name].effect for name in drop.names]
            for effect in lost:
                self._again(lease, effect, "dropped")
            self._done(lease, [each.effect for each in sent.values() if each.effect not in lost])
        except HelpdeskRefused as refusal:
            log.error("helpdesk refused", issue=issue.id, why=str(refusal))
            for each in sent.values():
                self._again(lease, each.effect, "refused")
            return False
        except HelpdeskUnavailable as error:
            log.warning("files perhaps attached", issue=issue.id, why=str(error))
            self._look_later(lease, [each.effect for each in sent.values()])
            return False
        else:
            self._done(lease, [each.effect for each in sent.values()])
        return True

    def _content(self, lease: Lease, row: AttachmentRow) -> bytes:
        """From the store, or from an issue that has it; raises `_NotHad` when none has it now."""
        with lease.store.reading() as session:
            kept = attachments.content(session, row.id)
            issues = attachments.holders(session, row.id)
        if kept is not None:
            return kept
        for issue_id in issues:
            content = self._copy(issue_id, row.name)
            if content is not None:
                return content
        raise _NotHad

    def _copy(self, issue_id: int, name: str) -> bytes | None:
        try:
            files = self.helpdesk.view(issue_id).files
            found = next((file for file in files if file.by_bridge and file.name == name), None)
            return self.helpdesk.download(found) if found else None
        except (IssueMissing, FileMissing):
            return None

    def _rows(self, lease: Lease, effects: Sequence[EffectRow]) -> Mapping[int, AttachmentRow]:
        with lease.store.reading() as session:
            return attachments.by_id(session, [_number(effect) for effect in effects])

    def _done(self, lease: Lease, effects: Sequence[EffectRow]) -> None:
        with lease.writing() as session:
            for effect in effects:
                outbox.finish(session, effect.id, state=EffectState.DONE, now=self.now())
            attachments.hand_over(session, [_number(effect) for effect in effects])

    def _refuse(self, lease: Lease, effect: EffectRow, reasons: str) -> None:
        """What the helpdesk does not take for one ticket it takes for none."""
        meaning = f"Redmine не принял файл: {reasons or 'причина не названа'}"
        with lease.writing() as session:
            attachments.refuse(session, _number(effect), meaning)
        record_failure(lease, effect, "refused", meaning)

    def _again(self, lease: Lease, effect: EffectRow, code: str) -> None:
        until = self.now() + self.backoff.after(effect.attempts + 1)
        with lease.writing() as session:
            outbox.postpone(session, effect.id, until, code, "")

    def _look_later(self, lease: Lease, effects: Sequence[EffectRow]) -> None:
        with lease.writing() as session:
            for effect in effects:
                until = (effect.sending_since or self.now()) + self.grace
                outbox.postpone_look(session, effect.id, until, "unknown", "")


def _number(effect: EffectRow) -> int:
    return int(effect.payload["attachment"])
