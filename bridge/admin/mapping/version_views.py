"""Pages of the draft and the versions: difference, saving, history, way back, files."""

from typing import Final

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bridge.admin.access import Right, requires
from bridge.admin.mapping.desk import Desk, typed
from bridge.admin.mapping.drafts import Draft
from bridge.admin.mapping.obstacles import Obstacles
from bridge.admin.sessions import person
from bridge.config.document import ConfigError, parse_document
from bridge.mapping_keeping import DEPARTMENTS_FILE, Change
from bridge.mapping_wording import export_heading, restoring_note
from bridge.routing import DepartmentMapping
from bridge.routing.mapping_difference import BothChanged, compare
from bridge.routing.mapping_document import write_mapping
from bridge.store import mapping_versions
from bridge.store.audit import Action
from bridge.store.mapping_versions import Overtaken

PAGE: Final = 50
LONGEST_NOTE: Final = 1000
_DRAFT: Final = "mapping.draft"
_OVERTAKEN: Final = (
    "Тем временем сохранена версия {newest}. Посмотрите, что в ней изменили, и повторите."
)


def add_routes(pages: Blueprint, desk: Desk) -> None:
    """`/mapping/draft…`, `/mapping/history`, `/mapping/versions/…`, `/mapping/import`."""
    _add_draft(pages, desk)
    _add_history(pages, desk)
    _add_files(pages, desk)


def _add_draft(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/mapping/draft")
    @requires(Right.ADMINISTER)
    def draft() -> ResponseReturnValue:
        working = desk.working()
        if working.draft is None:
            flash("Черновика нет: несохранённых изменений у вас нет.")
            return redirect(url_for("mapping.show"))
        examined = desk.examiner.examine(working.base.mapping, working.mapping)
        return desk.show("draft.html", working, obstacles=examined, note="", error="")

    @pages.post("/mapping/draft/save")
    @requires(Right.ADMINISTER)
    def save() -> ResponseReturnValue:
        return _save(desk)

    @pages.post("/mapping/draft/put-on-top")
    @requires(Right.ADMINISTER)
    def put_on_top() -> ResponseReturnValue:
        draft = desk.working().draft
        if draft:
            _put_on_top(desk, draft)
        return redirect(url_for(_DRAFT))

    @pages.post("/mapping/draft/discard")
    @requires(Right.ADMINISTER)
    def discard() -> ResponseReturnValue:
        desk.drafts.drop(person().login)
        flash("Черновик удалён: остаётся действующая версия.")
        return redirect(url_for("mapping.show"))


def _save(desk: Desk) -> ResponseReturnValue:
    working = desk.working()
    draft, note = working.draft, typed().get("note", "").strip()
    if draft is None:
        flash("Сохранять нечего: несохранённых изменений у вас нет.", "warn")
        return redirect(url_for("mapping.show"))
    examined, error = Obstacles(()), ""
    if draft.is_overtaken:
        error = _OVERTAKEN.format(newest=draft.in_force.number)
    elif not note or len(note) > LONGEST_NOTE:
        error = f"Напишите, зачем меняете: коротко, до {LONGEST_NOTE} знаков."
    else:
        examined = desk.examiner.examine(draft.base.mapping, draft.mapping)
    if error or examined.refusals:
        page = desk.show("draft.html", working, obstacles=examined, note=note, error=error)
        return page, 409 if draft.is_overtaken else 400
    try:
        number = desk.drafts.save(person().login, draft, note)
    except Overtaken as newer:
        flash(_OVERTAKEN.format(newest=newer.newest), "warn")
        return redirect(url_for(_DRAFT))
    flash(
        f"Сохранена версия {number}. Через несколько секунд новые сообщения направляются по ней.",
        "good",
    )
    return redirect(url_for("mapping.version", number=number))


def _put_on_top(desk: Desk, draft: Draft) -> None:
    newest = draft.in_force.number
    try:
        desk.drafts.put_on_top(person().login, draft)
    except BothChanged as both:
        flash(
            f"И вы, и автор версии {newest} изменили: {', '.join(both.names)}. Выпишите свои"
            " изменения, удалите черновик и внесите их заново.",
            "bad",
        )
    except ValueError:
        flash(
            f"Ваши изменения не сочетаются с версией {newest}: в ней уже есть такое название или"
            " такая рубрика. Поправьте черновик и повторите.",
            "bad",
        )
    else:
        flash(f"Ваши изменения теперь — поверх версии {newest}.", "good")


def _add_history(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/mapping/history")
    @requires(Right.PLACE)
    def history() -> ResponseReturnValue:
        before = request.args.get("before", type=int)
        with desk.parts.store.reading() as session:
            rows = mapping_versions.page(session, PAGE, before)
        older = url_for("mapping.history", before=rows[-1].id) if len(rows) == PAGE else None
        return desk.show("history.html", desk.working(), versions=rows, older=older)

    @pages.get("/mapping/versions/<int:number>")
    @requires(Right.PLACE)
    def version(number: int) -> ResponseReturnValue:
        working, shown = desk.working(), desk.version(number)
        former = desk.drafts.version(number - 1)
        in_force = working.draft.in_force if working.draft else working.base
        return desk.show(
            "version.html",
            working,
            version=shown,
            former=former,
            changes=compare(former.mapping, shown.mapping) if former else (),
            since=compare(shown.mapping, in_force.mapping),
        )

    @pages.post("/mapping/versions/<int:number>/restore")
    @requires(Right.ADMINISTER)
    def restore(number: int) -> ResponseReturnValue:
        older = desk.version(number)
        form = typed()
        seen = form.get("in_force", "")
        if not seen.isdecimal():
            abort(400)
        refusals = desk.examiner.examine(desk.drafts.in_force().mapping, older.mapping).refusals
        for refusal in refusals:
            flash(refusal, "bad")
        if not refusals:
            note = restoring_note(number, form.get("note", "").strip()[:LONGEST_NOTE])
            _restore(
                desk,
                Change(older.mapping, person().login, note, Action.MAPPING_RESTORED),
                int(seen),
            )
        return redirect(url_for("mapping.history"))


def _restore(desk: Desk, change: Change, after: int) -> None:
    try:
        number = desk.drafts.restore(change, after)
    except Overtaken as newer:
        flash(_OVERTAKEN.format(newest=newer.newest), "warn")
    else:
        flash(f"Действует версия {number}. {change.note}.", "good")


def _add_files(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/mapping/versions/<int:number>/departments.yaml")
    @requires(Right.PLACE)
    def export(number: int) -> ResponseReturnValue:
        version = desk.version(number)
        zone = desk.parts.office.calendar.zone
        text = write_mapping(version.mapping, export_heading(version, zone))
        response = Response(text, mimetype="application/yaml")
        response.headers.set("Content-Disposition", "attachment", filename=DEPARTMENTS_FILE)
        return response

    @pages.post("/mapping/import")
    @requires(Right.ADMINISTER)
    def take_file() -> ResponseReturnValue:
        try:
            mapping = _uploaded()
        except ConfigError as error:
            return desk.show("refused_file.html", desk.working(), error=str(error)), 400
        in_force = desk.drafts.in_force()
        if not compare(in_force.mapping, mapping):
            flash("В файле то же, что в действующей версии: ничего не изменилось.")
            return redirect(url_for("mapping.history"))
        desk.drafts.keep(person().login, mapping, in_force)
        flash(
            "Файл загружен в черновик. Посмотрите различия и сохраните. Комментарии из файла не"
            " хранятся.",
            "good",
        )
        return redirect(url_for(_DRAFT))


def _uploaded() -> DepartmentMapping:
    """The mapping that was sent. Raises `ConfigError`."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise ConfigError("Файл не выбран.")
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError("Файл должен быть в кодировке UTF-8.") from error
    return parse_document(text, DepartmentMapping, DEPARTMENTS_FILE)
