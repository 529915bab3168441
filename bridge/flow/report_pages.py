"""A report as a page of the helpdesk's wiki, with the workbook and the printable page attached."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from bridge.helpdesk import wiki_markup
from bridge.helpdesk.markup import TextFormatting
from bridge.helpdesk.port import NewFile
from bridge.reporting import tables
from bridge.reporting.figures import Report
from bridge.reporting.page import shown, write_page
from bridge.reporting.period import Period, PeriodKind
from bridge.reporting.tables import Table, TicketNumber, Value
from bridge.sla.wording import local_moment

INDEX = "Отчёты"
"""The page that leads to all reports."""

MOST_BREACHES = 50
_ONLY_IN_FILES: Mapping[str, frozenset[str]] = {
    "По подразделениям": frozenset(
        {"Отменено", "Открыто", "90 % не дольше", "Промежуточных ответов"}
    ),
    "Дисциплина куратора": frozenset({"Отменено", "Открыто"}),
    "По каналам": frozenset({"Вручную", "Без ответа", "Ждут ответа", "Отменено", "Открыто"}),
    "По пунктам": frozenset({"Отменено", "Открыто"}),
    "Просрочки": frozenset({"Откуда сообщение", "Начало", "Как посчитан срок"}),
}
"""Columns, by table, for which a page beside the helpdesk's menus has no room."""
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KINDS: Mapping[PeriodKind, str] = {
    PeriodKind.DAY: "По дням",
    PeriodKind.WEEK: "По неделям",
    PeriodKind.MONTH: "По месяцам",
    PeriodKind.QUARTER: "По кварталам",
    PeriodKind.YEAR: "По годам",
    PeriodKind.DATES: "За выбранные даты",
}


@dataclass(frozen=True)
class WikiPage:
    """A page to be written."""

    title: str
    text: str
    files: tuple[NewFile, ...] = ()


def report_title(period: Period) -> str:
    """The title of a period's page, without letters that the wiki drops from titles."""
    return f"Отчёт {period.title}"


def report_page(report: Report, formatting: TextFormatting, templates: Path) -> WikiPage:
    """The report's page: its tables, and the files for who wants to print or to calculate."""
    name = f"report_{report.period.kind}_{report.period.first}_{report.period.last}"
    files = (
        NewFile(f"{name}.xlsx", _WORKBOOK, _workbook(report)),
        NewFile(f"{name}.html", "text/html", write_page(report, templates).encode()),
    )
    return WikiPage(
        report_title(report.period),
        _report_text(report, formatting, [file.name for file in files]),
        files,
    )


def index_page(
    published: Mapping[PeriodKind, Sequence[Period]], formatting: TextFormatting
) -> WikiPage:
    """Links to the reports that stand in the wiki, kind by kind, as they are given."""
    parts = []
    for kind, periods in published.items():
        if periods:
            links = (wiki_markup.page_link(report_title(period)) for period in periods)
            parts += [wiki_markup.heading(_KINDS[kind], formatting), wiki_markup.bullets(links)]
    return WikiPage(INDEX, "\n\n".join([wiki_markup.title(INDEX, formatting), *parts]))


def _report_text(report: Report, formatting: TextFormatting, files: Iterable[str]) -> str:
    zone = ZoneInfo(report.zone)
    made = f"Составлен {local_moment(report.made_at, zone)}. Все отчёты: "
    links = ", ".join(wiki_markup.file_link(name) for name in files)
    parts = [
        wiki_markup.title(report.title, formatting),
        f"{made}{wiki_markup.page_link(INDEX)}.",
        f"Для печати и расчётов: {links}",
    ]
    for table in (
        tables.summary(report),
        tables.by_department(report),
        tables.discipline(report),
        tables.by_channel(report),
        tables.by_clause(report),
        tables.revisions(report),
        tables.breaches(report, MOST_BREACHES),
    ):
        parts += [wiki_markup.heading(table.title, formatting), _table(table, formatting, zone)]
    return "\n\n".join(parts)


def _table(table: Table, formatting: TextFormatting, zone: ZoneInfo) -> str:
    if not table.rows:
        return "Нет."
    left_out = _ONLY_IN_FILES.get(table.title, frozenset())
    shown_columns = [
        number for number, column in enumerate(table.columns) if column.title not in left_out
    ]
    titles = [table.columns[number].title for number in shown_columns]
    rows = ([_cell(row[number], zone) for number in shown_columns] for row in table.rows)
    text = wiki_markup.table(titles, rows, formatting)
    return f"{text}\n\n{table.note}" if table.note else text


def _cell(value: Value, zone: ZoneInfo) -> str:
    if isinstance(value, TicketNumber):
        return wiki_markup.ticket_link(value.number) if value.number else "—"
    return shown(value, zone)


def _workbook(report: Report) -> bytes:
    # Here, not above: the library takes a third of a second to load, and every process would wait.
    from bridge.reporting.workbook import write_workbook

    return write_workbook(report)
