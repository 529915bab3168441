"""Exports as people and programs really make them are read, and a bad line costs itself only."""

import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from bridge.ingest import exchange_exports, workbook_weight
from bridge.ingest.exchange_cards import read_card
from bridge.ingest.exchange_exports import Export, read_export
from bridge.ingest.exchange_refusal import NoExport
from tests.exchange_channel import exchange_channel

EXCHANGE = exchange_channel().exchange_section
HEADER = ["Номер", "Ссылка", "Текст", "Зарегистрировано", "Лишний столбец"]
MOMENT = datetime(2026, 11, 24, 16, 20)  # noqa: DTZ001 - Excel knows no zones
CSV = """\
Номер;Ссылка;Текст;Зарегистрировано
1;vk.com/wall-1_2;"Яма; большая
и новая";24.11.2026 16:20
"""


def row(number: Any, text: Any = "Яма", moment: Any = MOMENT, link: str = "") -> list[Any]:
    return [number, link or None, text, moment, "x"]


def workbook(
    folder: Path, *rows: list[Any], change: Callable[[Worksheet], None] | None = None
) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    for each in rows:
        sheet.append(each)
    if change:
        change(sheet)
    path = folder / "выгрузка.xlsx"
    book.save(path)
    return path


def written(folder: Path, name: str, contents: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(contents.encode() if isinstance(contents, str) else contents)
    return path


def numbers(export: Export) -> list[Any]:
    return [found.records[0].get("Номер") for found in export.found]


def troubles(export: Export) -> list[str]:
    return [f"{each.place}: {each.reason}" for each in export.troubles_with(EXCHANGE)]


def test_titles_need_not_stand_in_the_first_line(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["Отчёт за ноябрь"], [], [None, "стр. 1"], HEADER, row(1), [], row(2))
    export = read_export(path, EXCHANGE)
    assert numbers(export) == [1, 2]
    assert export.found[1].place == "лист «Sheet», строка 7"
    assert troubles(export) == []


def test_merged_cells_hold_for_all_of_their_lines(tmp_path: Path) -> None:
    def merge(sheet: Worksheet) -> None:
        for column in "ACD":
            sheet.merge_cells(f"{column}2:{column}4")
        sheet.merge_cells("A1:A1")

    rows = [row(7, link="vk.com/wall-1_2"), row(None, None, None, "vk.com/wall-1_3")]
    path = workbook(
        tmp_path, HEADER, *rows, row(None, None, None, "vk.com/wall-1_4"), row(8), change=merge
    )
    export = read_export(path, EXCHANGE)
    assert numbers(export) == [7, 8]
    links = [record["Ссылка"] for record in export.found[0].records]
    assert links == ["vk.com/wall-1_2", "vk.com/wall-1_3", "vk.com/wall-1_4"]
    assert troubles(export) == []


def test_title_merged_over_several_columns_and_doubled_titles_lose_nothing(tmp_path: Path) -> None:
    header = ["Номер", "Ссылка", "Ссылка", "Текст", "Зарегистрировано"]
    path = workbook(tmp_path, header, [1, "vk.com/wall-1_2", "vk.com/wall-1_3", "Яма", MOMENT])
    (found,) = read_export(path, EXCHANGE).found
    assert found.records[0]["Ссылка"] == ["vk.com/wall-1_2", "vk.com/wall-1_3"]


def test_excels_dates_are_read_and_a_day_is_no_midnight(tmp_path: Path) -> None:
    almost = datetime(2026, 11, 24, 16, 19, 59, 999_999)  # noqa: DTZ001 - as Excel's fractions give
    path = workbook(
        tmp_path, HEADER, row(1), row(2, moment=almost), row(3, moment=date(2026, 11, 24))
    )
    export = read_export(path, EXCHANGE)
    moments = [found.records[0]["Зарегистрировано"] for found in export.found]
    assert moments == ["2026-11-24T16:20:00", "2026-11-24T16:20:00", "2026-11-24"]
    assert troubles(export) == [
        "лист «Sheet», строка 4: нет времени, только день: срок пункта 3.1 не от чего считать"
    ]


def test_carriage_return_is_read_as_excel_writes_it(tmp_path: Path) -> None:
    path = workbook(tmp_path, HEADER, row(1, text="Яма_x000D_\nна Ленина"))
    (found,) = read_export(path, EXCHANGE).found
    assert read_card(found.records, EXCHANGE).text == "Яма\nна Ленина"


def test_one_bad_row_in_the_middle_costs_itself_only(tmp_path: Path) -> None:
    rows = [row(n) for n in range(1, 8)]
    rows[3] = row(4, moment="не помню")
    export = read_export(workbook(tmp_path, HEADER, *rows), EXCHANGE)
    assert numbers(export) == [1, 2, 3, 4, 5, 6, 7]
    (trouble,) = troubles(export)
    assert trouble.startswith("лист «Sheet», строка 5: дата и время записаны непонятно")


def test_sheets_without_cards_are_passed_over(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["Памятка"])
    second = book.create_sheet("Карточки")
    for each in (HEADER, row(1)):
        second.append(each)
    book.save(tmp_path / "a.xlsx")
    assert numbers(read_export(tmp_path / "a.xlsx", EXCHANGE)) == [1]


def test_ten_thousand_rows_are_read(tmp_path: Path) -> None:
    path = workbook(tmp_path, HEADER, *(row(n) for n in range(10_000)))
    assert len(read_export(path, EXCHANGE).found) == 10_000


def test_sheet_that_is_long_by_its_formats_only_is_over_early(tmp_path: Path) -> None:
    def format_far_below(sheet: Worksheet) -> None:
        sheet.cell(1_000_000, 1).number_format = "0.00"

    path = workbook(tmp_path, HEADER, row(1), change=format_far_below)
    assert numbers(read_export(path, EXCHANGE)) == [1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_is_read_in_each_encoding_with_each_delimiter(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    lines = [
        delimiter.join(HEADER),
        "",
        delimiter.join(["1", "vk.com/wall-1_2", '"Яма\nна ""Ленина"""', "24.11.2026 16:20", "x"]),
        delimiter * 4,
        delimiter.join(["2", "", '"Ёлка; и, ещё"', "25.11.2026 9:05", "x"]),
    ]
    path = written(tmp_path, "a.csv", "\r\n".join(lines).encode(encoding))
    export = read_export(path, EXCHANGE)
    texts = [found.records[0]["Текст"] for found in export.found]
    assert texts == ['Яма\nна "Ленина"', "Ёлка; и, ещё"]
    assert [found.place for found in export.found] == ["строка 3", "строка 6"]
    assert troubles(export) == []


def test_line_that_breaks_the_rules_of_csv_costs_itself_only(tmp_path: Path) -> None:
    huge = f'2;x;"{"я" * 200_000}";24.11.2026 16:20\n'
    path = written(tmp_path, "a.csv", CSV + huge + "3;x;Яма;24.11.2026 16:20\n")
    export = read_export(path, EXCHANGE)
    assert numbers(export) == ["1", "3"]
    assert troubles(export) == ["строка 4: строка нарушает правила CSV: кавычки"]


@pytest.mark.parametrize(
    "document",
    [
        [{"number": 1}, {"number": 2}],
        {"cards": [{"number": 1}, {"number": 2}]},
    ],
)
def test_json_export_is_read(tmp_path: Path, document: Any) -> None:
    path = written(tmp_path, "a.json", json.dumps(document))
    found = read_export(path, EXCHANGE).found
    assert [each.place for each in found] == ["запись 1", "запись 2"]


def test_json_list_stands_where_the_configuration_says(tmp_path: Path) -> None:
    exchange = exchange_channel(cards_at="data.items").exchange_section
    path = written(tmp_path, "a.json", '{"data": {"items": [{"number": 5}, 7]}}')
    assert len(read_export(path, exchange).found) == 2


def test_rows_of_one_card_are_put_together_wherever_they_stand(tmp_path: Path) -> None:
    path = workbook(tmp_path, HEADER, row(1, link="a.ru/1"), row(2), row(1, link="a.ru/2"))
    export = read_export(path, EXCHANGE)
    assert [len(found.records) for found in export.found] == [2, 1]


@pytest.mark.parametrize(
    ("name", "contents", "reason"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0", "нужен файл XLSX, CSV или JSON"),
        ("a.xlsx", b"", "не книга XLSX"),
        ("a.xlsx", b"PK\x03\x04 half", "не книга XLSX"),
        ("a.csv", b"", "нет заголовков столбцов"),
        ("a.csv", "Номер;Текст\n1;Яма\n".encode(), "недостаёт: «Зарегистрировано»"),
        ("a.csv", b"\x98\x98", "кодировка"),
        ("a.json", b"{", "не JSON"),
        ("a.json", b"5", "не JSON со списком карточек"),
        ("a.json", b"[NaN]", "не JSON"),
        ("a.json", b"[" * 100_000, "не JSON"),
        ("a.json", b"[" * 400 + b"]" * 400, "не JSON со списком карточек"),
    ],
)
def test_file_that_is_no_export_says_why(
    tmp_path: Path, name: str, contents: bytes, reason: str
) -> None:
    with pytest.raises(NoExport, match=reason):
        read_export(written(tmp_path, name, contents), EXCHANGE)


def test_workbook_that_unpacks_without_end_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_weight, "LARGEST_UNPACKED", 1000)
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", "0" * 2000)
    with pytest.raises(NoExport, match="слишком велика"):
        read_export(path, EXCHANGE)


def test_file_above_the_limits_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "a.csv", CSV * 2)
    monkeypatch.setattr(exchange_exports, "MOST_ROWS", 1)
    with pytest.raises(NoExport, match="больше 1 строк"):
        read_export(path, EXCHANGE)
    monkeypatch.setattr(exchange_exports, "LARGEST_FILE", 10)
    with pytest.raises(NoExport, match="больше 0 МБ"):
        read_export(path, EXCHANGE)


@settings(max_examples=60)
@given(
    st.sampled_from(["a.csv", "a.json", "a.xlsx"]),
    st.one_of(
        st.binary(max_size=300),
        st.text(max_size=200).map(lambda text: (CSV + text).encode("utf-8", "replace")),
        st.integers(1, len(CSV.encode()) - 1).map(lambda end: CSV.encode()[:end]),
    ),
)
def test_any_bytes_are_an_export_or_say_why_not(
    tmp_path_factory: pytest.TempPathFactory, name: str, contents: bytes
) -> None:
    path = written(tmp_path_factory.mktemp("export"), name, contents)
    try:
        export = read_export(path, EXCHANGE)
    except NoExport:
        return
    assert isinstance(troubles(export), list)
