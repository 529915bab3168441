"""Answers as files for import: each is given out once, whatever dies and whoever takes it away."""

import csv
import io
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from bridge.messages import Picture, Placed, Placement
from bridge.networks.exchange_settings import AnswerFiles
from bridge.publish import exchange_files
from bridge.publish.exchange_files import FilePublisher
from bridge.publish.port import PublishError, Remedy
from tests.outside import NOWHERE

NOW = datetime(2026, 11, 24, 16, 20, tzinfo=ZoneInfo("Asia/Yekaterinburg"))
SINCE = datetime(2026, 11, 24, tzinfo=UTC)
TEXT = '=Здравствуйте!\n\nЯма; "заделана"'
PICTURE = Picture("было стало.JPEG", "image/jpeg", b"jpeg")


def placement(key: str = "bridge-1-place-7", *pictures: Picture, **address: str) -> Placement:
    where = {"number": "ИМ/17", "link": "https://vk.com/wall-1_2?reply=3"} | address
    return Placement(key, where, TEXT, pictures)


def publisher(folder: Path, **settings: Any) -> FilePublisher:
    return FilePublisher(AnswerFiles(folder=folder, **settings), NOWHERE, lambda: NOW)


def out(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file())


def read_csv(path: Path) -> dict[str, str]:
    (row,) = csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""), delimiter=";")
    return row


def read_workbook(path: Path) -> dict[str, Any]:
    titles, values = load_workbook(path).worksheets[0].iter_rows(values_only=True)
    return dict(zip(titles, values, strict=True))


@pytest.mark.clause("2.1.4")
@pytest.mark.parametrize(
    ("form", "read"),
    [
        ("csv", read_csv),
        ("xlsx", read_workbook),
        ("json", lambda path: json.loads(path.read_text())),
    ],
)
def test_answer_is_written_in_the_shape_in_which_it_is_imported(
    tmp_path: Path, form: str, read: Callable[[Path], dict[str, Any]]
) -> None:
    placed = publisher(tmp_path, format=form).place(placement())
    (file,) = out(tmp_path)
    assert read(file) == {
        "Номер": "ИМ/17",
        "Ответ": TEXT,
        "Ссылка": "https://vk.com/wall-1_2?reply=3",
        "Размещено": "2026-11-24T16:20:00+05:00",
    }
    assert placed == Placed(file.name, "https://vk.com/wall-1_2?reply=3")
    assert file.name.startswith("answer-ИМ_17-")


def test_answer_in_a_workbook_is_no_formula(tmp_path: Path) -> None:
    publisher(tmp_path, format="xlsx").place(placement())
    sheet = load_workbook(out(tmp_path)[0]).worksheets[0]
    assert {cell.data_type for cells in sheet.iter_rows() for cell in cells} == {"s"}


@pytest.mark.clause("3.4")
def test_pictures_lie_beside_their_answer_under_safe_names(tmp_path: Path) -> None:
    odd = Picture("../../etc/passwd", "application/x-unknown", b"odd")
    publisher(tmp_path).place(placement("k", PICTURE, odd))
    answer = next(path for path in out(tmp_path) if path.suffix == ".csv")
    names = read_csv(answer)["Файлы"].split("; ")
    assert names == [f"{answer.stem}-1.jpg", f"{answer.stem}-2.bin"]
    assert [(tmp_path / name).read_bytes() for name in names] == [b"jpeg", b"odd"]


@pytest.mark.scenario(12, 19)
def test_repeated_placement_gives_nothing_out_again(tmp_path: Path) -> None:
    files = publisher(tmp_path)
    first = files.place(placement())
    assert files.place(placement()) == first
    assert files.find(placement(), SINCE) == first
    assert len(out(tmp_path)) == 1


@pytest.mark.scenario(12)
def test_answer_that_was_taken_away_for_import_is_not_given_out_again(tmp_path: Path) -> None:
    files = publisher(tmp_path)
    first = files.place(placement())
    out(tmp_path)[0].unlink()
    assert files.find(placement(), SINCE) == first
    assert files.place(placement()) == first
    assert out(tmp_path) == []


@pytest.mark.scenario(18)
def test_answers_to_one_card_are_apart(tmp_path: Path) -> None:
    files = publisher(tmp_path)
    files.place(placement("interim"))
    assert files.find(placement("final"), SINCE) is None
    files.place(placement("final"))
    assert len(out(tmp_path)) == 2


@pytest.mark.scenario(12)
@pytest.mark.parametrize("dies_at", range(5))
def test_whenever_it_dies_the_answer_is_given_out_once(
    tmp_path: Path, dies_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It dies before each of its writes in turn; an importer takes away whatever is out."""
    taken: list[str] = []

    def importer() -> None:
        for file in out(tmp_path):
            if file.suffix == ".csv":
                taken.append(file.name)
                file.unlink()

    steps = iter(range(10))

    def dying(write: Callable[..., None]) -> Callable[..., None]:
        def step(*arguments: Any) -> None:
            if next(steps) == dies_at:
                raise MemoryError
            write(*arguments)

        return step

    files = publisher(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(exchange_files, "write_durably", dying(exchange_files.write_durably))
        patch.setattr(exchange_files, "move_durably", dying(exchange_files.move_durably))
        with suppress(MemoryError):
            files.place(placement("k", PICTURE))
    importer()
    found = files.find(placement("k", PICTURE), SINCE)
    assert (found is not None) == bool(taken)
    files.place(placement("k", PICTURE))
    importer()
    assert len(taken) == 1
    assert files.find(placement("k", PICTURE), SINCE)


def test_folder_that_cannot_be_used_stops_the_channel(tmp_path: Path) -> None:
    folder = tmp_path / "answers"
    folder.write_text("a file, not a folder")
    for call in (
        lambda: publisher(folder).place(placement()),
        lambda: publisher(folder).find(placement(), SINCE),
    ):
        with pytest.raises(PublishError, match="недоступна") as failed:
            call()
        assert failed.value.remedy is Remedy.CHANNEL_DOWN


def test_answer_that_was_given_out_is_for_a_person_to_take_back(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="в самой системе") as failed:
        publisher(tmp_path).retract(placement().address, Placed("x", ""))
    assert failed.value.remedy is Remedy.BY_HAND


@pytest.mark.clause("2.1.4")
def test_a_system_is_told_where_the_answer_stands_on_the_page(tmp_path: Path) -> None:
    stands_at = "https://vk.com/wall-1_2?reply=77"
    publisher(tmp_path).place(replace(placement(), stands_at=stands_at))
    assert read_csv(out(tmp_path)[0])["Ссылка"] == stands_at
