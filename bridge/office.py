"""The office as configured: everything in the configuration folder, read and checked together."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

from bridge.channels import Channels, load_channels
from bridge.config.document import load_document
from bridge.helpdesk.layout import HelpdeskLayout
from bridge.routing import DepartmentMapping, Router, load_mapping
from bridge.sla.policy import SlaSettings
from bridge.sla.schedule import CalendarSettings
from bridge.sla.service_time import ServiceCalendar


@dataclass(frozen=True)
class Office:
    """Channels, departments, policies, calendar and the helpdesk's layout of one city."""

    channels: Channels
    mapping: DepartmentMapping
    policies: SlaSettings
    calendar: ServiceCalendar
    layout: HelpdeskLayout

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read every file. Raises `ConfigError` with file, line, key and what would be right."""
        policies = load_document(folder / "sla.yaml", SlaSettings)
        return cls(
            channels=load_channels(folder / "channels.yaml", policies.by_key),
            mapping=load_mapping(folder / "departments.yaml"),
            policies=policies,
            calendar=ServiceCalendar(load_document(folder / "calendar.yaml", CalendarSettings)),
            layout=load_document(folder / "helpdesk.yaml", HelpdeskLayout),
        )

    @cached_property
    def router(self) -> Router:
        """The mapping, ready to route by."""
        return Router(self.mapping)

    @property
    def department_names(self) -> dict[str, str]:
        """What staff call a department."""
        return {department.key: department.name for department in self.mapping.departments}

    @property
    def department_groups(self) -> dict[str, str]:
        """The helpdesk's group by department."""
        return {department.key: department.group_name for department in self.mapping.departments}
