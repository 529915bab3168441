"""The model of `config/helpdesk.yaml`: what Redmine holds, by the keys that programs use."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Literal, Self

from pydantic import Field, model_validator

from bridge.config.document import ConfigModel

EXTERNAL_NUMBER = "external_number"
ROBOT_ROLE = "robot"


class Project(ConfigModel):
    """The project of citizens' messages."""

    identifier: str = Field(min_length=1)
    name: str = Field(min_length=1)
    description: str = ""


class Tracker(ConfigModel):
    """The tracker of the project's tickets."""

    name: str = Field(min_length=1)


class Robot(ConfigModel):
    """The account that the bridge works under."""

    login: str = Field(min_length=1)
    firstname: str
    lastname: str
    mail: str


class Groups(ConfigModel):
    """Names of groups that are not departments' own: the curators' (clause 1.2.1)."""

    curators: str = Field(min_length=1)
    leaders: str | None = Field(default=None, min_length=1)


class Status(ConfigModel):
    """A status of a ticket."""

    key: str = Field(min_length=1)
    name: str = Field(min_length=1)
    closed: bool


class TicketField(ConfigModel):
    """A custom field of a ticket."""

    key: str = Field(min_length=1)
    name: str = Field(min_length=1)
    format: Literal["string", "text", "list", "bool", "link"]
    filter: bool = False
    searchable: bool = False
    pattern: str = ""
    hint: str = ""
    values: tuple[str, ...] = ()


class Role(ConfigModel):
    """A role in the project; permissions under Redmine's own names."""

    name: str = Field(min_length=1)
    issues_visibility: Literal["all", "default", "own"]
    assignable: bool
    permissions: tuple[str, ...]


class FieldRules(ConfigModel):
    """`required`: fields by status; `editable`: statuses by field."""

    required: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    editable: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)


class TicketList(ConfigModel):
    """One of the project's lists of tickets. No roles: for everybody; no statuses: open ones."""

    key: str = Field(min_length=1)
    name: str = Field(min_length=1)
    roles: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    values: Mapping[str, str] = Field(default_factory=dict)
    columns: tuple[str, ...]
    sort: tuple[str, ...]


Transitions = Literal["all"] | Mapping[str, tuple[str, ...]]


class HelpdeskLayout(ConfigModel):
    """The whole file. A key that is used twice, or used and not defined, is an error."""

    project: Project
    tracker: Tracker
    robot: Robot
    groups: Groups
    statuses: tuple[Status, ...]
    fields: tuple[TicketField, ...]
    roles: Mapping[str, Role]
    initial_statuses: Mapping[str, Literal["all"] | tuple[str, ...]]
    workflow: Mapping[str, Transitions]
    field_rules: Mapping[str, Literal["unrestricted"] | FieldRules]
    lists: tuple[TicketList, ...]

    @model_validator(mode="after")
    def _keys_fit(self) -> Self:
        statuses = [status.key for status in self.statuses]
        fields = [field.key for field in self.fields]
        _refuse("a key is used twice", _repeated(statuses + fields))
        _refuse("a list's key is used twice", _repeated(one.key for one in self.lists))
        _refuse("no such status (see `statuses`)", _unknown(self._named_statuses(), statuses))
        _refuse("no such role (see `roles`)", _unknown(self._named_roles(), self.roles))
        if not any(field.key == EXTERNAL_NUMBER and field.filter for field in self.fields):
            raise ValueError(f"fields must have {EXTERNAL_NUMBER} with `filter: true`")
        if ROBOT_ROLE not in self.roles:
            raise ValueError(f"roles must have {ROBOT_ROLE}")
        return self

    def transitions(self, role: str) -> frozenset[tuple[str, str]]:
        """The steps (from, to) between two different statuses that `role` may make."""
        steps: Transitions = self.workflow.get(role, {})
        if steps == "all":
            every = [status.key for status in self.statuses]
            steps = dict.fromkeys(every, tuple(every))
        return frozenset(
            (before, after)
            for before, afters in steps.items()
            for after in afters
            if before != after
        )

    def initial(self, role: str) -> frozenset[str]:
        """The statuses in which `role` may make a ticket."""
        statuses = self.initial_statuses.get(role, ())
        if statuses == "all":
            return frozenset(status.key for status in self.statuses)
        return frozenset(statuses)

    def required(self, role: str) -> frozenset[tuple[str, str]]:
        """The (status, field) pairs in which `role` must fill in the field."""
        rules = self.field_rules.get(role)
        if not isinstance(rules, FieldRules):
            return frozenset()
        return frozenset(
            (status, field) for status, fields in rules.required.items() for field in fields
        )

    def _named_statuses(self) -> Iterator[str]:
        for role in self.roles:
            yield from self.initial(role)
            yield from self._ruled_statuses(role)
            for before, after in self.transitions(role):
                yield before
                yield after
        yield from chain.from_iterable(one.statuses for one in self.lists)

    def _ruled_statuses(self, role: str) -> Iterator[str]:
        rules = self.field_rules.get(role)
        if isinstance(rules, FieldRules):
            yield from rules.required
            yield from chain.from_iterable(rules.editable.values())

    def _named_roles(self) -> Iterator[str]:
        yield from self.initial_statuses
        yield from self.workflow
        yield from self.field_rules
        yield from chain.from_iterable(one.roles for one in self.lists)


def _repeated(keys: Iterable[str]) -> list[str]:
    return [key for key, times in Counter(keys).items() if times > 1]


def _unknown(keys: Iterable[str], known: Iterable[str]) -> list[str]:
    return sorted(set(keys) - set(known))


def _refuse(reason: str, keys: list[str]) -> None:
    if keys:
        raise ValueError(f"{reason}: {', '.join(keys)}")
