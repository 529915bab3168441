"""All deadlines of one message as far as they can be told beforehand, for `bridge due`.

A clock whose start is not known yet is shown from the latest start that still keeps the clocks
before it, and says so.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bridge.sla.deadlines import Deadline, after, deadline, final_deadline, interim_deadline
from bridge.sla.policy import ClockRule, Policy, StartEvent
from bridge.sla.service_time import ServiceCalendar
from bridge.sla.wording import cited, local_moment


@dataclass(frozen=True, slots=True)
class DueCase:
    """What is known of a message; every instant is aware.

    Raises ValueError when the instants contradict one another.
    """

    sent_at: datetime
    """The ticket reached the department."""
    arrived_at: datetime | None = None
    interim_at: datetime | None = None
    """An interim answer was placed."""
    photos: bool = False

    def __post_init__(self) -> None:
        if self.arrived_at is not None and self.arrived_at > self.sent_at:
            raise ValueError("arrived_at позже sent_at: сообщение отправлено раньше, чем поступило")
        if self.interim_at is not None and self.interim_at < self.sent_at:
            raise ValueError("interim_at раньше sent_at: промежуточный ответ раньше сообщения")


def forecast(policy: Policy, case: DueCase, calendar: ServiceCalendar) -> tuple[Deadline, ...]:
    """Return the deadline of every clock of the policy, in the order in which they run.

    Raises ValueError when a deadline leaves the calendar's years.
    """
    answer = _answer(policy, case, calendar)
    interim, final = _interim_and_final(policy, case, answer, calendar)
    last_submission = answer if final is None else final
    placement = _assumed(policy.placement, "ответ поступит", last_submission, calendar)
    returned_by = last_submission if placement is None else placement
    revision = _assumed(policy.revision, "ответ вернут на доработку", returned_by, calendar)
    earlier = (
        _from_arrival(rule, case, calendar)
        for rule in (policy.first_reaction, policy.routing)
        if rule is not None
    )
    later = (interim, final, placement, revision)
    return (*earlier, answer, *(clock for clock in later if clock is not None))


def _answer(policy: Policy, case: DueCase, calendar: ServiceCalendar) -> Deadline:
    rule = policy.photos if case.photos and policy.photos is not None else policy.answer
    clock = (
        deadline(rule, case.sent_at, calendar)
        if rule.starts is StartEvent.SENT
        else _from_arrival(rule, case, calendar)
    )
    if case.photos and policy.photos is None:
        return _noted(clock, "политика не меняет срок из-за фотоматериалов")
    return clock


def _from_arrival(rule: ClockRule, case: DueCase, calendar: ServiceCalendar) -> Deadline:
    if case.arrived_at is not None:
        return deadline(rule, case.arrived_at, calendar)
    clock = deadline(rule, case.sent_at, calendar)
    return _noted(clock, "момент поступления не указан, взят момент направления исполнителю")


def _interim_and_final(
    policy: Policy, case: DueCase, answer: Deadline, calendar: ServiceCalendar
) -> tuple[Deadline | None, Deadline | None]:
    rule = policy.interim
    if rule is None:
        return None, None
    interim = interim_deadline(rule, answer)
    if case.photos and policy.photos is not None and not policy.photos.interim_extends:
        return _noted(interim, f"срок по {cited(answer.clause)} он не продлевает"), None
    if case.interim_at is None:
        return interim, None
    placed = f"размещён {local_moment(case.interim_at, calendar.zone)}"
    if case.interim_at > answer.due:
        return _noted(interim, f"{placed}, позже срока: срок ответа не продлевается"), None
    final = final_deadline(rule, answer, [case.interim_at], calendar)
    outcome = "продлевает" if final is not None else "не продлевает"
    return _noted(interim, f"{placed}, в срок: {outcome} срок ответа"), final


def _assumed(
    rule: ClockRule | None, event: str, latest: Deadline, calendar: ServiceCalendar
) -> Deadline | None:
    """Return the clock as if it started at the last moment that `latest` allows."""
    if rule is None:
        return None
    moment = local_moment(latest.due, calendar.zone)
    clock = after(latest, deadline(rule, latest.due, calendar))
    return _noted(clock, f"если {event} в последний момент, {moment}")


def _noted(clock: Deadline, note: str) -> Deadline:
    return replace(clock, explanation=f"{clock.explanation}; {note}")
