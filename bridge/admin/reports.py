"""«Отчёты»: are answers in time, who is late and why, for any period; to be taken along."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from bridge.admin.access import Right, requires
from bridge.admin.parts import AdminParts
from bridge.flow.reporting import Reports
from bridge.reporting.page import write_content
from bridge.reporting.period import (
    CALENDAR_KINDS,
    Period,
    PeriodKind,
    after,
    before,
    last_closed,
    period_between,
    period_of,
)
from bridge.reporting.writing import FORMS
from bridge.sla.production_calendar import SUPPORTED_YEARS
from bridge.store import report_snapshots

_KINDS: Final[Mapping[PeriodKind, str]] = {
    PeriodKind.DAY: "День",
    PeriodKind.WEEK: "Неделя",
    PeriodKind.MONTH: "Месяц",
    PeriodKind.QUARTER: "Квартал",
    PeriodKind.YEAR: "Год",
}
_LISTED: Final = 8
"""Of each kind, so many kept reports are listed."""


def routes(parts: AdminParts, reports: Callable[[], Reports]) -> Blueprint:
    """`/admin/reports`, `/admin/reports/<form>`, `/admin/reports/report.css`.

    `reports`: with the departments' names of now.
    """
    pages = Blueprint("reports", __name__)
    zone = parts.office.calendar.zone
    templates = parts.settings.templates

    @pages.get("/reports")
    @requires(Right.VIEW)
    def show() -> ResponseReturnValue:
        period = asked_period()
        later = after(period)
        return render_template(
            "reports/page.html",
            content=write_content(reports().of(period, parts.now()), templates),
            period=period,
            kinds=_KINDS.items(),
            dates=_dates(period),
            earlier=_address(before(period)),
            later=_address(later) if later.first <= today() else None,
            kept=kept_reports(),
        )

    @pages.get("/reports/<form>")
    @requires(Right.VIEW)
    def take(form: str) -> Response:
        if form not in FORMS:
            abort(404)
        period = asked_period()
        content = FORMS[form].write(reports().of(period, parts.now()), templates)
        name = f"report-{period.first:%Y-%m-%d}-{period.last:%Y-%m-%d}.{form}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, content_type=FORMS[form].media_type, headers=headers)

    @pages.get("/reports/report.css")
    @requires(Right.VIEW)
    def style() -> Response:
        return Response((templates / "reports" / "report.css").read_bytes(), mimetype="text/css")

    def today() -> date:
        return local(parts.now()).date()

    def local(instant: datetime) -> datetime:
        return instant.astimezone(zone)

    def asked_period() -> Period:
        """The one that the address names; else the last closed week."""
        if "first" in request.args or "last" in request.args:
            return _between(request.args.get("first", ""), request.args.get("last", ""))
        if "kind" not in request.args:
            return last_closed(PeriodKind.WEEK, parts.now(), zone)
        return _of_kind(request.args["kind"], request.args.get("day") or today().isoformat())

    def kept_reports() -> list[Period]:
        with parts.store.reading() as session:
            return [
                period
                for kind in CALENDAR_KINDS
                for period in report_snapshots.kept(session, kind, _LISTED)
            ]

    return pages


def _between(first: str, last: str) -> Period:
    try:
        return period_between(_day(first), _day(last))
    except ValueError as error:
        raise BadRequest(str(error)) from None


def _of_kind(kind: str, day: str) -> Period:
    try:
        return period_of(PeriodKind(kind), _day(day))
    except ValueError as error:
        raise BadRequest(str(error)) from None


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if day.year not in SUPPORTED_YEARS:
        raise ValueError(f"no calendar of {day.year}")
    return day


def _dates(period: Period) -> dict[str, str]:
    return {"first": period.first.isoformat(), "last": period.last.isoformat()}


def _address(period: Period) -> dict[str, str]:
    if period.kind is PeriodKind.DATES:
        return _dates(period)
    return {"kind": period.kind.value, "day": period.first.isoformat()}
