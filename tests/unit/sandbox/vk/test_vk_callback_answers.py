"""What VK makes of the answers of callback servers."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.vk.callback_answers import (
    Accepted,
    Failed,
    Postponed,
    ServerRemoved,
    Verdict,
    VersionSwitched,
    judge,
)

NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "body", "retry_after", "verdict"),
    [
        (200, b"ok", None, Accepted()),
        (200, b"remove", None, ServerRemoved()),
        (200, b"version 5.199", None, VersionSwitched("5.199")),
        (503, b"", "120", Postponed(timedelta(seconds=120))),
        (429, b"", "Mon, 23 Nov 2026 13:31:00 GMT", Postponed(timedelta(minutes=1))),
        (410, b"", "Mon, 23 Nov 2026 13:00:00 GMT", Postponed(timedelta(0))),
    ],
)
def test_answers_that_vk_understands(
    status: int, body: bytes, retry_after: str | None, verdict: Verdict
) -> None:
    assert judge(status, body, retry_after, NOW) == verdict


@pytest.mark.parametrize(
    ("status", "body", "retry_after"),
    [
        (200, b"\xef\xbb\xbfok", None),
        (200, b"ok\n", None),
        (200, b"OK", None),
        (200, b'"ok"', None),
        (200, b"", None),
        (201, b"ok", None),
        (302, b"ok", None),
        (500, b"", "10"),
        (503, b"", None),
        (503, b"", "10800"),
        (503, b"", "-5"),
        (503, b"", "soon"),
    ],
)
def test_answers_that_count_as_errors(status: int, body: bytes, retry_after: str | None) -> None:
    assert isinstance(judge(status, body, retry_after, NOW), Failed)
