"""A ticket's history told step by step, in the office's local time of one working day."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bridge.sla.additions import KEY_PREFIX, Addition, AdditionKind
from bridge.sla.case import Case, Decision
from bridge.sla.circumstances import Circumstances
from bridge.sla.clocks import Clock
from bridge.sla.effects import Effect, PlaceAnswer, UpdateTicket
from bridge.sla.parts import Part, Whole
from bridge.sla.policy import Policy
from bridge.sla.rules import decide
from bridge.sla.service_time import ServiceCalendar
from bridge.sla.timeline import (
    AnswerKind,
    PlacementFact,
    PlacementOutcome,
    Status,
    Step,
    Timeline,
)

DAY: Final = "2026-11-23"
ZONE: Final = ZoneInfo("Asia/Yekaterinburg")
TEXT: Final = "Яма будет засыпана до 1 декабря."
REASON: Final = "3.7.3 Нет ответа на все поставленные вопросы"
INTERIM: Final = "Яма осмотрена, ждём асфальт на этой неделе."
LINK: Final = "https://vk.com/wall-1_2?reply=3"
UNTIL: Final = "24.11.2026 12:00"
APPROVING: Final = (Status.APPROVED, Status.INTERIM_APPROVED)
SAME: Final = object()


def local(text: str) -> datetime:
    """`16:20` is on the story's own day, `24 16:20` on the 24th of its month."""
    day, _, clock = text.rpartition(" ")
    return datetime.fromisoformat(f"{DAY[:-2]}{day or DAY[-2:]} {clock}").replace(tzinfo=ZONE)


@dataclass
class Story:
    """What happened so far. Each method adds a step and returns the story."""

    policy: Policy
    calendar: ServiceCalendar
    arrived: str = "16:00"
    steps: list[Step] = field(default_factory=list)
    placements: list[PlacementFact] = field(default_factory=list)
    frozen: dict[str, Clock] = field(default_factory=dict)
    due_date: date | None = None
    additions: list[Addition] = field(default_factory=list)
    around: Circumstances = field(default_factory=Circumstances)
    done: set[str] = field(default_factory=set)
    """Keys of what was carried out: the outbox carries nothing out twice."""
    parts: tuple[Part, ...] = ()
    whole: Whole | None = None
    split: tuple[str, ...] = ()

    def created(
        self,
        at: str,
        status: Status | None = Status.ASSIGNED,
        department: str | None = "roads",
        *,
        by_bridge: bool = True,
        **fields: str,
    ) -> "Story":
        self.steps.append(Step(local(at), 0, by_bridge, status, department, fields))
        return self

    def then(
        self,
        at: str,
        status: Status | object | None = SAME,
        department: str | object | None = SAME,
        *,
        by_bridge: bool = False,
        **fields: str,
    ) -> "Story":
        """What is not named stays as it was."""
        before = self.steps[-1]
        step = replace(
            before,
            at=local(at),
            journal_id=before.journal_id + 1,
            by_bridge=by_bridge,
            fields={**before.fields, **fields},
        )
        if status is not SAME:
            step = replace(step, status=status)
        if department is not SAME:
            step = replace(step, department=department)
        self.steps.append(step)
        return self

    def photos_needed(self, at: str, needed: str = "1") -> "Story":
        return self.then(at, photos_required=needed)

    def pictured(self, at: str) -> "Story":
        """Somebody attached a picture."""
        self.then(at)
        self.steps[-1] = replace(self.steps[-1], pictures=self.steps[-1].pictures + 1)
        return self

    def submitted(self, at: str, text: str = TEXT) -> "Story":
        return self.then(at, Status.REVIEW, answer_text=text)

    def interim(self, at: str, text: str = INTERIM, until: str = UNTIL) -> "Story":
        """The department submits an interim answer."""
        return self.then(at, Status.INTERIM_REVIEW, interim_text=text, interim_until=until)

    def interim_approved(self, at: str) -> "Story":
        return self.then(at, Status.INTERIM_APPROVED)

    def sent_back(self, at: str, reason: str = REASON) -> "Story":
        return self.then(at, Status.REVISION, revision_reason=reason)

    def approved(self, at: str) -> "Story":
        return self.then(at, Status.APPROVED)

    def placement(
        self, outcome: PlacementOutcome, at: str = "", code: str = "", meaning: str = ""
    ) -> "Story":
        """What became of the placement that the last approval asked for."""
        approval = max((s for s in self.steps if s.status in APPROVING), key=_number)
        is_final = approval.status is Status.APPROVED
        link = "https://vk.com/wall-1_2?reply=3" if outcome is PlacementOutcome.PLACED else ""
        fact = PlacementFact(
            approval.journal_id,
            approval.field("answer_text" if is_final else "interim_text"),
            outcome,
            local(at) if at else None,
            link,
            code,
            meaning,
            AnswerKind.FINAL if is_final else AnswerKind.INTERIM,
        )
        self.placements.append(fact)
        return self

    def also(self, steps: Iterable[Step]) -> "Story":
        """Further steps, told elsewhere."""
        self.steps.extend(steps)
        return self

    def adds(
        self,
        at: str,
        kind: AdditionKind,
        text: str = "",
        *,
        of_ticket: bool = True,
        text_before: str = "",
    ) -> "Story":
        """What the citizen did."""
        number = len(self.additions) + 1
        self.additions.append(Addition(number, kind, local(at), LINK, of_ticket, text, text_before))
        return self

    def untold(self) -> tuple[Addition, ...]:
        """The additions of which no effect was carried out."""
        told = {int(key.split(":")[1]) for key in self.done if key.startswith(KEY_PREFIX)}
        return tuple(each for each in self.additions if each.number not in told)

    def decide(self, now: str = "18:00") -> Decision:
        return decide(
            Case(
                Timeline(local(self.arrived), tuple(self.steps), tuple(self.placements)),
                self.policy,
                self.calendar,
                self.frozen,
                self.due_date,
                local(now),
                around=self.around,
                parts=self.parts,
                whole=self.whole,
                split=self.split,
                additions=self.untold(),
            )
        )

    def clocks(self, now: str = "18:00") -> dict[str, Clock]:
        return {clock.key: clock for clock in self.decide(now).clocks}

    def verdicts(self, now: str = "18:00") -> dict[str, str]:
        """By clock: its verdict, or `running`."""
        return {key: clock.verdict or "running" for key, clock in self.clocks(now).items()}

    def updates(self, now: str = "18:00") -> list[UpdateTicket]:
        """All but what a deadline does that is near or over."""
        alarming = (*self.warnings(now), *self.escalation(now))
        return [update for update in self._updates(now) if update not in alarming]

    def escalation(self, now: str) -> list[UpdateTicket]:
        """What goes beyond the clock's holder."""
        return [u for u in self._updates(now) if u.for_leaders or u.priority is not None]

    def warnings(self, now: str) -> list[UpdateTicket]:
        return [update for update in self._updates(now) if _is_warning(update)]

    def _updates(self, now: str) -> list[UpdateTicket]:
        return [effect for effect in self.decide(now).effects if isinstance(effect, UpdateTicket)]

    def placing(self, now: str = "18:00") -> list[PlaceAnswer]:
        return [effect for effect in self.decide(now).effects if isinstance(effect, PlaceAnswer)]

    def notes(self, now: str = "18:00") -> list[str]:
        return [update.note.template for update in self.updates(now) if update.note]

    def statuses(self, now: str = "18:00") -> list[str]:
        """The statuses that the ticket is to be given."""
        return [update.status for update in self.updates(now) if update.status]

    def fields(self, now: str = "18:00") -> dict[str, str]:
        """What the ticket's fields show once the decision is carried out."""
        shown = dict(self.steps[-1].fields)
        for update in self.updates(now):
            shown.update(update.fields)
        return shown

    def freeze(self, now: str = "18:00") -> "Story":
        """As the store does: keep every clock that has a verdict."""
        for key, clock in self.clocks(now).items():
            if not clock.running:
                self.frozen.setdefault(key, clock)
        return self

    def settle(self, now: str = "18:00", passes: int = 8) -> "Story":
        """Carry out what is decided, as the bridge does, until nothing is left to do."""
        for _ in range(passes):
            effect = next((e for e in self.decide(now).effects if e.key not in self.done), None)
            if effect is None:
                return self
            self.done.add(effect.key)
            self._carry_out(effect, now)
        raise AssertionError(f"not settled after {passes} passes: {sorted(self.done)}")

    def _carry_out(self, effect: Effect, now: str) -> None:
        if isinstance(effect, PlaceAnswer):
            self.placements.append(
                PlacementFact(
                    effect.approval,
                    effect.text,
                    PlacementOutcome.PLACED,
                    local(now),
                    f"https://vk.com/wall-1_2?reply={effect.approval}",
                    kind=effect.kind,
                )
            )
            return
        status = Status(effect.status) if effect.status else SAME
        self.then(now, status, by_bridge=True, **effect.fields)
        self.due_date = effect.due_date or self.due_date


def _is_warning(update: UpdateTicket) -> bool:
    return update.note is not None and update.note.template == "deadline_near"


def _number(step: Step) -> int:
    return step.journal_id
