"""A small workbook that would take all memory is refused before it is loaded."""

import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from bridge.ingest import exchange_workbook, workbook_weight
from bridge.ingest.exchange_exports import read_export
from bridge.ingest.exchange_refusal import NoExport
from bridge.ingest.workbook_weight import refuse_heavy
from tests.exchange_channel import exchange_channel

EXCHANGE = exchange_channel().exchange_section
SHEET = "xl/worksheets/sheet1.xml"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
DOUBLED = "".join(f'<!ENTITY {name} "&{before};&{before};">' for before, name in pairwise(LETTERS))
BILLION = f"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha">{DOUBLED}]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">
<c r="A1" t="inlineStr"><is><t>&z;</t></is></c></row></sheetData></worksheet>"""
STEALS_A_FILE = """<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY z SYSTEM "file:///etc/passwd">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">
<c r="A1" t="inlineStr"><is><t>&z;</t></is></c></row></sheetData></worksheet>"""


def saved(folder: Path, change: Callable[[Worksheet], None]) -> Path:
    book = Workbook()
    change(book.worksheets[0])
    path = folder / "выгрузка.xlsx"
    book.save(path)
    return path


def with_sheet(folder: Path, contents: bytes) -> Path:
    """A workbook of which one part is replaced by these bytes."""
    whole = saved(folder, lambda sheet: sheet.append(["Номер"]))
    path = folder / "подменена.xlsx"
    with zipfile.ZipFile(whole) as before, zipfile.ZipFile(path, "w") as after:
        for part in before.infolist():
            after.writestr(part, contents if part.filename == SHEET else before.read(part))
    return path


def worksheet(inside: str) -> bytes:
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"{inside}</worksheet>"
    ).encode()


def test_a_usual_workbook_is_light(tmp_path: Path) -> None:
    refuse_heavy(saved(tmp_path, lambda sheet: sheet.append(["Номер", "Текст"])))


def test_a_merged_area_as_large_as_a_sheet_is_refused_in_no_time(tmp_path: Path) -> None:
    """Two hundred bytes; the library would make seventeen thousand million cells of them."""
    inside = '<sheetData/><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    with pytest.raises(NoExport, match=r"слишком велика.*разделите файл"):
        read_export(with_sheet(tmp_path, worksheet(inside)), EXCHANGE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1251"])
@pytest.mark.parametrize("piece", ['<c r="A{n}"/>', '<row r="{n}" ht="3"/>', '<x:c r="A{n}"/>'])
def test_cells_and_rows_are_counted_however_they_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: str, encoding: str
) -> None:
    monkeypatch.setattr(workbook_weight, "MOST_CELLS", 99)
    pieces = "".join(piece.format(n=n) for n in range(100))
    text = f'<?xml version="1.0" encoding="{encoding}"?><worksheet>{pieces}</worksheet>'
    with pytest.raises(NoExport, match="больше 99 ячеек"):
        refuse_heavy(with_sheet(tmp_path, text.encode(encoding)))


@pytest.mark.parametrize("contents", [BILLION, STEALS_A_FILE], ids=["laughs", "external"])
def test_entities_are_refused(tmp_path: Path, contents: str) -> None:
    with pytest.raises(NoExport, match="объявлены сущности"):
        read_export(with_sheet(tmp_path, contents.encode()), EXCHANGE)


def test_a_cell_far_to_the_right_does_not_make_every_line_as_long(tmp_path: Path) -> None:
    looked_at = []

    def write(sheet: Worksheet) -> None:
        sheet.append(["Номер", "Текст", "Зарегистрировано"])
        sheet["XFD2"] = "x"

    for _title, lines in exchange_workbook.sheets_of(saved(tmp_path, write)):
        looked_at += [len(line.cells) for line in lines]
    assert looked_at == [exchange_workbook.MOST_COLUMNS] * 2


def test_lines_are_read_up_to_the_number_of_cells_that_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange_workbook, "MOST_CELLS", 10)

    def write(sheet: Worksheet) -> None:
        for _ in range(4):
            sheet.append(["Номер", "Текст", "Зарегистрировано"])

    with pytest.raises(NoExport, match="слишком велика"):
        read_export(saved(tmp_path, write), EXCHANGE)


@pytest.mark.parametrize("area", ["", "A1:", "нет", "A:B"])
def test_a_workbook_with_an_impossible_area_is_refused(tmp_path: Path, area: str) -> None:
    inside = f'<sheetData/><mergeCells><mergeCell ref="{area}"/></mergeCells>'
    with pytest.raises(NoExport, match="не книга XLSX"):
        refuse_heavy(with_sheet(tmp_path, worksheet(inside)))
