from datetime import timedelta

from bridge.backoff import Backoff

BACKOFF = Backoff(timedelta(seconds=2), timedelta(minutes=5))


def test_each_failure_doubles_the_wait_up_to_the_longest() -> None:
    waits = [BACKOFF.after(attempts).total_seconds() for attempts in range(1, 11)]
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_no_number_of_failures_is_too_large() -> None:
    assert BACKOFF.after(10**9) == BACKOFF.longest
    assert BACKOFF.after(0) == BACKOFF.first
