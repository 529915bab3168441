"""Reports stand in the project's wiki, once, however often they are published."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from bridge.helpdesk.directory import RedmineDirectory
from bridge.helpdesk.port import HelpdeskRefused, NewFile
from bridge.helpdesk.redmine_session import RedmineSession
from bridge.helpdesk.wiki import RedmineWiki

_numbers = count(1)
Reader = Callable[[str], dict[str, Any]]


@pytest.fixture
def wiki(robot_session: RedmineSession, directory: RedmineDirectory) -> RedmineWiki:
    return RedmineWiki(robot_session, directory)


@pytest.fixture
def title() -> str:
    return f"Отчёт за неделю {next(_numbers)}–29 ноября 2026"


@pytest.fixture
def page(curator_session: RedmineSession, directory: RedmineDirectory) -> Reader:
    """A page as a curator reads it."""

    def read(title: str) -> dict[str, Any]:
        path = f"/projects/{directory.ids().project}/wiki/{title}.json"
        found: dict[str, Any] = curator_session.get(path, "wiki_page", {"include": "attachments"})
        return found

    return read


def book(content: bytes = b"figures", name: str = "report.xlsx") -> NewFile:
    return NewFile(name, "application/octet-stream", content)


def files_of(page: dict[str, Any]) -> list[tuple[str, int]]:
    return [(one["filename"], one["filesize"]) for one in page["attachments"]]


def test_a_curator_reads_the_page_and_finds_its_files(
    wiki: RedmineWiki, page: Reader, title: str
) -> None:
    wiki.write(title, "| В срок | 5 |\n\n* раз", [book(), book(b"<html>", "report.html")])
    seen = page(title)
    assert seen["text"].splitlines() == ["| В срок | 5 |", "", "* раз"]
    assert sorted(files_of(seen)) == [("report.html", 6), ("report.xlsx", 7)]


def test_writing_the_same_again_changes_nothing(
    wiki: RedmineWiki, page: Reader, title: str
) -> None:
    for _ in range(3):
        wiki.write(title, "Отчёт", [book()])
    assert page(title)["version"] == 1
    assert files_of(page(title)) == [("report.xlsx", 7)]


def test_a_newer_file_of_the_same_name_replaces_the_older_one(
    wiki: RedmineWiki, page: Reader, title: str
) -> None:
    wiki.write(title, "Отчёт", [book()])
    wiki.write(title, "Отчёт 2", [book(b"more figures")])
    assert page(title)["text"] == "Отчёт 2"
    assert files_of(page(title)) == [("report.xlsx", 12)]


def test_a_file_above_redmines_limit_is_refused_with_its_reason(
    wiki: RedmineWiki, title: str
) -> None:
    with pytest.raises(HelpdeskRefused):
        wiki.write(title, "Отчёт", [book(b"x" * 6 * 1024 * 1024)])


def test_whoever_has_no_right_to_write_pages_is_told_so(
    curator_session: RedmineSession, directory: RedmineDirectory, title: str
) -> None:
    with pytest.raises(HelpdeskRefused, match="403"):
        RedmineWiki(curator_session, directory).write(title, "Отчёт")
