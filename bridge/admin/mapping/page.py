"""`/admin/mapping…`: the blueprint, and the pages on which departments are edited."""

from datetime import timedelta
from typing import Final

import structlog
from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bridge.admin.access import Right, requires
from bridge.admin.mapping import settings_form, suggestion_views, trying_views, version_views
from bridge.admin.mapping.department_form import (
    WORD_FIELDS,
    DepartmentForm,
    empty,
    filled_in,
    group_choices,
    read_department,
    with_department,
    without_department,
)
from bridge.admin.mapping.desk import Desk, Working, typed
from bridge.admin.mapping.drafts import Drafts
from bridge.admin.mapping.obstacles import Examiner
from bridge.admin.mapping.trying import Routers
from bridge.admin.parts import AdminParts
from bridge.bootstrap import open_groups
from bridge.config.document import ConfigError
from bridge.helpdesk.port import HelpdeskError
from bridge.routing import DepartmentMapping
from bridge.routing.mapping import Department
from bridge.second_voice import TRAINING, ModelsFolder
from bridge.store.department_load import tickets_since

log = structlog.get_logger()

BUSY_OVER: Final = timedelta(days=30)
_SHOW: Final = "mapping.show"


def routes(parts: AdminParts) -> Blueprint:
    """Everything below `/admin/mapping`."""
    pages = Blueprint("mapping", __name__)
    desk = _desk(parts)
    _add_list(pages, desk)
    _add_department(pages, desk)
    _add_settings(pages, desk)
    trying_views.add_routes(pages, desk)
    version_views.add_routes(pages, desk)
    suggestion_views.add_routes(pages, desk)

    @pages.errorhandler(ConfigError)
    def of_a_newer_program(error: ConfigError) -> ResponseReturnValue:
        log.error("mapping not readable", why=str(error))
        return render_template(
            "error.html",
            title="Версию не прочитать",
            text="Эту версию соответствия сохранила более новая программа. Обновите мост на этой"
            " машине.",
        ), 500

    return pages


def _desk(parts: AdminParts) -> Desk:
    settings, office = parts.settings, parts.offices.files
    return Desk(
        parts=parts,
        drafts=Drafts(store=parts.store, offices=parts.offices, now=parts.now),
        routers=Routers(ModelsFolder(settings.effective_models, settings.config / TRAINING)),
        examiner=Examiner(
            store=parts.store, groups=open_groups(settings, office), layout=office.layout
        ),
    )


def _add_list(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/mapping")
    @requires(Right.PLACE)
    def show() -> ResponseReturnValue:
        working = desk.working()
        with desk.parts.store.reading() as session:
            busy = tickets_since(session, desk.parts.now() - BUSY_OVER)
        changed = {each.key for each in working.draft.changes} if working.draft else set()
        return desk.show(
            "list.html",
            working,
            departments=[
                (each, rules_of(each), busy.get(each.key, 0), each.key in changed)
                for each in working.mapping.departments
            ],
            general_changed="" in changed,
        )


def rules_of(department: Department) -> int:
    """How many words and phrases speak for it."""
    territory = department.territory
    return sum(
        map(
            len,
            (
                department.keywords,
                department.phrases,
                department.weak_keywords,
                department.hints,
                *((territory.names, territory.streets) if territory else ()),
            ),
        )
    )


def _add_department(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/mapping/department/<key>")
    @requires(Right.PLACE)
    def department(key: str) -> ResponseReturnValue:
        working = desk.working()
        return _department_page(desk, working, filled_in(_found(working.mapping, key)), key)

    @pages.post("/mapping/department/<key>")
    @requires(Right.ADMINISTER)
    def change_department(key: str) -> ResponseReturnValue:
        _found(desk.working().mapping, key)
        return _take_department(desk, key)

    @pages.get("/mapping/new")
    @requires(Right.ADMINISTER)
    def new_department() -> ResponseReturnValue:
        return _department_page(desk, desk.working(), empty(), None)

    @pages.post("/mapping/new")
    @requires(Right.ADMINISTER)
    def add_department() -> ResponseReturnValue:
        return _take_department(desk, None)

    @pages.post("/mapping/department/<key>/remove")
    @requires(Right.ADMINISTER)
    def remove_department(key: str) -> ResponseReturnValue:
        mapping = desk.working().mapping
        removed = _found(mapping, key)
        refusal = desk.examiner.why_not_removed(removed, mapping)
        if refusal:
            flash(refusal, "bad")
            return redirect(url_for("mapping.department", key=key))
        desk.change(lambda now: without_department(now, key))
        flash(f"«{removed.name}» удалено из черновика: проверьте его и сохраните.", "good")
        return redirect(url_for(_SHOW))


def _take_department(desk: Desk, key: str | None) -> ResponseReturnValue:
    working = desk.working()
    read = read_department(typed(), working.mapping, key)
    if isinstance(read, DepartmentForm):
        return _department_page(desk, working, read, key), 400
    desk.change(lambda mapping: with_department(mapping, read))
    flash(f"«{read.name}»: изменения в черновике. Проверьте их и сохраните.", "good")
    return redirect(url_for("mapping.department", key=read.key))


def _department_page(desk: Desk, working: Working, form: DepartmentForm, key: str | None) -> str:
    try:
        groups, is_known = desk.examiner.groups.assignable(), True
    except HelpdeskError:
        groups, is_known = (), False
    chosen = form.values.get("group", "")
    return desk.show(
        "department.html",
        working,
        form=form,
        key=key,
        fields=WORD_FIELDS,
        groups=list(group_choices(groups, chosen)) if is_known else [(chosen, chosen or "—")],
        groups_known=is_known,
    )


def _found(mapping: DepartmentMapping, key: str) -> Department:
    try:
        return mapping.department(key)
    except KeyError:
        abort(404)


def _add_settings(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/mapping/settings")
    @requires(Right.PLACE)
    def settings() -> ResponseReturnValue:
        working = desk.working()
        return _settings_page(desk, working, settings_form.filled_in(working.mapping))

    @pages.post("/mapping/settings")
    @requires(Right.ADMINISTER)
    def change_settings() -> ResponseReturnValue:
        working = desk.working()
        channels = [channel.key for channel in desk.parts.office.channels]
        read = settings_form.read_settings(typed(), working.mapping, channels)
        if isinstance(read, settings_form.SettingsForm):
            return _settings_page(desk, working, read), 400
        desk.change(lambda _mapping: read)
        flash("Общие настройки: изменения в черновике. Проверьте их и сохраните.", "good")
        return redirect(url_for("mapping.settings"))


def _settings_page(desk: Desk, working: Working, form: settings_form.SettingsForm) -> str:
    return desk.show(
        "settings.html",
        working,
        form=form,
        channels=list(desk.parts.office.channels),
        departments=working.mapping.departments,
        importance=working.mapping.importance,
    )
