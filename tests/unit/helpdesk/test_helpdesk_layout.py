"""`config/helpdesk.yaml`: what is wrong in it is said with the line."""

import re
from pathlib import Path

import pytest

from bridge.config.document import ConfigError, load_document, parse_document
from bridge.helpdesk.layout import HelpdeskLayout

FILE = Path(__file__).parents[3] / "config" / "helpdesk.yaml"


def test_a_department_can_neither_approve_nor_place(layout: HelpdeskLayout) -> None:
    reachable = {after for _, after in layout.transitions("department")}
    assert reachable == {"in_progress", "misrouted", "interim_review", "review"}


def test_the_robot_may_make_every_step_and_start_anywhere(layout: HelpdeskLayout) -> None:
    keys = {status.key for status in layout.statuses}
    assert layout.transitions("robot") == {
        (before, after) for before in keys for after in keys if before != after
    }
    assert layout.initial("robot") == keys


def test_a_revision_needs_its_reason(layout: HelpdeskLayout) -> None:
    assert ("revision", "revision_reason") in layout.required("curator")
    assert layout.required("robot") == frozenset()


@pytest.mark.parametrize(
    ("pattern", "replacement", "complaint"),
    [
        ("key: review,", "key: new,", "a key is used twice: new"),
        (r"curator: \[new\]", "curator: [nev]", r"no such status \(see `statuses`\): nev"),
        (r"department: \[\]", "registrar: []", r"no such role \(see `roles`\): registrar"),
        (r"roles: \[curator\]", "roles: [curater]", r"no such role \(see `roles`\): curater"),
        (r"statuses: \[placed\]", "statuses: [plased]", r"no such status .*: plased"),
        ("key: for_curators", "key: in_work", "a list's key is used twice: in_work"),
        ("assigned_to_id: \\[new,", "assigned_to_id: [nev,", r"no such status .*: nev"),
        ("closed: false", "closed: perhaps", r"helpdesk\.yaml:3\d: statuses\.0\.closed"),
        ("format: link", "format: hyperlink", r"fields\.1\.format"),
        ("key: external_number", "key: number", "must have external_number with `filter: true`"),
        ("tracker:", "trackers:", "trackers: Extra inputs are not permitted"),
    ],
)
def test_a_mistake_is_named(pattern: str, replacement: str, complaint: str) -> None:
    text = re.sub(pattern, replacement, FILE.read_text(encoding="utf-8"), count=1)
    with pytest.raises(ConfigError, match=complaint):
        parse_document(text, HelpdeskLayout, "helpdesk.yaml")


def test_the_shipped_file_is_right() -> None:
    assert load_document(FILE, HelpdeskLayout).project.identifier == "citizen-messages"
