"""Is this Redmine fit for the bridge? The probes that `bridge check` runs from outside."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from bridge.findings import Finding, State
from bridge.helpdesk.ids_by_name import ids_by_name
from bridge.helpdesk.layout import HelpdeskLayout
from bridge.helpdesk.layout_probes import RUN_SETUP, layout_findings
from bridge.helpdesk.plugin_layout import PluginLayout, departments_of, read_plugin_layout
from bridge.helpdesk.port import HelpdeskError, HelpdeskRefused
from bridge.helpdesk.redmine_session import PageMissing, RedmineSession, ValidationRefused

CLOCK_WARN = timedelta(seconds=2)
CLOCK_FAIL = timedelta(seconds=30)


def check_helpdesk(
    session: RedmineSession,
    layout: HelpdeskLayout,
    department_groups: Mapping[str, str],
    now: Callable[[], datetime],
) -> Iterator[Finding]:
    """The state of Redmine as the robot sees it; stops early when there is nothing to look at.

    `department_groups`: the Redmine group's name by the department's key. `now`: this host's
    clock, aware.
    """
    try:
        user = session.get("/users/current.json", "user")
    except HelpdeskError as error:
        yield _no_entry(error)
        return
    yield _whose_key(user, layout)
    before = now()
    try:
        found = read_plugin_layout(session)
    except PageMissing:
        yield from _without_plugin(session, layout, department_groups)
        return
    except HelpdeskError as error:
        yield Finding("Redmine: плагин", State.FAIL, str(error), _PLUGIN_REMEDY)
        return
    yield _clocks(found, before, now())
    try:
        departments = departments_of(session, found, layout, department_groups)
    except HelpdeskError as error:
        yield Finding("Redmine: группы", State.FAIL, str(error), _PLUGIN_REMEDY)
        return
    yield from layout_findings(found, layout, department_groups, departments)


def check_webhook(
    session: RedmineSession, token: str, has_arrived: Callable[[str], bool]
) -> Finding:
    """Have Redmine send a signed delivery with `token`, and see whether it gets here.

    `has_arrived` waits a bounded time for a verified delivery with that token.
    """
    name = "Redmine: вебхук"
    try:
        session.post("/bridge/webhook_test.json", {"token": token})
    except ValidationRefused as error:
        return Finding(name, State.FAIL, f"Не настроен: {error.reasons}.", _WEBHOOK_REMEDY)
    except HelpdeskError as error:
        return Finding(name, State.FAIL, f"Пробу не отправить: {error}", _PLUGIN_REMEDY)
    if has_arrived(token):
        return Finding(name, State.OK, "подписанная проба дошла")
    return Finding(
        name,
        State.FAIL,
        "Подписанная проба не дошла. Изменения будут замечены только при обходе раз в минуту.",
        _WEBHOOK_REMEDY,
    )


_PLUGIN_REMEDY = (
    "Установите плагин bridge того же выпуска и укажите ключ API учётной записи робота."
)
_WEBHOOK_REMEDY = (
    "Сверьте в настройках плагина адрес (он должен открываться с сервера Redmine) и секрет:"
    " тот же, что в настройках bridge."
)


def _no_entry(error: HelpdeskError) -> Finding:
    if isinstance(error, HelpdeskRefused):
        remedy = "Включите REST API в настройках Redmine и проверьте ключ API робота."
    else:
        remedy = "Проверьте адрес Redmine, и что он открывается с этого сервера."
    return Finding("Redmine: вход", State.FAIL, str(error), remedy)


def _whose_key(user: Mapping[str, Any], layout: HelpdeskLayout) -> Finding:
    name = "Redmine: вход"
    login = user.get("login")
    if login != layout.robot.login:
        return Finding(
            name,
            State.FAIL,
            f"Ключ API принадлежит учётной записи «{login}», а не роботу «{layout.robot.login}».",
            "Укажите ключ робота: своё и чужое в журнале задач различают по нему.",
        )
    if user.get("admin"):
        return Finding(
            name,
            State.WARN,
            "Робот — администратор Redmine; ему это не нужно.",
            "Снимите с учётной записи робота признак администратора.",
        )
    return Finding(name, State.OK, f"REST включён, ключ робота «{login}» принят")


def _clocks(found: PluginLayout, before: datetime, after: datetime) -> Finding:
    """The answer was made between `before` and `after`: only what is outside is a difference."""
    difference = max(before - found.server_time, found.server_time - after, timedelta())
    seconds = f"{difference.total_seconds():.1f} с".replace(".", ",")
    state = State.OK
    if difference > CLOCK_WARN:
        state = State.FAIL if difference > CLOCK_FAIL else State.WARN
    remedy = "" if state is State.OK else "Включите на обоих серверах синхронизацию времени (NTP)."
    return Finding("Redmine: часы", state, f"расходятся с нашими на {seconds}", remedy)


def _without_plugin(
    session: RedmineSession, layout: HelpdeskLayout, department_groups: Mapping[str, str]
) -> Iterator[Finding]:
    yield Finding(
        "Redmine: плагин",
        State.WARN,
        "Не установлен: изменение, сделанное одновременно с роботом, может потеряться; порядок"
        " работы, часы и вебхук не проверить.",
        _PLUGIN_REMEDY,
    )
    try:
        ids = ids_by_name(session, layout, department_groups)
    except HelpdeskError as error:
        yield Finding("Redmine: проект", State.FAIL, str(error), RUN_SETUP)
        return
    for title, things in (
        ("статусы", ids.statuses),
        ("поля", ids.fields),
        ("группы", ids.departments),
    ):
        missing = "; ".join(f"«{name}»" for name in things.missing())
        yield Finding(
            f"Redmine: {title}",
            State.FAIL if missing else State.OK,
            f"Нет: {missing}." if missing else "все найдены по названиям",
            RUN_SETUP if missing else "",
        )
