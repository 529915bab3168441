"""Waiting ends: with what was looked for, or with the last reason why it is not there."""

import pytest
import requests

from sandbox.demo.failure import DemoFailed
from sandbox.demo.waiting import NotYet, wait_for


def test_returns_what_is_seen_at_last() -> None:
    looks = iter([NotYet("not there"), requests.ConnectionError("down"), "the ticket"])

    def look() -> str:
        seen = next(looks)
        if isinstance(seen, Exception):
            raise seen
        return seen

    assert wait_for("The ticket", look, seconds=5, pause=0) == "the ticket"


def test_fails_with_what_was_awaited_and_the_last_reason() -> None:
    def look() -> str:
        raise NotYet("The ticket is «review»")

    with pytest.raises(DemoFailed) as failure:
        wait_for("The placed ticket", look, seconds=0.01, pause=0)
    assert "The placed ticket: not seen within 0.01 s" in str(failure.value)
    assert "The ticket is «review»" in str(failure.value)
