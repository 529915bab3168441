"""What curators' corrections suggest: words to add and rules to take out, each with one click."""

from collections import deque
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from bridge.admin.access import Right, requires
from bridge.admin.mapping.department_form import with_department
from bridge.admin.mapping.desk import Desk, Working, typed
from bridge.admin.mapping.word_lists import check_pattern
from bridge.corrections import every_correction
from bridge.routing import RuleKind
from bridge.routing.mapping import Department
from bridge.routing.suggestions import Correction, messages_with, suggest

NEWEST: Final = 1000
"""So many of the newest corrections are looked at."""
_MESSAGES_TOLD: Final = 5
_FIELDS: Final = {
    RuleKind.KEYWORD: "keywords",
    RuleKind.PHRASE: "phrases",
    RuleKind.WEAK_KEYWORD: "weak_keywords",
}
_KIND_TITLES: Final = {
    RuleKind.KEYWORD: "ключевое слово",
    RuleKind.PHRASE: "словосочетание",
    RuleKind.WEAK_KEYWORD: "слово, если других нет",
    RuleKind.HINTS: "слова-намёки",
    RuleKind.TERRITORY: "название территории",
    RuleKind.STREET: "улица",
    RuleKind.TOPIC: "рубрика отправителя",
    RuleKind.LIKENESS: "сходство с прежними сообщениями",
}


@dataclass(frozen=True)
class LackingWord:
    """A word of messages that were the department's, which no rule of its has."""

    word: str
    count: int
    messages: tuple[Correction, ...]


@dataclass(frozen=True)
class MisleadingRule:
    """A rule that named the department wrongly; `field`: where it stands, if it is still there."""

    title: str
    pattern: str
    count: int
    field: str


@dataclass(frozen=True)
class Advice:
    """What is suggested for one department."""

    department: Department
    missed: int
    words: tuple[LackingWord, ...]
    rules: tuple[MisleadingRule, ...]


def add_routes(pages: Blueprint, desk: Desk) -> None:
    """`/mapping/suggestions`."""

    @pages.get("/mapping/suggestions")
    @requires(Right.PLACE)
    def suggestions() -> ResponseReturnValue:
        working = desk.working()
        return desk.show("suggestions.html", working, advice=_advice(desk, working))

    @pages.post("/mapping/suggestions/add")
    @requires(Right.ADMINISTER)
    def add_word() -> ResponseReturnValue:
        form = typed()
        department, word = _department(desk, form), form.get("word", "")
        if check_pattern(word):
            abort(400)
        words = tuple(dict.fromkeys((*department.keywords, word)))
        _change(desk, department.model_copy(update={"keywords": words}))
        flash(f"«{word}» — в черновике, в ключевых словах: {department.name}.", "good")
        return redirect(url_for("mapping.suggestions"))

    @pages.post("/mapping/suggestions/remove")
    @requires(Right.ADMINISTER)
    def remove_rule() -> ResponseReturnValue:
        form = typed()
        department, field = _department(desk, form), form.get("field", "")
        if field not in _FIELDS.values():
            abort(400)
        pattern = form.get("pattern", "")
        left = tuple(each for each in getattr(department, field) if each != pattern)
        _change(desk, department.model_copy(update={field: left}))
        flash(f"«{pattern}» — убрано в черновике: {department.name}.", "good")
        return redirect(url_for("mapping.suggestions"))


def _department(desk: Desk, form: dict[str, str]) -> Department:
    try:
        return desk.working().mapping.department(form.get("department", ""))
    except KeyError:
        abort(404)


def _change(desk: Desk, department: Department) -> None:
    desk.change(lambda mapping: with_department(mapping, department))


def _advice(desk: Desk, working: Working) -> list[Advice]:
    newest = deque(every_correction(desk.parts.store), maxlen=NEWEST)
    return [
        Advice(
            department=(department := working.mapping.department(each.department)),
            missed=len(each.missed),
            words=tuple(
                LackingWord(word, count, messages_with(word, each.missed)[-_MESSAGES_TOLD:])
                for word, count in each.words
            ),
            rules=tuple(_rule(department, rule, count) for rule, count in each.misleading),
        )
        for each in suggest(list(newest), working.mapping)
    ]


def _rule(department: Department, rule: str, count: int) -> MisleadingRule:
    """`rule` as corrections keep it: «keyword: яма»."""
    name, _, pattern = rule.partition(": ")
    kind = next((each for each in RuleKind if each == name), None)
    field = _FIELDS.get(kind, "") if kind else ""
    is_there = bool(field) and pattern in getattr(department, field)
    title = _KIND_TITLES[kind] if kind else name
    told = "" if kind is RuleKind.LIKENESS else pattern
    return MisleadingRule(title, told, count, field if is_there else "")
