"""What a decision takes for granted where the ticket's history does not tell.

A history may begin in the middle, have gaps, or be an administrator's work. The rules give a result
all the same; this says in Russian what it rests on, so that whoever doubts a verdict finds out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bridge.sla.timeline import (
    ANSWER_IS_IN,
    INTERIM_IS_IN,
    WITHOUT_ANSWER,
    PlacementOutcome,
    Status,
    Step,
    Timeline,
)

_BEGINNINGS: Final = frozenset({Status.NEW, Status.ASSIGNED, None})
_DEPARTMENTS_TURN: Final = frozenset({Status.ASSIGNED, Status.IN_PROGRESS, Status.REVISION})


@dataclass(frozen=True)
class Assumption:
    """One kind of gap: `journal_id` is the first entry that shows it, `words` what was assumed."""

    key: str
    journal_id: int
    words: str


def assumptions(timeline: Timeline) -> tuple[Assumption, ...]:
    """Every kind of gap in the history, each once; none where the bridge saw all of it."""
    found = ((key, next(gaps(timeline), None), words) for key, gaps, words in _KINDS)
    return tuple(Assumption(key, at, words) for key, at, words in found if at is not None)


def _made_by_hand(timeline: Timeline) -> Iterator[int]:
    first = timeline.steps[0]
    if not first.by_bridge:
        yield first.journal_id


def _begins_answered(timeline: Timeline) -> Iterator[int]:
    first = timeline.steps[0]
    if first.status in ANSWER_IS_IN:
        yield first.journal_id


def _begins_in_the_middle(timeline: Timeline) -> Iterator[int]:
    first = timeline.steps[0]
    if first.status not in _BEGINNINGS | ANSWER_IS_IN:
        yield first.journal_id


def _arrived_after_creation(timeline: Timeline) -> Iterator[int]:
    first = timeline.steps[0]
    if timeline.arrived_at > first.at:
        yield first.journal_id


def _unknown_status(timeline: Timeline) -> Iterator[int]:
    return (step.journal_id for step in timeline.steps if step.status is None)


def _without_department(timeline: Timeline) -> Iterator[int]:
    for step in timeline.steps:
        if step.department is None and step.status in _DEPARTMENTS_TURN | INTERIM_IS_IN:
            yield step.journal_id


def _time_goes_back(timeline: Timeline) -> Iterator[int]:
    return (after.journal_id for before, after in pairwise(timeline.steps) if after.at < before.at)


def _changed_unseen(timeline: Timeline) -> Iterator[int]:
    return iter(sorted(timeline.unseen_changes))


def _placed_by_word_alone(timeline: Timeline) -> Iterator[int]:
    seen = any(fact.outcome is PlacementOutcome.PLACED for fact in timeline.placements)
    return (step.journal_id for step in timeline.steps if not seen and _is_placed_by_word(step))


def _is_placed_by_word(step: Step) -> bool:
    return step.status is Status.PLACED and not step.field("answer_link")


def _reopened(timeline: Timeline) -> Iterator[int]:
    for before, after in pairwise(timeline.steps):
        if before.status in WITHOUT_ANSWER | {Status.PLACED} and after.status is not before.status:
            yield after.journal_id


Finder = Callable[[Timeline], Iterator[int]]

_KINDS: Final[tuple[tuple[str, Finder, str], ...]] = (
    (
        "made_by_hand",
        _made_by_hand,
        "карточку создал не мост: считается, что названный в ней исполнитель получил её тогда же",
    ),
    (
        "begins_answered",
        _begins_answered,
        "история начинается с готового ответа: считается, что он поступил при создании карточки",
    ),
    (
        "begins_in_the_middle",
        _begins_in_the_middle,
        "история начинается посередине: того, что было раньше, сроки не учитывают",
    ),
    (
        "arrived_after_creation",
        _arrived_after_creation,
        "карточка создана раньше, чем поступило сообщение: срок направления (пункт 3.1) "
        "отсчитан от поступления",
    ),
    (
        "unknown_status",
        _unknown_status,
        "статуса нет в настройке: считается, что прежний сохранился",
    ),
    (
        "without_department",
        _without_department,
        "исполнитель не назван или не из справочника: его срок не отсчитывается",
    ),
    (
        "time_goes_back",
        _time_goes_back,
        "запись журнала помечена временем раньше предыдущей: порядок взят по номерам записей",
    ),
    (
        "changed_unseen",
        _changed_unseen,
        "статус или исполнитель изменены в обход журнала: считается, что вместе с этой записью",
    ),
    (
        "placed_by_word_alone",
        _placed_by_word_alone,
        "ссылки на ответ нет: размещение принято со слов сотрудника",
    ),
    (
        "reopened",
        _reopened,
        "закрытую карточку открыли снова: прежние вердикты не пересматриваются",
    ),
)
