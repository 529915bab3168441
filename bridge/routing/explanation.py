"""Says in Russian why a message was routed as it was: to staff, and to whoever edits the rules."""

from collections.abc import Iterable, Iterator, Sequence

from bridge.routing.mapping import DepartmentMapping
from bridge.routing.route import Reason, Route, RuleKind

_KINDS = {
    RuleKind.KEYWORD: "ключевое слово",
    RuleKind.PHRASE: "словосочетание",
    RuleKind.HINTS: "слова, указывающие на тему вместе",
    RuleKind.WEAK_KEYWORD: "единственное слово, указывающее на тему",
    RuleKind.TERRITORY: "район или микрорайон",
    RuleKind.STREET: "улица района",
    RuleKind.TOPIC: "рубрика отправителя",
}
_ALTERNATIVES_SHOWN = 3
_GROUNDS_SHOWN = 4
_NOT_BY_WORDS = (RuleKind.TOPIC, RuleKind.LIKENESS)
_SEVERAL = "Вопросы относятся к нескольким подразделениям:"
_PERHAPS_SEVERAL = "Возможно, вопросы относятся к нескольким подразделениям:"
_NEITHER_FOUND = (
    "Подразделение по тексту не определено: ни слова из перечня подразделений, ни сходство с "
    "прежними обращениями его не называют."
)
_NOTHING_FOUND = "Подразделение по тексту не определено: слов из перечня подразделений не найдено."


def explain_in_russian(route: Route, mapping: DepartmentMapping) -> str:
    """Return a few lines for a ticket: alerts, then each department with the words that named it.

    Plain text: words and names only, which mean nothing as markup.
    """
    return "\n".join([*_alerts(route), *_told_to_staff(route, mapping)])


def explain_rules_in_russian(route: Route, mapping: DepartmentMapping) -> str:
    """Return the same for whoever edits the rules: with rules, confidence and rules' version."""
    return "\n".join([*_alerts(route), *_told_to_editor(route, mapping)])


def explain_alerts_in_russian(route: Route) -> str:
    """Return what makes the message important, with the words; empty when nothing does."""
    return "; ".join(f"{alert.name} ({_quoted(alert.words)})" for alert in route.alerts)


def _alerts(route: Route) -> list[str]:
    return [f"Важно: {alert.name} ({_quoted(alert.words)})." for alert in route.alerts]


def _told_to_staff(route: Route, mapping: DepartmentMapping) -> Iterator[str]:
    named = [_department_and_grounds(route, key, mapping) for key in route.departments]
    sure = route.confidence >= mapping.confidence_threshold
    match named:
        case []:
            yield _nothing_found(route)
        case [single]:
            yield ("Подразделение" if sure else "Возможное подразделение") + f": {single}."
        case several:
            yield _SEVERAL if sure else _PERHAPS_SEVERAL
            yield from (f"— {one}." for one in several)


def _department_and_grounds(route: Route, department: str, mapping: DepartmentMapping) -> str:
    name = mapping.department(department).name
    reasons = list(_telling(each for each in route.reasons if each.department == department))
    grounds = "; ".join(
        [
            *_by_rubrics(each for each in reasons if each.kind is RuleKind.TOPIC),
            *_by_words([each for each in reasons if each.kind not in _NOT_BY_WORDS]),
            *_by_likeness(each for each in reasons if each.kind is RuleKind.LIKENESS),
        ]
    )
    return f"{name} ({grounds})"


def _by_rubrics(reasons: Iterable[Reason]) -> Iterator[str]:
    for reason in reasons:
        yield f"по рубрике отправителя {_quoted(reason.words)}"


def _by_words(reasons: Sequence[Reason]) -> Iterator[str]:
    if reasons:
        shown = ", ".join(_quoted(reason.words) for reason in reasons[:_GROUNDS_SHOWN])
        more = " и другие" if len(reasons) > _GROUNDS_SHOWN else ""
        yield f"по словам {shown}{more}"


def _by_likeness(reasons: Iterable[Reason]) -> Iterator[str]:
    for reason in reasons:
        words = f": слова {_listed(reason.words)}" if reason.words else ""
        yield f"по сходству с прежними обращениями{words}"


def _nothing_found(route: Route) -> str:
    return _NEITHER_FOUND if route.model_version else _NOTHING_FOUND


def _told_to_editor(route: Route, mapping: DepartmentMapping) -> Iterator[str]:
    if route.departments:
        yield "Подразделение определено по тексту сообщения:"
        for key in route.departments:
            told = "; ".join(grounds(route, key))
            yield f"— {mapping.department(key).name}: {told}."
        yield f"Уверенность: {route.confidence:.0%}.".replace("%", " %")
        if route.confidence < mapping.confidence_threshold:
            yield "Уверенность низкая: это предложение, решение принимает куратор."
    else:
        yield f"{_nothing_found(route)} Исполнителя определяет куратор."
    yield f"Версия правил: {route.mapping_version}."
    if route.model_version:
        yield f"Версия модели: {route.model_version}."


def grounds(route: Route, department: str) -> Iterator[str]:
    """One ground for each set of words: «дорога» says nothing after «дорога … чищена»."""
    reasons = (each for each in route.reasons if each.department == department)
    return map(_words_and_rule, _telling(reasons))


def _telling(reasons: Iterable[Reason]) -> Iterator[Reason]:
    """The first ground is told in any case: the classifier may have no word to show."""
    told: set[str] = set()
    for place, reason in enumerate(reasons):
        if place == 0 or not told.issuperset(reason.words):
            yield reason
            told.update(reason.words)


def _words_and_rule(reason: Reason) -> str:
    if reason.kind is RuleKind.LIKENESS:
        return "; ".join(_by_likeness([reason]))
    return f"{_quoted(reason.words)} ({_KINDS[reason.kind]}: {_shortened(reason.pattern)})"


def _shortened(pattern: str) -> str:
    return " ".join(_shortened_slot(slot.split("|")) for slot in pattern.split())


def _shortened_slot(alternatives: list[str]) -> str:
    shown = alternatives[:_ALTERNATIVES_SHOWN]
    return "|".join(shown if len(shown) == len(alternatives) else [*shown, "…"])


def _quoted(words: tuple[str, ...]) -> str:
    return "«" + " … ".join(words) + "»"


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"«{word}»" for word in words)
