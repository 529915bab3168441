"""What of a ticket is not as the rules want it, in the store or in the helpdesk, and why.

Pure, like `bridge.sla`: it compares what was read and computed, and reads nothing itself.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from bridge.helpdesk.port import Issue, JournalEntry
from bridge.sla.case import Case, Decision
from bridge.sla.clocks import Clock, Verdict
from bridge.sla.effects import Effect, PlaceAnswer, UpdateTicket
from bridge.sla.field_moments import field_moment
from bridge.store.models import Cause, EffectRow, EffectState, Side

BRIDGES_FIELDS: Final = frozenset(
    {
        "arrived_at",
        "sent_at",
        "answer_due",
        "placement_due",
        "final_due",
        "deadline_state",
        "answer_link",
    }
)
"""Fields that nobody but the bridge is to change."""

_STATES: Final = {
    None: "идёт",
    Verdict.IN_TIME: "в срок",
    Verdict.LATE: "с опозданием",
    Verdict.CANCELLED: "снят",
}
_UNTRIED: Final = {EffectState.WITHDRAWN}
_WAITING: Final = {EffectState.PENDING, EffectState.SENDING}


@dataclass(frozen=True)
class Difference:
    """One thing that is not as the rules want it.

    `was` is what the `side` shows, `became` what it is to show; instants are in the office's time.
    `frozen`: a verdict that would be another today. It stays as it is (reading 1).
    """

    side: Side
    what: str
    was: str
    became: str
    cause: Cause
    frozen: bool = False


@dataclass(frozen=True)
class Remembered:
    """What the store knows of a ticket; `effects` by key, those that the decision wants."""

    status: str
    closed: bool
    observed_journal: int
    look_at: datetime | None
    clocks: tuple[Clock, ...]
    effects: Mapping[str, EffectRow]
    announced: Collection[int]
    """Journal entries, of those not yet observed, whose webhook has come."""


@dataclass(frozen=True)
class Patience:
    """How long a webhook may be on its way, and how long what is known may wait for a worker."""

    webhook: timedelta
    work: timedelta


@dataclass(frozen=True)
class Comparison:
    """One ticket: what the store remembers, the issue as read, and what the rules make of it.

    `unfrozen`: the clocks as they would be today if none had had its verdict.
    """

    remembered: Remembered
    issue: Issue
    case: Case
    decision: Decision
    unfrozen: tuple[Clock, ...]
    patience: Patience

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """All that is not as it should be, without what is still on its way to the workers."""
        return tuple(self._differences())

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do: neither mending nor any effect that still waits."""
        return (
            not any(not difference.frozen for difference in self.differences)
            and self._is_observed()
            and not any(self._is_open(effect) for effect in self.decision.effects)
        )

    def _is_observed(self) -> bool:
        remembered = self.remembered
        return (
            remembered.status == (self.issue.status or "")
            and remembered.closed == self.decision.closed
            and remembered.observed_journal >= self._newest_journal
            and {clock.key: clock for clock in remembered.clocks}
            == {clock.key: clock for clock in self.decision.clocks}
        )

    def _is_open(self, effect: Effect) -> bool:
        row = self.remembered.effects.get(effect.key)
        return row is None or row.state in _UNTRIED | _WAITING

    def _differences(self) -> Iterator[Difference]:
        yield from self._unseen_journal()
        yield from self._other_status()
        yield from self._other_clocks()
        yield from self._other_verdicts()
        for effect in self.decision.effects:
            yield from self._undone(effect)

    def _unseen_journal(self) -> Iterator[Difference]:
        if self._news and self._cause:
            was, became = self.remembered.observed_journal, self._news[-1].id
            yield Difference(Side.STORE, "journal", str(was), str(became), self._cause)

    def _other_status(self) -> Iterator[Difference]:
        was, became = self.remembered.status, self.issue.status or ""
        if was != became and self._cause:
            yield Difference(Side.STORE, "status", was, became, self._cause)

    def _other_clocks(self) -> Iterator[Difference]:
        stored = {clock.key: clock for clock in self.remembered.clocks}
        wanted = {clock.key: clock for clock in self.decision.clocks}
        for key in dict.fromkeys((*stored, *wanted)):
            was, became = stored.get(key), wanted.get(key)
            cause = self._cause_of_clock(was, became)
            if was != became and cause:
                yield self._clock(key, was, became, cause)

    def _other_verdicts(self) -> Iterator[Difference]:
        """Frozen clocks that would have fared otherwise today."""
        today = {clock.key: clock for clock in self.unfrozen}
        for key, frozen in self.case.frozen.items():
            became = today.get(key)
            if became is None or _fate(became) != _fate(frozen):
                cause = Cause.CHANGED_RULES if self._is_retimed(frozen) else Cause.UNKNOWN
                yield self._clock(key, frozen, became, cause, frozen=True)

    def _undone(self, effect: Effect) -> Iterator[Difference]:
        row = self.remembered.effects.get(effect.key)
        if row and row.state in _WAITING and not self._is_overdue(row.next_attempt_at):
            return
        if isinstance(effect, PlaceAnswer):
            yield from self._not_begun("placement", effect.key, row)
            return
        yield from self._unwritten(effect, row)
        if effect.note and (row is None or row.state != EffectState.DONE):
            yield from self._not_begun("note", effect.key, row)

    def _not_begun(self, what: str, key: str, row: EffectRow | None) -> Iterator[Difference]:
        """What is begun has a fate of its own, which staff see: only what is not is told of."""
        if row is None or row.state in _UNTRIED:
            cause = self._cause
        elif what == "note":
            cause = self._cause_of_row(row)
        else:
            return
        if cause:
            yield Difference(Side.HELPDESK, what, "", key, cause)

    def _unwritten(self, update: UpdateTicket, row: EffectRow | None) -> Iterator[Difference]:
        for what, was, became in self._unlike(update):
            cause = self._cause_of_field(what, became, row)
            if cause:
                yield Difference(Side.HELPDESK, what, was, became, cause)

    def _unlike(self, update: UpdateTicket) -> Iterator[tuple[str, str, str]]:
        """Name, present and wanted value of what the update would change."""
        issue = self.issue
        if update.status and update.status != issue.status:
            yield "status", issue.status or "", update.status
        for name, value in update.fields.items():
            if issue.fields.get(name, "") != value:
                yield name, issue.fields.get(name, ""), value
        if update.due_date and update.due_date != issue.due_date:
            was = f"{issue.due_date:%d.%m.%Y}" if issue.due_date else ""
            yield "due_date", was, f"{update.due_date:%d.%m.%Y}"

    # Causes

    @cached_property
    def _news(self) -> tuple[JournalEntry, ...]:
        """What staff did since the store last saw the issue, oldest first."""
        seen = self.remembered.observed_journal
        entries = sorted(self.issue.journal, key=lambda entry: entry.id)
        return tuple(entry for entry in entries if entry.id > seen and not entry.by_bridge)

    @property
    def _newest_journal(self) -> int:
        return max((entry.id for entry in self.issue.journal), default=0)

    @cached_property
    def _cause(self) -> Cause | None:
        """Why the ticket as a whole is behind; None: it is not, its news is on its way."""
        if any(self._is_lost(entry) for entry in self._news):
            return Cause.LOST_WEBHOOK
        if self._news:
            late = any(self._is_overdue(entry.at) for entry in self._news)
            return Cause.BEHIND if late else None
        if any(self._is_retimed(clock) for clock in self.remembered.clocks if clock.running):
            return Cause.CHANGED_RULES
        if self._newest_journal > self.remembered.observed_journal:
            return None
        look_at = self.remembered.look_at
        if look_at and look_at <= self.case.now:
            return Cause.BEHIND if self._is_overdue(look_at) else None
        return Cause.UNKNOWN

    def _cause_of_clock(self, was: Clock | None, became: Clock | None) -> Cause | None:
        if was and was.running and became and became.running and self._is_retimed(was):
            return Cause.CHANGED_RULES
        return self._cause

    def _cause_of_field(self, name: str, value: str, row: EffectRow | None) -> Cause | None:
        if row and row.state not in _UNTRIED:
            return self._cause_of_row(row)
        writer, written = self._last_writer(name)
        if name in BRIDGES_FIELDS and writer == "staff":
            return Cause.EDITED_BY_HAND
        if writer == "bridge" and written == value:
            return Cause.SILENT_DROP
        return self._cause

    def _cause_of_row(self, row: EffectRow) -> Cause:
        if row.state in _WAITING:
            return Cause.BEHIND
        return Cause.REFUSED if row.code == "refused" else Cause.SILENT_DROP

    def _last_writer(self, name: str) -> tuple[str, str]:
        """Who changed the field last, and to what."""
        for entry in sorted(self.issue.journal, key=lambda entry: entry.id, reverse=True):
            for change in entry.changes:
                if change.name == name:
                    return "bridge" if entry.by_bridge else "staff", change.new or ""
        return "", ""

    def _is_lost(self, entry: JournalEntry) -> bool:
        """Redmine announces a private note together with another entry, or without its number."""
        waited = self.case.now - entry.at
        is_announced = entry.private or entry.id in self.remembered.announced
        return not is_announced and waited > self.patience.webhook

    def _is_overdue(self, since: datetime) -> bool:
        return self.case.now - since > self.patience.work

    def _is_retimed(self, clock: Clock) -> bool:
        present = (self.case.policy.version, self.case.calendar.version)
        return (clock.policy_version, clock.calendar_version) != present

    def _clock(
        self,
        key: str,
        was: Clock | None,
        became: Clock | None,
        cause: Cause,
        *,
        frozen: bool = False,
    ) -> Difference:
        zone = self.case.calendar.zone
        old, new = _told(was, zone), _told(became, zone)
        if old == new and was and became:
            old, new = f"{old} ({_rules(was)})", f"{new} ({_rules(became)})"
        return Difference(Side.STORE, f"clock {key}", old, new, cause, frozen)


def _told(clock: Clock | None, zone: ZoneInfo) -> str:
    """«п. 3.2.1, до 23.11.2026 18:30, идёт»; empty for no clock."""
    if clock is None:
        return ""
    return f"п. {clock.clause}, до {field_moment(clock.due, zone)}, {_STATES[clock.verdict]}"


def _rules(clock: Clock) -> str:
    return f"политика {clock.policy_version}, календарь {clock.calendar_version}"


def _fate(clock: Clock) -> tuple[object, ...]:
    return clock.clause, clock.start, clock.due, clock.stop, clock.verdict
