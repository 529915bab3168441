"""From an issue and its journal to a ticket's timeline.

Redmine tells the present state and what each journal entry changed; the states in between follow
by undoing the entries from the newest back.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from bridge.helpdesk.port import SOMEBODY, Change, Issue, JournalEntry
from bridge.placement_outcomes import outcome_of
from bridge.sla.timeline import AnswerKind, PlacementFact, PlacementOutcome, Status, Step, Timeline
from bridge.store.models import EffectRow


@dataclass
class _State:
    """The ticket while its history is undone, newest entry first."""

    status: str | None
    department: str | None
    fields: dict[str, str]
    pictures: int
    of_bridge: frozenset[str]
    """Pictures that the bridge attached: the citizen's."""

    def differs_from(self, entry: JournalEntry) -> bool:
        """Whether something that left no entry came after this one (an edit of the database)."""
        now = {"status": self.status, "department": self.department}
        return any(change.new != now.get(change.name, change.new) for change in entry.changes)

    def undo(self, entry: JournalEntry) -> None:
        for change in entry.changes:
            if change.name == "status":
                self.status = change.old
            elif change.name == "department":
                self.department = change.old
            elif change.name == "photo":
                self.pictures -= _pictures_added(change, self.of_bridge)
            else:
                self.fields[change.name] = change.old or ""

    def step(self, at: datetime, journal_id: int, by_bridge: bool) -> Step:
        return Step(
            at=at,
            journal_id=journal_id,
            by_bridge=by_bridge,
            status=_known(self.status),
            department=self.department,
            fields=dict(self.fields),
            pictures=self.pictures,
        )


def observe(issue: Issue, arrived_at: datetime, placements: Iterable[EffectRow]) -> Timeline:
    """Build the timeline of an issue; `placements` are the ticket's effects of placing answers."""
    of_bridge = _attached_by_bridge(issue)
    pictures = sum(
        _pictures_added(change, of_bridge) for entry in issue.journal for change in entry.changes
    )
    state = _State(issue.status, issue.department, dict(issue.fields), pictures, of_bridge)
    steps, unseen = [], set()
    for entry in sorted(issue.journal, key=lambda entry: entry.id, reverse=True):
        steps.append(state.step(entry.at, entry.id, entry.by_bridge))
        if state.differs_from(entry):
            unseen.add(entry.id)
        state.undo(entry)
    steps.append(state.step(issue.created_at, 0, issue.by_bridge))
    facts = (_fact(row, outcome) for row in placements if (outcome := outcome_of(row)))
    return Timeline(
        arrived_at,
        tuple(_in_charge(reversed(steps))),
        tuple(facts),
        unseen_changes=frozenset(unseen),
    )


def _in_charge(steps: Iterable[Step]) -> Iterator[Step]:
    """A department stays in charge while one of its people, or anybody, holds the ticket."""
    department: str | None = None
    for step in steps:
        if step.department != SOMEBODY:
            department = step.department
        yield replace(step, department=department)


def _attached_by_bridge(issue: Issue) -> frozenset[str]:
    return frozenset(
        change.new
        for entry in issue.journal
        for change in entry.changes
        if entry.by_bridge and change.name == "photo" and change.new
    )


def _pictures_added(change: Change, of_bridge: frozenset[str]) -> int:
    """What a change adds to the pictures that staff attached. A ticket is created without any."""
    if change.name != "photo" or {change.new, change.old} & of_bridge:
        return 0
    return (change.new is not None) - (change.old is not None)


def _known(status: str | None) -> Status | None:
    with suppress(ValueError):
        return Status(status) if status else None
    return None


def _fact(row: EffectRow, outcome: PlacementOutcome) -> PlacementFact:
    return PlacementFact(
        approval=row.payload["approval"],
        text=row.payload["text"],
        outcome=outcome,
        at=row.finished_at,
        link=row.result.get("link", ""),
        code=row.code,
        meaning=row.meaning,
        kind=AnswerKind(row.payload.get("kind", AnswerKind.FINAL)),
    )
