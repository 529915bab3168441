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
    """The project's part in addresses; cannot be changed later."""
    name: str = Field(min_length=1)
    """What staff read."""
    description: str = ""
    """Shown on the project's page."""


class Tracker(ConfigModel):
    """The tracker of the project's tickets."""

    name: str = Field(min_length=1)
    """What staff read."""


class Robot(ConfigModel):
    """The account that the bridge works under."""

    login: str = Field(min_length=1)
    """The account's login."""
    firstname: str
    """Shown as the author of what the bridge does."""
    lastname: str
    """The same."""
    mail: str
    """An address that nothing is ever sent to."""


class Groups(ConfigModel):
    """Names of groups that are not departments' own: the curators' (clause 1.2.1)."""

    curators: str = Field(min_length=1)
    """Whose members are curators."""
    leaders: str | None = Field(default=None, min_length=1)
    """Who is told of a breach; absent: nobody."""


class Status(ConfigModel):
    """A status of a ticket."""

    key: str = Field(min_length=1)
    """The name that programs use; never changed."""
    name: str = Field(min_length=1)
    """What staff read, 30 letters at most."""
    closed: bool
    """Whether Redmine takes such a ticket for finished."""


class TicketField(ConfigModel):
    """A custom field of a ticket."""

    key: str = Field(min_length=1)
    """The name that programs use; never changed."""
    name: str = Field(min_length=1)
    """What staff read, 30 letters at most."""
    format: Literal["string", "text", "list", "bool", "link"]
    """What kind of field it is; `text` has many lines."""
    filter: bool = False
    """Whether lists and REST can filter by it; `external_number` must be so."""
    searchable: bool = False
    """Whether Redmine's search finds it."""
    pattern: str = ""
    """What a value must look like, as a regular expression of Ruby; empty: anything."""
    hint: str = ""
    """Shown with the field's name."""
    values: tuple[str, ...] = ()
    """What a `list` offers."""


class Role(ConfigModel):
    """A role in the project; permissions under Redmine's own names."""

    name: str = Field(min_length=1)
    """What staff read."""
    issues_visibility: Literal["all", "default", "own"]
    """All tickets, or those made by the person or assigned to one of their groups."""
    assignable: bool
    """Whether tickets can be assigned to it."""
    permissions: tuple[str, ...]
    """Redmine's own names of what it may do."""


class FieldRules(ConfigModel):
    """`required`: fields by status; `editable`: statuses by field."""

    required: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """Status → fields that must be filled in there."""
    editable: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """Field → statuses in which it can be edited; elsewhere it is read-only."""


class TicketList(ConfigModel):
    """One of the project's lists of tickets. No roles: for everybody; no statuses: open ones."""

    key: str = Field(min_length=1)
    """The name that programs use."""
    name: str = Field(min_length=1)
    """What staff read."""
    roles: tuple[str, ...] = ()
    """Who sees it; none: everybody."""
    statuses: tuple[str, ...] = ()
    """Which tickets it shows; none: open ones."""
    values: Mapping[str, str] = Field(default_factory=dict)
    """Field → the value that a ticket must have there."""
    columns: tuple[str, ...]
    """What it shows of a ticket."""
    sort: tuple[str, ...]
    """By what it is sorted, the first counting most; `name:desc` turns the order round."""


Transitions = Literal["all"] | Mapping[str, tuple[str, ...]]


class HelpdeskLayout(ConfigModel):
    """The whole file. A key that is used twice, or used and not defined, is an error."""

    project: Project
    """The project of the tickets."""
    tracker: Tracker
    """Their tracker."""
    robot: Robot
    """What the account is called."""
    groups: Groups
    """Groups beside the departments."""
    statuses: tuple[Status, ...]
    """A ticket's statuses, in their order."""
    fields: tuple[TicketField, ...]
    """A ticket's fields, in the order of its page."""
    roles: Mapping[str, Role]
    """Who may do what, by the role."""
    initial_statuses: Mapping[str, Literal["all"] | tuple[str, ...]]
    """Role → the statuses in which it may make a ticket."""
    workflow: Mapping[str, Transitions]
    """Role → status → the statuses that may follow."""
    field_rules: Mapping[str, Literal["unrestricted"] | FieldRules]
    """Role → what it must fill in and may edit; `unrestricted`: everything."""
    lists: tuple[TicketList, ...]
    """The project's lists of tickets."""

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
