"""A report as an Excel workbook: tables that can be filtered and sorted, and native charts."""

import math
import re
from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.series import Series
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from bridge.reporting import tables
from bridge.reporting.figures import Report, Stretch
from bridge.reporting.tables import Column, Form, Table, TicketNumber, Value
from bridge.sla.wording import local_moment

IN_TIME, LATE, RECEIVED = "0072B2", "D55E00", "595959"
REASONS = ("56B4E9", "E69F00", "009E73", "CC79A7", "999999")
"""Colours that people with any colour vision tell apart."""

_TEXT_THAT_LOOKS_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_TEXT = 32_000
_WIDTHS = {
    Form.TEXT: 34,
    Form.CLAUSE: 9,
    Form.WORDS: 60,
    Form.COUNT: 13,
    Form.SHARE: 12,
    Form.DURATION: 14,
    Form.INSTANT: 17,
    Form.TICKET: 11,
}
_FORMATS = {
    Form.COUNT: "#,##0",
    Form.SHARE: "0.0%",
    Form.DURATION: "[h]:mm",
    Form.INSTANT: "dd.mm.yyyy hh:mm",
}
_HEADING = Font(bold=True, color="FFFFFF")
_HEADING_FILL = PatternFill("solid", fgColor="1F3864")
_WRAPPED = Alignment(vertical="top", wrap_text=True)
_ON_ONE_LINE = Alignment(vertical="top", wrap_text=False)
_LINK = Font(color="0563C1", underline="single")
_LINE_POINTS = 15
_CHARTED_ROWS = 40


def write_workbook(report: Report) -> bytes:
    """The workbook's bytes. Instants are shown in the office's local time."""
    workbook = Workbook()
    zone = ZoneInfo(report.zone)
    workbook.properties.title = report.title
    workbook.properties.creator = "bridge"
    workbook.properties.created = report.made_at.replace(tzinfo=None)
    first = workbook.active
    if isinstance(first, Worksheet):
        workbook.remove(first)
    _write_summary(workbook, report, zone)
    _write_departments(workbook, report, zone)
    _write_sheet(workbook, tables.by_channel(report), zone)
    _write_sheet(workbook, tables.by_clause_and_holder(report), zone)
    _write_revisions(workbook, report, zone)
    _write_sheet(workbook, tables.breaches(report), zone)
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def _write_summary(workbook: Workbook, report: Report, zone: ZoneInfo) -> None:
    sheet: Worksheet = workbook.create_sheet("Сводка")
    _put(sheet, 1, 1, report.title, Form.TEXT, zone)
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    state = "" if report.final else "; период не закончен, данные предварительные"
    made = f"Составлен {local_moment(report.made_at, zone)}{state}"
    _put(sheet, 2, 1, made, Form.TEXT, zone)
    sheet.cell(2, 1).alignment = _ON_ONE_LINE
    last = _write_table(sheet, tables.summary(report), zone, top=4)
    sheet.column_dimensions["A"].width = 48
    _chart_course(sheet, report, zone, top=last + 3)
    _print_landscape(sheet)


def _chart_course(sheet: Worksheet, report: Report, zone: ZoneInfo, top: int) -> None:
    """How the period went: a table, and beside the summary its chart."""
    last = _write_table(sheet, _course_table(report.course), zone, top=top)
    labels = Reference(sheet, min_col=1, min_row=top + 1, max_row=last)
    bars = BarChart()
    bars.type, bars.grouping, bars.overlap = "col", "stacked", 100
    bars.title = "Поступило сообщений и выполнено обязанностей"
    for column, colour in ((3, IN_TIME), (4, LATE)):
        bars.series.append(_series(sheet, column, top, last, colour))
    bars.set_categories(labels)
    line = LineChart()
    received = _series(sheet, 2, top, last, RECEIVED)
    received.graphicalProperties.line.solidFill = RECEIVED
    line.series.append(received)
    line.set_categories(labels)
    bars += line
    _place(sheet, bars, "F4", width=24, height=11)


def _course_table(course: tuple[Stretch, ...]) -> Table:
    columns = (
        Column("Когда", Form.TEXT),
        Column("Поступило", Form.COUNT),
        Column("В срок", Form.COUNT),
        Column("Поздно", Form.COUNT),
    )
    rows = tuple((part.label, part.received, part.in_time, part.late) for part in course)
    return Table("Ход периода", columns, rows)


def _write_departments(workbook: Workbook, report: Report, zone: ZoneInfo) -> None:
    sheet = _write_sheet(workbook, tables.by_department(report), zone)
    last = min(len(report.departments), _CHARTED_ROWS) + 1
    if last > 1:
        bars = BarChart()
        bars.type, bars.grouping, bars.overlap = "bar", "stacked", 100
        bars.title = "Сроки подразделений: соблюдены и нарушены"
        for column, colour in ((3, IN_TIME), (4, LATE)):
            bars.series.append(_series(sheet, column, 1, last, colour))
        bars.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=last))
        bars.y_axis.majorGridlines = None
        # The first department on top, as in the table.
        bars.x_axis.scaling.orientation = "maxMin"
        _place(sheet, bars, f"A{sheet.max_row + 3}", width=28, height=max(7, last))


def _write_revisions(workbook: Workbook, report: Report, zone: ZoneInfo) -> None:
    table = tables.revisions(report)
    sheet = _write_sheet(workbook, table, zone)
    if table.rows:
        last = min(len(table.rows), _CHARTED_ROWS) + 1
        bars = BarChart()
        bars.type, bars.grouping, bars.overlap = "bar", "stacked", 100
        bars.title = "Доработки по причинам"
        for column in range(2, len(table.columns)):
            colour = REASONS[(column - 2) % len(REASONS)]
            bars.series.append(_series(sheet, column, 1, last, colour))
        bars.x_axis.scaling.orientation = "maxMin"
        bars.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=last))
        _place(sheet, bars, f"A{sheet.max_row + 3}", width=28, height=max(7, last))


def _write_sheet(workbook: Workbook, table: Table, zone: ZoneInfo) -> Worksheet:
    """A sheet with the table at its top, so that it can be sorted and filtered."""
    sheet: Worksheet = workbook.create_sheet(table.title)
    last = _write_table(sheet, table, zone, top=1)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{last}"
    if table.note:
        _put(sheet, last + 2, 1, table.note, Form.TEXT, zone)
        sheet.cell(last + 2, 1).alignment = _ON_ONE_LINE
        sheet.cell(last + 2, 1).font = Font(italic=True)
    _print_landscape(sheet)
    return sheet


def _write_table(sheet: Worksheet, table: Table, zone: ZoneInfo, top: int) -> int:
    """Write it from row `top` on; the number of its last row."""
    for number, column in enumerate(table.columns, start=1):
        cell = sheet.cell(top, number, column.title)
        cell.font, cell.fill = _HEADING, _HEADING_FILL
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS[column.form]
    sheet.row_dimensions[top].height = 2 * _LINE_POINTS + 6
    for row_number, row in enumerate(table.rows, start=top + 1):
        for number, (column, value) in enumerate(zip(table.columns, row, strict=True), start=1):
            _put(sheet, row_number, number, value, column.form, zone)
        sheet.row_dimensions[row_number].height = _lines(table.columns, row) * _LINE_POINTS
    return top + len(table.rows)


def _lines(columns: Iterable[Column], row: Iterable[Value]) -> int:
    """Lines that the row's longest text takes: not every program fits the height by itself."""
    return max(
        math.ceil(len(value) / (_WIDTHS[column.form] - 2)) if isinstance(value, str) else 1
        for column, value in zip(columns, row, strict=True)
    )


def _put(sheet: Worksheet, row: int, column: int, value: Value, form: Form, zone: ZoneInfo) -> None:
    cell = sheet.cell(row, column)
    match value:
        case str():
            _set_text(cell, value)
        case TicketNumber():
            _set_ticket(cell, value)
        case datetime():
            # A workbook knows no zones.
            cell.value = value.astimezone(zone).replace(tzinfo=None)
        case _:
            cell.value = value
    if form in _FORMATS:
        cell.number_format = _FORMATS[form]
    cell.alignment = _WRAPPED if form in {Form.TEXT, Form.WORDS} else _ON_ONE_LINE


def _set_text(cell: Cell | MergedCell, value: str) -> None:
    """Text that is never taken for a formula, also when somebody edits the cell."""
    cell.value = _UNWRITABLE.sub("", value)[:_LONGEST_TEXT]
    cell.data_type = "s"
    cell.quotePrefix = value.startswith(_TEXT_THAT_LOOKS_LIKE_A_FORMULA)


def _set_ticket(cell: Cell | MergedCell, ticket: TicketNumber) -> None:
    cell.value = ticket.number
    if ticket.link:
        cell.hyperlink = ticket.link
        cell.font = _LINK


def _series(sheet: Worksheet, column: int, top: int, last: int, colour: str) -> Series:
    """A column of the table as a series, its heading as the name."""
    values = Reference(sheet, min_col=column, min_row=top, max_row=last)
    series: Series = SeriesFactory(values, title_from_data=True)
    series.graphicalProperties.solidFill = colour
    return series


def _place(sheet: Worksheet, chart: BarChart, anchor: str, width: int, height: int) -> None:
    """Sizes in centimetres."""
    chart.width, chart.height = width, height
    chart.legend.position = "b"
    chart.y_axis.scaling.min = 0
    # Without this, newer versions of Excel hide the axes of such charts.
    chart.x_axis.delete = chart.y_axis.delete = False
    sheet.add_chart(chart, anchor)


def _print_landscape(sheet: Worksheet) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = "9"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
