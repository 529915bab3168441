"""The pages of the mapping over a small mapping, with Redmine's groups as a test wants them."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
import responses
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bridge.mapping_keeping import Change, keep_version
from bridge.routing import DepartmentMapping
from bridge.store import mapping_versions
from bridge.store.audit import Action
from bridge.store.database import Store
from tests.unit.admin.conftest import ADMINISTRATOR, NOW, Pages

MEMBERS = "http://127.0.0.1:9/projects/citizen-messages/memberships.json"
GROUPS = ("Дорожники", "Жилищники", "Спорткомитет", "Зелёное хозяйство")
SMALL: dict[str, Any] = {
    "several": "curator",
    "departments": [
        {
            "key": "roads",
            "name": "Департамент дорог",
            "group": "Дорожники",
            "keywords": ["яма", "дорога"],
            "phrases": ["снег чистить|вывезти"],
            "topic_codes": ["11.2"],
        },
        {
            "key": "housing",
            "name": "Департамент ЖКХ",
            "group": "Жилищники",
            "keywords": ["батарея", "подъезд"],
        },
        {
            "key": "sport",
            "name": "Комитет по спорту",
            "group": "Спорткомитет",
            "keywords": ["каток"],
        },
    ],
}


def mapping(**changed: Any) -> DepartmentMapping:
    """The small mapping; `roads={"keywords": […]}` changes a department, others the settings."""
    departments = [
        {**department, **changed.pop(department["key"], {})} for department in SMALL["departments"]
    ]
    return DepartmentMapping.model_validate({**SMALL, **changed, "departments": departments})


def save_version(store: Store, version: DepartmentMapping, login: str = "petrov") -> int:
    """As another person does it meanwhile."""
    with store.writing() as session:
        after = mapping_versions.newest_number(session)
        change = Change(version, login, f"правка {after + 1}", Action.MAPPING_SAVED)
        return keep_version(session, change, after, NOW)


def in_force(store: Store) -> str:
    """The document that rules."""
    with store.reading() as session:
        row = mapping_versions.newest(session)
    assert row
    return row.document


@dataclass
class Editor:
    """A person at the mapping's pages."""

    client: FlaskClient
    answers: list[int] = field(default_factory=list)

    def read(self, path: str = "", code: int = 200) -> str:
        """A page as text."""
        return self._text(self.client.get(f"/admin/mapping{path}"), code)

    def send(self, path: str, code: int = 200, **typed: Any) -> str:
        """A form, and the page that comes of it."""
        answer = self.client.post(f"/admin/mapping{path}", data=typed, follow_redirects=True)
        return self._text(answer, code)

    def form(self, path: str) -> dict[str, str]:
        """What stands in the fields of a page's form."""
        page = self.client.get(f"/admin/mapping{path}").text
        fields = {
            name: html.unescape(value)
            for name, value in re.findall(
                r'<textarea id="[^"]*" name="([^"]*)"[^>]*>([^<]*)<', page
            )
        }
        fields |= {
            name: html.unescape(value)
            for name, value in re.findall(r'<input id="[^"]*" name="([^"]*)" value="([^"]*)"', page)
        }
        for name, options in re.findall(
            r'<select id="[^"]*" name="([^"]*)">(.*?)</select>', page, re.DOTALL
        ):
            chosen = re.search(r'value="([^"]*)" selected', options)
            fields[name] = html.unescape(chosen.group(1)) if chosen else ""
        return fields

    def change(self, department: str, code: int = 200, **typed: str) -> str:
        """Some fields of a department's form."""
        path = f"/department/{department}"
        return self.send(path, code, **(self.form(path) | typed))

    def _text(self, answer: TestResponse, code: int) -> str:
        assert answer.status_code == code, answer.text
        self.answers.append(answer.status_code)
        text = re.sub(r"<(script|style).*?</\1>", "", answer.text, flags=re.DOTALL)
        return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text)))


@dataclass
class Redmine:
    """Its groups; away when told so."""

    network: responses.RequestsMock

    def has(self, *groups: str, role: str = "Исполнитель") -> None:
        members = [
            {"group": {"id": number, "name": name}, "roles": [{"id": 4, "name": role}]}
            for number, name in enumerate(groups, start=1)
        ]
        self.network.upsert(
            responses.GET, MEMBERS, json={"memberships": members, "total_count": len(members)}
        )

    def is_away(self) -> None:
        self.network.upsert(responses.GET, MEMBERS, body=requests.ConnectionError())


@pytest.fixture
def redmine() -> Iterator[Redmine]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as network:
        yield Redmine(network)


@pytest.fixture
def first_version(store: Store) -> int:
    return save_version(store, mapping(), "файл departments.yaml")


@pytest.fixture
def editor(pages: Pages, first_version: int, redmine: Redmine) -> Editor:
    """An administrator."""
    assert first_version == 1
    redmine.has(*GROUPS)
    return Editor(pages.as_(ADMINISTRATOR))
