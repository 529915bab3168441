"""What differs between two versions of the mapping, for people; and one's changes on another's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from bridge.routing.mapping import Department, DepartmentMapping

GENERAL: Final = ""
"""Stands for the settings that belong to no department."""

FIELD_TITLES: Final[Mapping[str, str]] = {
    "name": "Название",
    "group": "Группа в Redmine",
    "priority": "Очерёдность",
    "keywords": "Ключевые слова",
    "phrases": "Словосочетания",
    "weak_keywords": "Слова, если других нет",
    "hints": "Слова-намёки",
    "exclusions": "Не считать",
    "topic_codes": "Рубрики",
    "territory.names": "Названия территории",
    "territory.streets": "Улицы",
    "confidence_threshold": "Порог уверенности",
    "several": "Сообщение для нескольких подразделений",
    "phrase_gap": "Слов внутри словосочетания",
    "hint_distance": "Расстояние между намёками",
    "minor_share": "Доля, с которой подразделение учитывается",
    "typo_min_length": "Длина слова, с которой прощается опечатка",
    "synonyms": "Синонимы",
    "landmarks.words": "Ориентиры",
    "landmarks.scenes": "Места действия",
    "landmarks.prepositions": "Предлоги ориентиров",
    "landmarks.scene_prepositions": "Предлоги мест действия",
    "territory_matters": "Дела районов",
    "default_departments": "Подразделение канала",
    "importance": "Важное",
}
GENERAL_TITLE: Final = "Общие настройки"


class Kind(StrEnum):
    """What happened to a department."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class FieldChange:
    """One field: of lists `added` and `removed` words, else `before` and `after`."""

    title: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    before: str = ""
    after: str = ""

    @property
    def is_list(self) -> bool:
        """Whether it is told by words that came and went."""
        return bool(self.added or self.removed)


@dataclass(frozen=True)
class SectionChange:
    """One department, or the general settings (`key` is `GENERAL`)."""

    key: str
    name: str
    kind: Kind
    fields: tuple[FieldChange, ...] = ()


class BothChanged(Exception):
    """Two people changed the same: neither can be put on top of the other by itself."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"changed by both: {', '.join(names)}")
        self.names = tuple(names)


def compare(before: DepartmentMapping, after: DepartmentMapping) -> tuple[SectionChange, ...]:
    """What is otherwise in `after`; the order of words and departments is no difference."""
    return tuple(_sections(before, after))


def put_on_top(
    base: DepartmentMapping, mine: DepartmentMapping, theirs: DepartmentMapping
) -> DepartmentMapping:
    """`theirs` with what `mine` changed in `base`.

    Raises `BothChanged` when both changed the same department or the same general setting, and
    pydantic's `ValidationError` when the two do not go together.
    """
    conflicts: list[str] = []
    general = _merged(_general(base), _general(mine), _general(theirs), FIELD_TITLES, conflicts)
    names = {each.key: each.name for each in (*base.departments, *mine.departments)}
    departments = _merged(_by_key(base), _by_key(mine), _by_key(theirs), names, conflicts)
    if conflicts:
        raise BothChanged(conflicts)
    return DepartmentMapping.model_validate(
        {**general, "departments": [each.model_dump() for each in departments.values()]}
    )


def _merged(
    base: Mapping[str, Any],
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    names: Mapping[str, str],
    conflicts: list[str],
) -> dict[str, Any]:
    result = {}
    for key in dict.fromkeys((*theirs, *mine)):
        was, own, other = base.get(key), mine.get(key), theirs.get(key)
        if own in (was, other):
            chosen = other
        elif other == was:
            chosen = own
        else:
            conflicts.append(names.get(key, key))
            chosen = other
        if chosen is not None:
            result[key] = chosen
    return result


def _general(mapping: DepartmentMapping) -> dict[str, Any]:
    return mapping.model_dump(exclude={"departments"})


def _by_key(mapping: DepartmentMapping) -> dict[str, Department]:
    return {each.key: each for each in mapping.departments}


def _sections(before: DepartmentMapping, after: DepartmentMapping) -> Iterator[SectionChange]:
    general = tuple(_fields(_flat(_general(before)), _flat(_general(after))))
    if general:
        yield SectionChange(GENERAL, GENERAL_TITLE, Kind.CHANGED, general)
    former, present = _by_key(before), _by_key(after)
    for key, department in present.items():
        was = former.get(key)
        empty: dict[str, Any] = {}
        fields = tuple(_fields(_flat(was.model_dump()) if was else empty, _of(department)))
        if was is None:
            yield SectionChange(key, department.name, Kind.ADDED, fields)
        elif fields:
            yield SectionChange(key, department.name, Kind.CHANGED, fields)
    for key, department in former.items():
        if key not in present:
            yield SectionChange(key, department.name, Kind.REMOVED)


def _of(department: Department) -> dict[str, Any]:
    return _flat(department.model_dump())


def _flat(contents: Mapping[str, Any]) -> dict[str, Any]:
    """Nested settings under the names of their ways: `territory.names`, `synonyms.снег`."""
    flat: dict[str, Any] = {}
    for name, value in contents.items():
        if name == "importance":
            flat |= {f"importance.{rule['name']}": rule["phrases"] for rule in value}
        elif isinstance(value, Mapping):
            flat |= {f"{name}.{key}": inner for key, inner in value.items()}
        elif name != "key":
            flat[name] = value
    return flat


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[FieldChange]:
    for name in dict.fromkeys((*after, *before)):
        was, now = before.get(name), after.get(name)
        if isinstance(was, list | tuple) or isinstance(now, list | tuple):
            change = _words(_title(name), tuple(was or ()), tuple(now or ()))
            if change.is_list:
                yield change
        elif was != now and (_written(was) or _written(now)):
            yield FieldChange(_title(name), before=_written(was), after=_written(now))


def _words(title: str, before: tuple[str, ...], after: tuple[str, ...]) -> FieldChange:
    return FieldChange(
        title,
        added=tuple(word for word in after if word not in before),
        removed=tuple(word for word in before if word not in after),
    )


def _title(name: str) -> str:
    if name in FIELD_TITLES:
        return FIELD_TITLES[name]
    head, _, rest = name.partition(".")
    return f"{FIELD_TITLES.get(head, head)}: «{rest}»"


def _written(value: Any) -> str:
    match value:
        case None:
            return ""
        case float():
            return f"{value:g}".replace(".", ",")
        case "split":
            return "каждому своя карточка"
        case "curator":
            return "решает куратор"
        case _:
            return str(value)
