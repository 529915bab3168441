"""Says in Russian why a message was routed as it was: for the ticket's private note."""

from collections.abc import Iterable

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


def explain_in_russian(route: Route, mapping: DepartmentMapping) -> str:
    """Return a few lines: each department with its words and rules, the confidence, alerts."""
    lines = [f"Важно: {alert.name} ({_quoted(alert.words)})." for alert in route.alerts]
    if not route.departments:
        lines.append(
            "Подразделение по тексту не определено: слов из перечня подразделений не найдено. "
            "Исполнителя определяет куратор."
        )
        return "\n".join([*lines, _version(route)])
    lines.append("Подразделение определено по тексту сообщения:")
    for key in route.departments:
        grounds = _grounds(each for each in route.reasons if each.department == key)
        lines.append(f"— {mapping.department(key).name}: {grounds}.")
    lines.append(f"Уверенность: {route.confidence:.0%}.".replace("%", " %"))
    if route.confidence < mapping.confidence_threshold:
        lines.append("Уверенность низкая: это предложение, решение принимает куратор.")
    return "\n".join([*lines, _version(route)])


def _grounds(reasons: Iterable[Reason]) -> str:
    """One ground for each set of words: «дорога» says nothing after «дорога … чищена»."""
    told: set[str] = set()
    grounds: list[str] = []
    for reason in reasons:
        if not told.issuperset(reason.words):
            grounds.append(
                f"{_quoted(reason.words)} ({_KINDS[reason.kind]}: {_shortened(reason.pattern)})"
            )
            told.update(reason.words)
    return "; ".join(grounds)


def _shortened(pattern: str) -> str:
    return " ".join(_shortened_slot(slot.split("|")) for slot in pattern.split())


def _shortened_slot(alternatives: list[str]) -> str:
    shown = alternatives[:_ALTERNATIVES_SHOWN]
    return "|".join(shown if len(shown) == len(alternatives) else [*shown, "…"])


def _quoted(words: tuple[str, ...]) -> str:
    return "«" + " … ".join(words) + "»"


def _version(route: Route) -> str:
    return f"Версия правил: {route.mapping_version}."
