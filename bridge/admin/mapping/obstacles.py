"""Why a mapping cannot come into force as it is: in Russian, with what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bridge.helpdesk.layout import HelpdeskLayout
from bridge.helpdesk.port import HelpdeskError
from bridge.helpdesk.project_groups import StaffGroups
from bridge.routing import DepartmentMapping
from bridge.routing.mapping import Department
from bridge.sla.wording import counted
from bridge.store.database import Store
from bridge.store.department_load import OpenTickets, open_tickets

TICKETS_TOLD: Final = 10


@dataclass(frozen=True)
class Obstacles:
    """What stands against it (`refusals`), and what is to be known first (`warnings`)."""

    refusals: tuple[str, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Examiner:
    """Asks Redmine for its groups and the store for open tickets."""

    store: Store
    groups: StaffGroups
    layout: HelpdeskLayout

    def examine(self, before: DepartmentMapping, after: DepartmentMapping) -> Obstacles:
        """What speaks against `after` in the place of `before`."""
        return Obstacles(
            refusals=(*self._missing_groups(after), *self._still_at_work(before, after)),
            warnings=tuple(self._other_groups(before, after)),
        )

    def tickets_of(self, department: str) -> OpenTickets:
        """The open tickets that are with a department."""
        with self.store.reading() as session:
            return open_tickets(session, department, TICKETS_TOLD)

    def _missing_groups(self, mapping: DepartmentMapping) -> Iterator[str]:
        try:
            groups = self.groups.assignable()
        except HelpdeskError:
            yield (
                "Redmine не отвечает: нельзя проверить, есть ли в нём группы подразделений."
                " Ничего не потеряно: повторите через несколько минут."
            )
            return
        role = self.layout.roles["department"].name if "department" in self.layout.roles else ""
        for department in mapping.departments:
            if department.group_name not in groups:
                yield (
                    f"В Redmine нет группы «{department.group_name}» (подразделение"
                    f" «{department.name}»): создайте её (Администрирование → Группы) и дайте ей"
                    f" роль «{role}» в проекте, или выберите другую."
                )

    def _still_at_work(self, before: DepartmentMapping, after: DepartmentMapping) -> Iterator[str]:
        left = {each.key for each in after.departments}
        for department in before.departments:
            if department.key not in left:
                refusal = self.still_at_work(department)
                if refusal:
                    yield refusal

    def why_not_removed(self, department: Department, mapping: DepartmentMapping) -> str | None:
        """Why a department cannot be taken out of the mapping yet; None when it can."""
        if len(mapping.departments) == 1:
            return "Последнее подразделение удалить нельзя: сначала добавьте другое."
        channels = [
            one for one, usual in mapping.default_departments.items() if usual == department.key
        ]
        if channels:
            return (
                f"«{department.name}» указано в общих настройках для каналов:"
                f" {', '.join(channels)}. Сначала измените общие настройки."
            )
        return self.still_at_work(department)

    def still_at_work(self, department: Department) -> str | None:
        """What a department still has to do; None when it has nothing."""
        tickets = self.tickets_of(department.key)
        if not tickets.count:
            return None
        return (
            f"У подразделения «{department.name}» {_open(tickets)}. Закройте их или передайте"
            " другому подразделению, потом удалите."
        )

    def _other_groups(self, before: DepartmentMapping, after: DepartmentMapping) -> Iterator[str]:
        groups = {each.key: each.group_name for each in before.departments}
        for department in after.departments:
            was = groups.get(department.key, department.group_name)
            tickets = self.tickets_of(department.key) if was != department.group_name else None
            if tickets and tickets.count:
                yield (
                    f"У подразделения «{department.name}» меняется группа: «{was}» →"
                    f" «{department.group_name}», а на прежней {_open(tickets)}. Если группу только"
                    " переименовали в Redmine, ничего делать не нужно; если она другая,"
                    " переназначьте эти карточки сразу после сохранения."
                )


def _open(tickets: OpenTickets) -> str:
    told = ", ".join(f"#{issue}" for issue in tickets.newest if issue)
    count = counted(tickets.count, "открытая карточка", "открытые карточки", "открытых карточек")
    more = " и другие" if tickets.count > len(tickets.newest) else ""
    return f"{count}: {told}{more}" if told else count
