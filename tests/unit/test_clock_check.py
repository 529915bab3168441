"""Hosts whose clocks differ are told of before it matters."""

from datetime import timedelta

import pytest

from bridge.bootstrap import system_clock
from bridge.clock_check import check_clock, judge
from bridge.findings import State
from bridge.settings import Settings
from bridge.store.database import Store

SPARE = timedelta(seconds=44)


@pytest.mark.parametrize(
    ("seconds", "state"),
    [(0, State.OK), (5, State.OK), (5.1, State.WARN), (22, State.WARN), (22.1, State.FAIL)],
)
def test_difference_is_wrong_where_a_lease_could_be_taken_over_too_early(
    seconds: float, state: State
) -> None:
    finding = judge(timedelta(seconds=seconds), SPARE)

    assert finding.state is state
    assert bool(finding.remedy) == (state is not State.OK)


def test_difference_is_told_as_people_write_numbers() -> None:
    assert "на 7,3 с" in judge(timedelta(seconds=7.3), SPARE).text


def test_store_that_is_a_file_has_no_clock_of_its_own() -> None:
    assert check_clock(Store("sqlite://"), SPARE, system_clock) is None


def test_spare_of_a_lease_is_what_the_longest_call_leaves() -> None:
    settings = Settings(lease_seconds=90, redmine_timeout=20)

    assert settings.lease_spare == timedelta(seconds=43.9)
