"""Compares what the plugin says of its Redmine with `config/helpdesk.yaml`: a finding per topic.

Pure: the texts are for an administrator, in Russian, and say what is wrong and how to mend it.
"""

from collections.abc import Iterable, Iterator, Mapping

from bridge.findings import Finding, State
from bridge.helpdesk.layout import EXTERNAL_NUMBER, ROBOT_ROLE, HelpdeskLayout
from bridge.helpdesk.plugin_layout import FoundGroup, PluginLayout

RUN_SETUP = "Выполните настройку Redmine: rake bridge:setup (см. README плагина)."

_SINCE_REDMINE_7 = frozenset({"use_webhooks"})


def layout_findings(
    found: PluginLayout,
    layout: HelpdeskLayout,
    department_groups: Mapping[str, str],
    departments: Mapping[str, FoundGroup | None],
) -> Iterator[Finding]:
    """Everything that can be told from the plugin's answer and the departments' groups."""
    yield _settings(found)
    yield _project(found, layout)
    yield _statuses(found, layout)
    yield _fields(found, layout)
    yield _robot_rights(found, layout)
    for role in layout.roles:
        yield _workflow(found, layout, role)
    yield _groups(found, layout, department_groups, departments)


def _settings(found: PluginLayout) -> Finding:
    off = [
        title
        for title, on in (
            ("«Включить веб-сервис REST»", found.settings.rest_api_enabled),
            (
                "«Разрешить назначение задач группам пользователей»",
                found.settings.issue_group_assignment,
            ),
        )
        if not on
    ]
    return _finding("Redmine: настройки", "включены", _problem("Выключены настройки", off))


def _project(found: PluginLayout, layout: HelpdeskLayout) -> Finding:
    name = f"проект «{layout.project.identifier}»"
    if found.project is None or found.tracker is None:
        return Finding("Redmine: проект", State.FAIL, f"Нет проекта или трекера: {name}", RUN_SETUP)
    wrong = [
        text
        for text, is_wrong in (
            ("проект закрыт или в архиве", not found.project.active),
            ("проект общедоступный, а в сообщениях персональные данные", found.project.public),
            (f"в проекте нет трекера «{layout.tracker.name}»", not found.tracker.in_project),
        )
        if is_wrong
    ]
    return _finding("Redmine: проект", f"{name} готов", _problem(f"Не готов {name}", wrong))


def _statuses(found: PluginLayout, layout: HelpdeskLayout) -> Finding:
    wrong = []
    for wanted in layout.statuses:
        status = found.statuses.get(wanted.key)
        if status is None:
            wrong.append(f"нет статуса «{wanted.name}»")
        elif status.closed != wanted.closed:
            kind = "закрытым" if wanted.closed else "открытым"
            wrong.append(f"статус «{wanted.name}» должен быть {kind}")
    return _finding("Redmine: статусы", f"все {len(layout.statuses)}", _problem("Статусы", wrong))


def _fields(found: PluginLayout, layout: HelpdeskLayout) -> Finding:
    wrong = []
    for wanted in layout.fields:
        field = found.fields.get(wanted.key)
        if field is None:
            wrong.append(f"нет поля «{wanted.name}»")
        elif not field.in_tickets:
            wrong.append(f"поле «{wanted.name}» не включено в проекте или трекере")
        elif wanted.key == EXTERNAL_NUMBER and not field.filter:
            wrong.append(f"поле «{wanted.name}» не отмечено как фильтр")
    return _finding("Redmine: поля", f"все {len(layout.fields)}", _problem("Поля", wrong))


def _robot_rights(found: PluginLayout, layout: HelpdeskLayout) -> Finding:
    name = "Redmine: права робота"
    role = found.roles.get(ROBOT_ROLE)
    if role is None or found.robot is None or not found.robot.active:
        problem = "Учётной записи робота или его роли нет, или она заблокирована."
        return Finding(name, State.FAIL, problem, RUN_SETUP)
    wanted = set(layout.roles[ROBOT_ROLE].permissions)
    if found.webhook.kind != "native":
        wanted -= _SINCE_REDMINE_7
    return _finding(name, "достаточны", _problem("Нет прав", sorted(wanted - role.permissions)))


def _workflow(found: PluginLayout, layout: HelpdeskLayout, role: str) -> Finding:
    name = f"Redmine: порядок работы роли «{layout.roles[role].name}»"
    if found.roles.get(role) is None:
        return Finding(name, State.FAIL, "Роли нет.", RUN_SETUP)
    titles = {status.key: status.name for status in layout.statuses}
    wanted, there = layout.transitions(role), _found_transitions(found, role)
    lacking = [
        *_steps(wanted - there, titles),
        *(
            f"новая задача сразу «{titles[status]}»"
            for status in sorted(layout.initial(role) - found.initial_statuses.get(role, set()))
        ),
        *_required(layout.required(role) - _found_required(found, role), titles),
    ]
    if lacking:
        return _finding(name, "", _problem("Не хватает", lacking))
    surplus = _steps(there - wanted, titles)
    if surplus:
        return Finding(
            name,
            State.WARN,
            f"{_problem('Разрешены лишние переходы', surplus)} Робот отменит такой шаг,"
            " но лучше, чтобы Redmine его не предлагал.",
            RUN_SETUP,
        )
    return Finding(name, State.OK, "как в config/helpdesk.yaml")


def _found_transitions(found: PluginLayout, role: str) -> frozenset[tuple[str, str]]:
    steps = found.workflow.get(role, {})
    return frozenset(
        (before, after) for before, afters in steps.items() for after in afters if before != after
    )


def _found_required(found: PluginLayout, role: str) -> frozenset[tuple[str, str]]:
    statuses = found.required_fields.get(role, {})
    return frozenset((status, field) for status, fields in statuses.items() for field in fields)


def _steps(steps: Iterable[tuple[str, str]], titles: Mapping[str, str]) -> list[str]:
    return [
        f"«{titles.get(before, before)}» → «{titles.get(after, after)}»"
        for before, after in sorted(steps)
    ]


def _required(pairs: Iterable[tuple[str, str]], titles: Mapping[str, str]) -> list[str]:
    return [f"обязательное поле {field} в «{titles[status]}»" for status, field in sorted(pairs)]


def _groups(
    found: PluginLayout,
    layout: HelpdeskLayout,
    department_groups: Mapping[str, str],
    departments: Mapping[str, FoundGroup | None],
) -> Finding:
    wanted: dict[str, FoundGroup | None] = {layout.groups.curators: found.groups.curators}
    for key, name in department_groups.items():
        wanted[name] = departments.get(key)
    wrong = []
    if layout.groups.leaders and found.groups.leaders is None:
        wrong.append(f"нет группы «{layout.groups.leaders}»")
    for name, group in wanted.items():
        if group is None:
            wrong.append(f"нет группы «{name}»")
        elif not found.is_assignable(group):
            wrong.append(f"группе «{name}» нельзя назначить задачу: у неё нет роли в проекте")
    return _finding("Redmine: группы", f"все {len(wanted)}", _problem("Группы", wrong))


def _problem(title: str, items: Iterable[str]) -> str:
    listed = "; ".join(items)
    return f"{title}: {listed}." if listed else ""


def _finding(name: str, fine: str, problem: str) -> Finding:
    if problem:
        return Finding(name, State.FAIL, problem, RUN_SETUP)
    return Finding(name, State.OK, fine)
