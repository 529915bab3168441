"""The configuration reference against the models, and the models against it."""

import re

from bridge.settings import PROJECT
from tests.reference.documented import FILES
from tests.reference.page import PAGE, render
from tests.reference.wording import anchor

WITHOUT_MEANING = re.compile(r"^\| `(\w+)` .*\|  \|$", re.MULTILINE)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FRAGMENT = re.compile(r"\]\(#([^)]+)\)")


def written() -> str:
    return (PROJECT / PAGE).read_text(encoding="utf-8")


def test_the_page_is_what_the_models_say() -> None:
    assert written() == render(), "out of date: run scripts/reference"


def test_every_key_of_a_file_and_every_setting_says_what_it_is_for() -> None:
    assert WITHOUT_MEANING.findall(render()) == [], "write a docstring below the field"


def test_every_file_that_an_office_configures_is_on_the_page() -> None:
    assert set(FILES) == {path.name for path in (PROJECT / "config").glob("*.yaml")}


def test_every_link_within_the_page_leads_to_a_section() -> None:
    page = written()
    sections = [anchor(heading) for heading in HEADING.findall(page)]
    assert sorted(set(sections)) == sorted(sections)
    assert set(FRAGMENT.findall(page)) <= set(sections)
