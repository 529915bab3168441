"""The office as configured: everything in the configuration folder, read and checked together."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Self

from bridge.channels import Channels, load_channels
from bridge.config.document import ConfigError, load_document
from bridge.helpdesk.layout import HelpdeskLayout
from bridge.moderation import Lexicon, Moderator, load_lexicon
from bridge.routing import DepartmentMapping, Router, load_mapping
from bridge.sla.answer_checks import AnswerChecks
from bridge.sla.policy import SlaSettings
from bridge.sla.revision_reasons import reason_clause
from bridge.sla.schedule import CalendarSettings
from bridge.sla.service_time import ServiceCalendar


@dataclass(frozen=True)
class Office:
    """Channels, departments, policies, calendar, layout, checks and lexicon of one city."""

    channels: Channels
    mapping: DepartmentMapping
    policies: SlaSettings
    calendar: ServiceCalendar
    layout: HelpdeskLayout
    checks: AnswerChecks
    lexicon: Lexicon

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read every file. Raises `ConfigError` with file, line, key and what would be right."""
        policies = load_document(folder / "sla.yaml", SlaSettings)
        layout = load_document(folder / "helpdesk.yaml", HelpdeskLayout)
        _check_reasons(folder / "helpdesk.yaml", layout, policies)
        return cls(
            channels=load_channels(folder / "channels.yaml", policies.by_key),
            mapping=load_mapping(folder / "departments.yaml"),
            policies=policies,
            calendar=ServiceCalendar(load_document(folder / "calendar.yaml", CalendarSettings)),
            layout=layout,
            checks=load_document(folder / "answers.yaml", AnswerChecks),
            lexicon=load_lexicon(folder / "moderation.yaml"),
        )

    def with_mapping(self, mapping: DepartmentMapping) -> "Office":
        """The same office with other departments or other words for them."""
        other = replace(self, mapping=mapping)
        # A second to make, and nothing in it depends on the mapping.
        if "moderator" in self.__dict__:
            other.__dict__["moderator"] = self.moderator
        return other

    @cached_property
    def router(self) -> Router:
        """The mapping, ready to route by."""
        return Router(self.mapping)

    @cached_property
    def moderator(self) -> Moderator:
        """The lexicon, ready to judge by."""
        return Moderator(self.lexicon)

    @property
    def department_names(self) -> dict[str, str]:
        """What staff call a department."""
        return {department.key: department.name for department in self.mapping.departments}

    @property
    def department_groups(self) -> dict[str, str]:
        """The helpdesk's group by department."""
        return {department.key: department.group_name for department in self.mapping.departments}


def _check_reasons(path: Path, layout: HelpdeskLayout, policies: SlaSettings) -> None:
    """Refuse a reason of the form that the rules would not know for one (clause 3.7)."""
    known = policies.readings.revision_reasons
    for field in layout.fields:
        if field.key != "revision_reason":
            continue
        for value in field.values:
            if not reason_clause(value, known):
                raise ConfigError(
                    f"{path}: field revision_reason: {value!r} does not begin with a clause of "
                    f"`revision_reasons` in sla.yaml; they are: {', '.join(known)}"
                )
