"""The pages by name, in the order of the menu."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flask import Flask

from bridge.admin.access import Right
from bridge.admin.person import Person


@dataclass(frozen=True)
class Section:
    """One entry of the menu: the view that it opens, its name, and who sees it."""

    endpoint: str
    title: str
    right: Right


SECTIONS: Final[tuple[Section, ...]] = (
    Section("board.show", "Сроки", Right.VIEW),
    Section("placement.show", "Размещение", Right.PLACE),
    Section("inbox.show", "Входящие", Right.PLACE),
    Section("channels.show", "Каналы", Right.VIEW),
    Section("mapping.show", "Подразделения", Right.PLACE),
    Section("reports.show", "Отчёты", Right.VIEW),
    Section("policies.show", "Политики и календарь", Right.VIEW),
    Section("journal.show", "Журнал", Right.ADMINISTER),
)


def sections_of(app: Flask, person: Person) -> Iterator[Section]:
    """What the person sees in the menu."""
    for section in SECTIONS:
        if section.endpoint in app.view_functions and person.may(section.right):
            yield section
