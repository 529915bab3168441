"""`config/departments.yaml` as typed data: what each department answers for, in people's words.

The departments are those of clause 1.2.2, what they answer for is their competence (2.1.2).
"""

import hashlib
from collections import Counter
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from bridge.config.document import ConfigModel, load_document
from bridge.routing.pattern import PatternText

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
Words = tuple[PatternText, ...]


class Territory(ConfigModel):
    """The part of the city that a territorial department answers for."""

    names: Words = ()
    """Patterns that name the territory: the district, its microdistricts, its settlements."""
    streets: Words = ()
    """Streets that lie in this territory alone, as on the plate («Подлесная», «Крупской»)."""


class Department(ConfigModel):
    """One department, and the patterns by which a message is known to concern it."""

    key: Key
    """The name that programs use; never changed."""
    name: str
    """What staff read, and the name of its group."""
    group: str | None = None
    """Its group in the helpdesk; the department's name when absent."""
    priority: int = 100
    """Of two departments that a text names equally, the lower number comes first."""
    keywords: Words = ()
    """Enough alone, unless the word is only a place or belongs to another's phrase."""
    phrases: Words = ()
    """Enough alone: all their words stand close to each other, in any order."""
    weak_keywords: Words = ()
    """Enough alone, but only when nothing else in the text names a department."""
    hints: Words = ()
    """Too general to be enough alone: two different ones, close together, are."""
    exclusions: Words = ()
    """Turns of speech whose words say nothing about this department."""
    topic_codes: tuple[str, ...] = ()
    """Rubrics of Incident Management and MSS that are this department's."""
    territory: Territory | None = None
    """For a territorial department: which part of the city is its own."""

    @property
    def group_name(self) -> str:
        """The helpdesk group that gets this department's tickets."""
        return self.group or self.name


class Landmarks(ConfigModel):
    """Places that people name to say where («яма возле школы»), not what about.

    They count only when nothing else in the text names a department.
    """

    words: Words = ()
    """Words that are a mere place after one of `prepositions`."""
    scenes: Words = ()
    """Those that are a mere place after a preposition like «в» and «на», too («во дворе»)."""
    prepositions: Words = ()
    """Any of them before a word makes it a place; so does «в/на» with the accusative."""
    scene_prepositions: Words = ()
    """Further ones that make a place of a scene."""


class ImportanceRule(ConfigModel):
    """Patterns that make a message important, so that the curator is told at once."""

    key: Key
    """The name that programs use."""
    name: str
    """What the curator reads as the reason."""
    phrases: Words
    """Any of them makes the message important."""


class DepartmentMapping(ConfigModel):
    """The whole mapping. Its `version` changes whenever anything in it does."""

    confidence_threshold: float = Field(default=0.5, ge=0, le=1)
    """A route below it is left to the curator, with the departments as suggestions."""
    several: Literal["split", "curator"] = "split"
    """A message for several departments: a part for each at once, or the curator decides."""
    phrase_gap: int = Field(default=3, ge=0, le=20)
    """How many other words may stand among the words of a phrase."""
    hint_distance: int = Field(default=12, ge=1, le=200)
    """How many words may lie between two hints that support each other."""
    minor_share: float = Field(default=0.3, ge=0, le=1)
    """A department with a smaller share of the best supported one's evidence is left out."""
    typo_min_length: int = Field(default=7, ge=5)
    """From this length on an unknown word may differ by one letter from a word of the mapping."""
    synonyms: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """A headword in a pattern stands for its synonyms, too."""
    landmarks: Landmarks = Landmarks()
    """Places that say where, not what about."""
    exclusions: Words = ()
    """Turns of speech whose words say nothing about any department."""
    territory_matters: Words = ()
    """What a district's own administration handles once the district is named."""
    default_departments: dict[str, Key] = Field(default_factory=dict)
    """Channel key → the department for its messages that name none."""
    importance: tuple[ImportanceRule, ...] = ()
    """What makes a message important."""
    departments: tuple[Department, ...] = Field(min_length=1)
    """The departments, each with its words (clauses 1.2.2, 2.1.2)."""

    @property
    def version(self) -> str:
        """A hash of the contents: the same for the same rules wherever they are loaded."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]

    def department(self, key: str) -> Department:
        """Return the department with this key. Raises `KeyError` when there is none."""
        for department in self.departments:
            if department.key == key:
                return department
        raise KeyError(key)

    def department_of_topic(self, code: str) -> Department | None:
        """Return the department that a rubric of Incident Management or MSS belongs to."""
        for department in self.departments:
            if code in department.topic_codes:
                return department
        return None

    @model_validator(mode="after")
    def _keys_are_unique(self) -> Self:
        _refuse_doubles("department key", [each.key for each in self.departments])
        _refuse_doubles("department name", [each.name for each in self.departments])
        _refuse_doubles(
            "topic code", [code for each in self.departments for code in each.topic_codes]
        )
        _refuse_doubles("importance key", [each.key for each in self.importance])
        return self

    @model_validator(mode="after")
    def _defaults_exist(self) -> Self:
        keys = {each.key for each in self.departments}
        for channel, key in self.default_departments.items():
            if key not in keys:
                raise ValueError(
                    f"default_departments.{channel}: no department has the key {key!r}; "
                    f"known keys: {', '.join(sorted(keys))}"
                )
        return self


def load_mapping(path: Path) -> DepartmentMapping:
    """Read a mapping file. Raises `ConfigError` naming the file, the line and the mistake."""
    return load_document(path, DepartmentMapping)


def _refuse_doubles(what: str, values: list[str]) -> None:
    doubles = sorted(value for value, count in Counter(values).items() if count > 1)
    if doubles:
        raise ValueError(f"the same {what} is given more than once: {', '.join(doubles)}")
