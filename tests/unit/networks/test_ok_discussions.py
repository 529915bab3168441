"""When a comment of OK was posted, and whether a list of them goes on."""

from typing import Any

import pytest

from bridge.networks.ok_api import OkNoAnswer
from bridge.networks.ok_discussions import is_there, posted_ms, read_page


class Answering:
    """Answers every call alike."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def call(self, _method: str, **_parameters: str | int) -> Any:
        return self.answer


def test_date_of_the_documentations_sample_is_the_time_in_its_id() -> None:
    """The sample's id decodes to 1397206382471 milliseconds, without the fraction ...382."""
    assert posted_ms({"date": "2014-04-11 12:53:02"}) == 1397206382000


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ({"date_ms": 1397206382471, "date": "2020-01-01 00:00:00"}, 1397206382471),
        ({"date_ms": "1397206382471"}, 1397206382471),
        ({"date": "2026-11-23 16:30:00"}, 1795440600000),
        ({"date_ms": True, "date": "2026-11-23 16:30:00"}, 1795440600000),
        ({"date_ms": -5}, None),
        ({"date_ms": "9" * 30}, None),
        ({"date": "вчера"}, None),
        ({"date": 5}, None),
        ({}, None),
    ],
)
def test_time_of_posting_is_read_where_it_is_told(
    comment: dict[str, object], expected: int | None
) -> None:
    assert posted_ms(comment) == expected


@pytest.mark.parametrize(
    ("kind", "there"),
    [("ACTIVE_MESSAGE", True), (None, True), ("REMOVED_MESSAGE", False), ("DELETED", False)],
)
def test_removed_comment_is_not_there(kind: str | None, there: bool) -> None:
    assert is_there({"type": kind}) is there


@pytest.mark.parametrize(
    ("answer", "older"),
    [
        ({"has_more": True, "anchor": "b", "comments": [{}]}, "b"),
        ({"has_more": False, "anchor": "b", "comments": [{}]}, ""),
        ({"has_more": True, "anchor": "a", "comments": [{}]}, ""),
        ({"has_more": True, "anchor": "b", "comments": []}, ""),
        ({"has_more": True, "anchor": 5, "comments": [{}]}, ""),
        ({"comments": None}, ""),
        ({}, ""),
    ],
)
def test_list_goes_on_only_where_it_leads_further(answer: dict[str, Any], older: str) -> None:
    assert read_page(Answering(answer), "5", "a").older == older


@pytest.mark.parametrize("answer", [[], "x", None, {"comments": 5}, {"comments": {"id": 1}}])
def test_list_that_cannot_be_read_is_no_list(answer: Any) -> None:
    with pytest.raises(OkNoAnswer):
        read_page(Answering(answer), "5", "a")
