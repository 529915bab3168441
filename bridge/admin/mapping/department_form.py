"""One department as a form that a clerk fills in, and back; mistakes stand beside their field."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bridge.admin.mapping.word_lists import check_pattern, read_lines
from bridge.routing import DepartmentMapping
from bridge.routing.mapping import Department, Territory

_KEY: Final = re.compile(r"[a-z][a-z0-9-]{0,63}")
_USUAL_PRIORITY: Final = 100
_LONGEST_NAME: Final = 200


@dataclass(frozen=True)
class WordField:
    """A list of words in the form: what it is for, in words that a clerk understands."""

    name: str
    title: str
    hint: str
    example: str


WORD_FIELDS: Final = (
    WordField(
        "keywords",
        "Ключевые слова",
        "Одного такого слова в сообщении достаточно. Формы слова писать не нужно: «яма» узнаётся"
        " и в «ямы», и в «яму».",
        "яма\nтротуар\nснегоуборочный",
    ),
    WordField(
        "phrases",
        "Словосочетания",
        "Слова, которые должны стоять рядом, в любом порядке. Варианты одного слова соединяет"
        " знак «|».",
        "снег чистить|вывезти\nбатарея ледяной|холодный",
    ),
    WordField(
        "weak_keywords",
        "Слова, если других нет",
        "Учитываются, только если ни одно другое слово сообщения ни на кого не указывает.",
        "асфальт",
    ),
    WordField(
        "hints",
        "Слова-намёки",
        "По одному ничего не значат; два разных рядом указывают на подразделение.",
        "колесо\nпробить",
    ),
    WordField(
        "exclusions",
        "Не считать",
        "Выражения, в которых слова подразделения значат другое.",
        "дорога жизнь\nмост сжечь",
    ),
    WordField(
        "territory_names",
        "Названия территории",
        "Только для администраций районов: как жители называют район и микрорайоны.",
        "кировский район\nзакамск",
    ),
    WordField(
        "streets",
        "Улицы",
        "Только для администраций районов: улицы, которые целиком лежат в районе, как на табличке.",
        "Подлесная\nКрупской",
    ),
)
_CODES: Final = "topic_codes"


@dataclass(frozen=True)
class DepartmentForm:
    """What stands in the form, and what is wrong with it, by field."""

    values: Mapping[str, str]
    errors: Mapping[str, tuple[str, ...]]


def filled_in(department: Department) -> DepartmentForm:
    """The form of a department that is there."""
    territory = department.territory or Territory()
    lists = {field.name: getattr(department, field.name, ()) for field in WORD_FIELDS} | {
        "territory_names": territory.names,
        "streets": territory.streets,
        _CODES: department.topic_codes,
    }
    values = {name: "\n".join(words) for name, words in lists.items()}
    return DepartmentForm(
        values
        | {
            "key": department.key,
            "name": department.name,
            "group": department.group_name,
            "priority": str(department.priority),
        },
        {},
    )


def empty() -> DepartmentForm:
    """The form of a department that is to be added."""
    return DepartmentForm({"priority": str(_USUAL_PRIORITY)}, {})


def read_department(
    typed: Mapping[str, str], mapping: DepartmentMapping, key: str | None
) -> Department | DepartmentForm:
    """The department as typed; or the form again, with what is wrong.

    `key`: of the one that is edited; None for one that is added.
    """
    others = [each for each in mapping.departments if each.key != key]
    reading = _Reading(typed)
    values: dict[str, Any] = {
        "key": key or reading.key({each.key for each in others}),
        "name": reading.name({each.name for each in others}),
        "group": reading.group(),
        "priority": reading.priority(),
        _CODES: reading.codes(_owners_of_codes(others)),
        "territory": reading.territory(),
    }
    for field in WORD_FIELDS:
        if field.name in Department.model_fields:
            values[field.name] = reading.words(field.name)
    if reading.errors:
        return DepartmentForm({**typed}, {name: tuple(e) for name, e in reading.errors.items()})
    return Department.model_validate(values)


def with_department(mapping: DepartmentMapping, department: Department) -> DepartmentMapping:
    """The mapping with this department in its place, or at the end."""
    there = any(each.key == department.key for each in mapping.departments)
    departments = [
        department if each.key == department.key else each for each in mapping.departments
    ]
    return _with(mapping, departments if there else [*departments, department])


def without_department(mapping: DepartmentMapping, key: str) -> DepartmentMapping:
    """The mapping without this department."""
    return _with(mapping, [each for each in mapping.departments if each.key != key])


def _with(mapping: DepartmentMapping, departments: list[Department]) -> DepartmentMapping:
    return DepartmentMapping.model_validate({**dict(mapping), "departments": tuple(departments)})


def _owners_of_codes(departments: list[Department]) -> dict[str, str]:
    return {code: each.name for each in departments for code in each.topic_codes}


class _Reading:
    """Reads field after field, and collects what is wrong."""

    def __init__(self, typed: Mapping[str, str]) -> None:
        self._typed = typed
        self.errors: dict[str, list[str]] = {}

    def key(self, taken: set[str]) -> str:
        key = self._line("key")
        if not _KEY.fullmatch(key):
            self._wrong(
                "key",
                "Нужно одно слово латинскими строчными буквами, можно с цифрами и дефисом:"
                " «roads», «leninsky». Потом оно не меняется.",
            )
        elif key in taken:
            self._wrong("key", f"Ключ «{key}» уже занят другим подразделением.")
        return key

    def name(self, taken: set[str]) -> str:
        name = self._line("name")
        if not name or len(name) > _LONGEST_NAME:
            self._wrong("name", "Напишите название, не длиннее 200 знаков.")
        elif name in taken:
            self._wrong("name", f"Подразделение «{name}» уже есть.")
        return name

    def group(self) -> str | None:
        group = self._line("group")
        if not group:
            self._wrong("group", "Выберите группу, которой назначаются карточки.")
        return None if group == self._line("name") else group

    def priority(self) -> int:
        text = self._line("priority")
        if not re.fullmatch(r"\d{1,4}", text):
            self._wrong("priority", "Нужно целое число от 0 до 9999, обычно 100.")
            return _USUAL_PRIORITY
        return int(text)

    def words(self, name: str) -> tuple[str, ...]:
        words, mistakes = read_lines(self._typed.get(name, ""), check_pattern)
        for mistake in mistakes:
            self._wrong(name, mistake)
        return words

    def codes(self, owners: Mapping[str, str]) -> tuple[str, ...]:
        def check(code: str) -> str | None:
            owner = owners.get(code)
            return f"рубрика «{code}» уже у подразделения «{owner}»." if owner else None

        codes, mistakes = read_lines(self._typed.get(_CODES, ""), check)
        for mistake in mistakes:
            self._wrong(_CODES, mistake)
        return codes

    def territory(self) -> Territory | None:
        names, streets = self.words("territory_names"), self.words("streets")
        return Territory(names=names, streets=streets) if names or streets else None

    def _line(self, name: str) -> str:
        return " ".join(self._typed.get(name, "").split())

    def _wrong(self, name: str, text: str) -> None:
        self.errors.setdefault(name, []).append(text)


def group_choices(groups: tuple[str, ...], chosen: str) -> Iterator[tuple[str, str]]:
    """What the list of groups offers; one that Redmine does not have is said to be missing."""
    if not chosen:
        yield "", "— выберите —"
    elif chosen not in groups:
        yield chosen, f"{chosen} (в Redmine не найдена)"
    for group in groups:
        yield group, group
