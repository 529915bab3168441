"""A report in HTML: as a page that needs nothing besides itself, or a part of another page."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bridge.reporting import tables
from bridge.reporting.drawing import course_chart, holders_chart, reasons_chart
from bridge.reporting.figures import Report
from bridge.reporting.tables import Value
from bridge.sla.wording import amount, local_moment

MOST_BREACHES = 300
"""Rows that a page shows; the workbook has them all."""

_NOTHING = "—"
_MINUTE = timedelta(minutes=1)


def write_page(report: Report, templates: Path) -> str:
    """The whole page's HTML; `templates` holds `reports/`. Instants: the office's local time."""
    return _write("reports/page.html.j2", report, templates)


def write_content(report: Report, templates: Path) -> Markup:
    """The report alone, to be put into a page that has `templates`' `reports/report.css`."""
    return Markup(_write("reports/content.html.j2", report, templates))  # noqa: S704 - escaped there


def _write(name: str, report: Report, templates: Path) -> str:
    zone = ZoneInfo(report.zone)
    environment = Environment(
        loader=FileSystemLoader(templates),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=True,
    )
    environment.filters["shown"] = lambda value: shown(value, zone)
    return environment.get_template(name).render(
        report=report,
        made_at=local_moment(report.made_at, zone),
        summary=tables.summary(report),
        course=course_chart(report.course),
        departments=tables.by_department(report),
        departments_chart=holders_chart(report.departments),
        channels=tables.by_channel(report),
        clauses=tables.by_clause(report),
        discipline=tables.discipline(report),
        revisions=tables.revisions(report),
        reasons_chart=reasons_chart(report.revisions),
        breaches=tables.breaches(report, MOST_BREACHES),
    )


def shown(value: Value, zone: ZoneInfo) -> str:
    """The value as people write it: «98,5 %», «1 ч 40 мин», «23.11.2026 18:30»."""
    match value:
        case None:
            return _NOTHING
        case float():
            return f"{value:.1%}".replace(".", ",").replace("%", "\u00a0%")
        case timedelta():
            return rounded(value)
        case datetime():
            return local_moment(value.replace(second=0, microsecond=0), zone)
        case _:
            return str(value)


def rounded(duration: timedelta) -> str:
    """The duration to a minute; what is shorter, to a second."""
    if duration >= _MINUTE:
        duration -= duration % _MINUTE
    return amount(duration)
