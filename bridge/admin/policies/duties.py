"""A policy as a row of duties, in the order in which they fall due: what table and picture show."""

from collections.abc import Iterator
from dataclasses import dataclass

from bridge.admin.policies.wording import (
    STARTS,
    STOPS,
    parties_in_words,
    term_in_words,
    warnings_in_words,
)
from bridge.sla.alarm import WarningPoint
from bridge.sla.policy import ClockRule, DayTerm, InterimRule, Party, Policy, StartEvent, TimeTerm
from bridge.sla.wording import CLOCK_TITLES

_BY_ANSWERS_DUE = "к сроку подготовки ответа"


@dataclass(frozen=True)
class PolicyDuty:
    """One duty. `begins` is the row that must end before it starts, None for the arrival.

    A duty without a term of its own (an interim answer) is due when the row `like` is.
    """

    key: str
    title: str
    clause: str
    held_by: tuple[Party, ...]
    starts: str
    term: TimeTerm | DayTerm | None
    stops: str
    warnings: tuple[WarningPoint, ...]
    begins: str | None
    like: str | None = None
    important: str = ""

    @property
    def who(self) -> str:
        """Whose duty it is."""
        return parties_in_words(self.held_by)

    @property
    def length(self) -> str:
        """How long it may take."""
        return term_in_words(self.term) if self.term else _BY_ANSWERS_DUE

    @property
    def warned(self) -> str:
        """When the holder is warned."""
        return warnings_in_words(self.warnings)


def duties_of(policy: Policy) -> tuple[PolicyDuty, ...]:
    """Every duty that the policy times."""
    return tuple(_duties(policy))


def _duties(policy: Policy) -> Iterator[PolicyDuty]:
    routed = "routing" if policy.routing else None
    for key, rule in (("first_reaction", policy.first_reaction), ("routing", policy.routing)):
        if rule:
            yield _timed(key, CLOCK_TITLES[rule.clock], rule, None)
    sent = routed if policy.answer.starts is StartEvent.SENT else None
    yield _timed("answer", "Подготовка ответа", policy.answer, sent)
    if policy.photos:
        needs_routing = policy.photos.starts is StartEvent.SENT
        yield _timed(
            "photos", "Ответ с фотографиями", policy.photos, routed if needs_routing else None
        )
    if policy.interim:
        yield from _interim(policy.interim, sent)
    if policy.placement:
        yield _timed("placement", "Размещение ответа", policy.placement, "answer")
    if policy.revision:
        returned = "placement" if policy.placement else "answer"
        yield _timed("revision", "Доработка ответа", policy.revision, returned)


def _timed(key: str, title: str, rule: ClockRule, begins: str | None) -> PolicyDuty:
    return PolicyDuty(
        key=key,
        title=title,
        clause=rule.clause,
        held_by=rule.held_by,
        starts=STARTS[rule.starts],
        term=rule.term,
        stops=STOPS[rule.stops],
        warnings=rule.warnings,
        begins=begins,
        important="; ".join(term_in_words(term) for term in rule.by_importance.values()),
    )


def _interim(rule: InterimRule, begins: str | None) -> Iterator[PolicyDuty]:
    yield PolicyDuty(
        key="interim",
        title="Промежуточный ответ",
        clause=rule.clause,
        held_by=rule.held_by,
        starts="нужна дополнительная проработка",
        term=None,
        stops="промежуточный ответ размещён",
        warnings=rule.warnings,
        begins=begins,
        like="answer",
    )
    from_due = rule.counted_from == "answer_due"
    yield PolicyDuty(
        key="final",
        title="Окончательный ответ",
        clause=rule.clause,
        held_by=rule.held_by,
        starts="конец срока ответа" if from_due else "промежуточный ответ размещён",
        term=rule.extension,
        stops="ответ передан куратору",
        warnings=rule.warnings,
        begins="answer",
    )
