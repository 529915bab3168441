"""Says in Russian why a message was routed as it was: to staff, and to whoever edits the rules."""

from collections.abc import Callable, Iterable, Iterator

from bridge.routing.mapping import DepartmentMapping
from bridge.routing.route import Reason, Route, RuleKind

_KINDS = {
    RuleKind.KEYWORD: "ключевое слово",
    RuleKind.PHRASE: "словосочетание",
    RuleKind.HINTS: "слова, указывающие на тему вместе",
    RuleKind.WEAK_KEYWORD: "единственное слово, указывающее на тему",
    RuleKind.TERRITORY: "район или микрорайон",
    RuleKind.STREET: "улица района",
}
_ALTERNATIVES_SHOWN = 3
_GROUNDS_SHOWN = 4
_NOTHING_FOUND = "Подразделение по тексту не определено: слов из перечня подразделений не найдено."


def explain_in_russian(route: Route, mapping: DepartmentMapping) -> str:
    """Return a few lines for a ticket: alerts, then each department with the words that named it.

    Plain text: words and names only, which mean nothing as markup.
    """
    return "\n".join([*_alerts(route), *_told_to_staff(route, mapping)])


def explain_rules_in_russian(route: Route, mapping: DepartmentMapping) -> str:
    """Return the same for whoever edits the rules: with rules, confidence and rules' version."""
    return "\n".join([*_alerts(route), *_told_to_editor(route, mapping)])


def _alerts(route: Route) -> list[str]:
    return [f"Важно: {alert.name} ({_quoted(alert.words)})." for alert in route.alerts]


def _told_to_staff(route: Route, mapping: DepartmentMapping) -> Iterator[str]:
    named = [_department_and_words(route, key, mapping) for key in route.departments]
    sure = route.confidence >= mapping.confidence_threshold
    match named:
        case []:
            yield _NOTHING_FOUND
        case [single]:
            yield ("Подразделение" if sure else "Возможное подразделение") + f": {single}."
        case several:
            yield "Вопросы относятся к нескольким подразделениям:"
            yield from (f"— {one}." for one in several)


def _department_and_words(route: Route, department: str, mapping: DepartmentMapping) -> str:
    grounds = list(_grounds(route, department, _words))
    shown = ", ".join(grounds[:_GROUNDS_SHOWN])
    more = " и другие" if len(grounds) > _GROUNDS_SHOWN else ""
    return f"{mapping.department(department).name} (по словам {shown}{more})"


def _told_to_editor(route: Route, mapping: DepartmentMapping) -> Iterator[str]:
    if route.departments:
        yield "Подразделение определено по тексту сообщения:"
        for key in route.departments:
            grounds = "; ".join(_grounds(route, key, _words_and_rule))
            yield f"— {mapping.department(key).name}: {grounds}."
        yield f"Уверенность: {route.confidence:.0%}.".replace("%", " %")
        if route.confidence < mapping.confidence_threshold:
            yield "Уверенность низкая: это предложение, решение принимает куратор."
    else:
        yield f"{_NOTHING_FOUND} Исполнителя определяет куратор."
    yield f"Версия правил: {route.mapping_version}."


def _grounds(route: Route, department: str, told: Callable[[Reason], str]) -> Iterator[str]:
    """One ground for each set of words: «дорога» says nothing after «дорога … чищена»."""
    return map(told, _telling(each for each in route.reasons if each.department == department))


def _telling(reasons: Iterable[Reason]) -> Iterator[Reason]:
    told: set[str] = set()
    for reason in reasons:
        if not told.issuperset(reason.words):
            yield reason
            told.update(reason.words)


def _words(reason: Reason) -> str:
    return _quoted(reason.words)


def _words_and_rule(reason: Reason) -> str:
    return f"{_words(reason)} ({_KINDS[reason.kind]}: {_shortened(reason.pattern)})"


def _shortened(pattern: str) -> str:
    return " ".join(_shortened_slot(slot.split("|")) for slot in pattern.split())


def _shortened_slot(alternatives: list[str]) -> str:
    shown = alternatives[:_ALTERNATIVES_SHOWN]
    return "|".join(shown if len(shown) == len(alternatives) else [*shown, "…"])


def _quoted(words: tuple[str, ...]) -> str:
    return "«" + " … ".join(words) + "»"
