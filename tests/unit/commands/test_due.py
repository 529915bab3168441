import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bridge.commands.due import due_command

pytestmark = pytest.mark.usefixtures("process_zone")

CONFIG = Path(__file__).resolve().parents[3] / "config"
SENT = ("--policy", "administration", "--sent-at", "2026-11-23T16:20")


def due(*arguments: str, stdin: str | bytes | None = None, folder: Path = CONFIG) -> Result:
    context = SimpleNamespace(config_folder=folder)
    return CliRunner().invoke(due_command, arguments, input=stdin, obj=context)


def answers(*cases: dict[str, Any] | str) -> list[dict[str, Any]]:
    lines = [case if isinstance(case, str) else json.dumps(case) for case in cases]
    result = due("--json", stdin="\n".join(lines))
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_clerk_reads_every_deadline_with_its_clause_and_arithmetic() -> None:
    shown = due(*SENT, "--arrived-at", "2026-11-23T16:00").stdout
    table, arithmetic = shown.split("\n\n")[1:]
    rows = [line.split("  ") for line in table.splitlines()]
    assert [[cell.strip() for cell in row if cell] for row in rows[1:3]] == [
        ["Направление исполнителю", "3.1", "23.11.2026 16:00", "23.11.2026 17:00"],
        ["Подготовка ответа", "3.3", "23.11.2026 16:20", "24.11.2026 16:08"],
    ]
    words = " ".join(arithmetic.split())
    assert "п. 3.3: 8 ч служебного времени: пн 16:20–18:00 1 ч 40 мин, вт 09:00–12:00 3 ч" in words


def test_a_program_reads_the_clocks_in_the_offices_zone() -> None:
    clocks = json.loads(due(*SENT, "--json").stdout)["clocks"]
    answer = next(clock for clock in clocks if clock["clock"] == "answer")
    assert set(answer) == {"clock", "clause", "start", "due", "explanation"}
    assert (answer["clause"], answer["start"], answer["due"]) == (
        "3.3",
        "2026-11-23T16:20:00+05:00",
        "2026-11-24T16:08:00+05:00",
    )


def test_an_instant_with_an_offset_is_that_instant() -> None:
    local, utc = (
        due("--policy", "head-feed", "--sent-at", text, "--json").stdout
        for text in ("2026-11-23T16:20", "2026-11-23T11:20:00Z")
    )
    assert local == utc


def test_photos_and_an_interim_answer_are_taken_from_the_options() -> None:
    photos = due(*SENT, "--photos", "--json").stdout
    interim = due(*SENT, "--interim-at", "2026-11-24T10:00", "--json").stdout
    assert "3.4" in {clock["clause"] for clock in json.loads(photos)["clocks"]}
    assert "final" in {clock["clock"] for clock in json.loads(interim)["clocks"]}


def test_a_bad_case_gets_an_error_on_its_line_and_the_others_go_on() -> None:
    good = {"policy": "head-feed", "sent_at": "2026-11-23T16:20:00+05:00"}
    found = answers(good, "{", {**good, "policy": "main"}, {**good, "photos": True}, good)
    assert [next(iter(answer)) for answer in found] == [
        "clocks",
        "error",
        "error",
        "clocks",
        "clocks",
    ]
    assert found[0] == found[4]


@pytest.mark.parametrize(
    ("case", "complaint"),
    [
        ("{", "строка не JSON"),
        ("[" * 100_000, "строка не JSON"),
        ("[1]", "строка: нужен объект JSON"),
        ({"policy": "head-feed"}, "sent_at: нет этого поля"),
        ({"policy": "head-feed", "sent_at": 5}, "sent_at: нужна строка"),
        ({"policy": "head-feed", "sent_at": "2026-11-23T16:20", "photo": True}, "photo: такого"),
        ({"policy": "head-feed", "sent_at": "2026-11-23T16:20", "photos": 1}, "true или false"),
        ({"policy": "head-feed", "sent_at": "23.11.2026 16:20"}, "не прочитать: нужны дата и"),
        ({"policy": "head-feed", "sent_at": "2026-11-23"}, "без времени: нужны дата и время"),
        ({"policy": "head-feed", "sent_at": "0001-01-01T00:00+05:00"}, "год 1 вне календаря"),
        ({"policy": "\ud800", "sent_at": "2026-11-23T16:20"}, "есть: head-feed"),
        (
            {
                "policy": "head-feed",
                "sent_at": "2026-11-23T16:20",
                "arrived_at": "2026-11-23T17:00",
            },
            "arrived_at позже sent_at",
        ),
    ],
)
def test_an_error_says_what_is_wrong_and_what_would_be_right(
    case: dict[str, Any] | str, complaint: str
) -> None:
    (answer,) = answers(case)
    assert complaint in answer["error"]


def test_bytes_that_are_not_text_are_an_error_on_their_line() -> None:
    (line,) = due("--json", stdin=b'{"policy": "\xff"}\n').stdout.splitlines()
    assert json.loads(line) == {"error": "строка не в кодировке UTF-8"}


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((), "укажите --policy и --sent-at; политики: head-feed"),
        (("--json", "--photos"), "укажите --sent-at или передайте случаи строками JSON"),
        (("--policy", "main", "--sent-at", "2026-11-23T16:20"), "политики «main» нет"),
        (("--policy", "head-feed", "--sent-at", "вчера"), "нужны дата и время"),
    ],
)
def test_a_wrong_call_is_refused_with_the_remedy(
    arguments: tuple[str, ...], complaint: str
) -> None:
    result = due(*arguments)
    assert result.exit_code == 2
    assert complaint in result.stderr


def test_a_broken_configuration_is_named_with_its_file(tmp_path: Path) -> None:
    result = due(*SENT, folder=tmp_path)
    assert result.exit_code == 1
    assert "calendar.yaml" in result.stderr
