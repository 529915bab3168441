"""Parameters are read, and refused, as VK does."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from sandbox.clock import ManualClock
from sandbox.vk.attachments import parse_attachments
from sandbox.vk.errors import VkError
from sandbox.vk.files import Files
from sandbox.vk.parameters import Parameters

FILES = Files(ManualClock(datetime(2026, 11, 23, tzinfo=UTC)))

SENT = Parameters(
    {"post_id": "12", "sort": "desc", "ids": "1, 2,3", "wall_reply_new": "1", "extended": "1"}
)


def test_parameters_are_read_by_their_type() -> None:
    assert SENT.integer("post_id") == SENT.required_integer("post_id") == 12
    assert SENT.integer("offset", 7) == 7
    assert SENT.integer("offset") is None
    assert SENT.count("post_id", default=10, maximum=100) == 12
    assert SENT.integers("ids") == [1, 2, 3]
    assert SENT.choice("sort", ("asc", "desc")) == "desc"
    assert SENT.choice("order", ("asc", "desc")) == "asc"
    assert SENT.flag("extended")
    assert not SENT.flag("need_likes")
    assert SENT.switch("wall_reply_new") == 1
    assert SENT.switch("wall_reply_edit") is None


@pytest.mark.parametrize(
    ("read", "detail"),
    [
        (lambda p: p.required_text("url"), "url is undefined"),
        (lambda p: p.required_integer("owner_id"), "owner_id is undefined"),
        (lambda p: p.integer("sort"), "sort not integer"),
        (lambda p: p.integers("sort"), "sort not integer"),
        (lambda p: p.count("post_id", 10, 11), "post_id should be less or equal to 11"),
        (lambda p: p.choice("sort", ("asc", "smart")), "sort should be one of asc, smart"),
        (lambda p: p.switch("post_id"), "post_id should be 0 or 1"),
    ],
)
def test_a_bad_parameter_is_error_100_with_its_name(
    read: Callable[[Parameters], object], detail: str
) -> None:
    with pytest.raises(VkError) as refusal:
        read(SENT)

    expected = f"[100] One of the parameters specified was missing or invalid: {detail}"
    assert str(refusal.value) == expected


def test_attachments_are_read_from_vks_notation() -> None:
    assert parse_attachments(["photo1_2", "doc-3_4_key"], "attachments", FILES) == (
        {"type": "photo", "photo": {"id": 2, "owner_id": 1}},
        {"type": "doc", "doc": {"id": 4, "owner_id": -3, "access_key": "key"}},
    )
    with pytest.raises(VkError, match="attachments is invalid"):
        parse_attachments(["picture.jpg"], "attachments", FILES)
