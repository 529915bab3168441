"""Dates as people, Excel and programs write them are read as the instants that they mean."""

from contextlib import suppress
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.ingest.written_instants import NoInstant, read_instant

PERM = ZoneInfo("Asia/Yekaterinburg")
INSTANT = datetime(2026, 11, 24, 11, 20, tzinfo=UTC)
"""16:20 in Perm."""
FIRST, LAST = datetime(2001, 1, 1), datetime(2099, 12, 31)  # noqa: DTZ001 - hypothesis adds it

pytestmark = [pytest.mark.usefixtures("process_zone"), pytest.mark.scenario(7)]


@pytest.mark.parametrize(
    "written",
    [
        "24.11.2026 16:20",
        " 24.11.2026,  16:20 ",
        "24.11.26 16:20",
        "24.11.2026 16:20:00",
        "24.11.2026 16.20",
        "24/11/2026 16:20",
        "24-11-2026 16:20",
        "24.11.2026 в 16:20",
        "24.11.2026 г. 16:20",
        "16:20 24.11.2026",
        "16:20, 24.11.2026",
        "24 ноября 2026 16:20",
        "24 ноября 2026 г. в 16:20",
        "24 ноября 2026 года, 16 ч. 20 мин.",
        "24 НОЯБРЯ 2026 16 часов 20 минут",
        "24 нояб. 2026 16:20",
        "2026-11-24 16:20",
        "2026-11-24T16:20:00",
        "2026-11-24T16:20:00.000+05:00",
        "2026-11-24T11:20:00Z",
        "2026-11-24 14:20 МСК",
        "24.11.2026 11:20 UTC",
        "24.11.2026 16:20 +0500",
        "2026.11.24 16:20",
        1795519200,
        "1795519200",
        1795519200000,
        46350.680555555555,
        "46350,6805555556",
    ],
)
def test_instant_is_read(written: Any) -> None:
    assert read_instant(written, PERM) == INSTANT


@pytest.mark.parametrize("written", ["24.11.2026", "24 ноября 2026 г.", "2026-11-24", 46350])
def test_day_alone_counts_from_where_the_configuration_says_or_is_refused(written: Any) -> None:
    with pytest.raises(NoInstant, match="нет времени"):
        read_instant(written, PERM)
    begins = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
    assert read_instant(written, PERM, time(9)) == begins


@pytest.mark.parametrize(
    "written",
    [
        "",
        "вчера",
        "31.02.2026 10:00",
        "24.13.2026 10:00",
        "24.11.2026 25:00",
        "24 мартобря2026 10:00",
        "24.11.1926 10:00",
        "16:20",
        "24.11.2026 16",
        True,
        None,
        [],
        {},
        5,
        -1,
        10**30,
        float("nan"),
        float("inf"),
        "9" * 5000,
    ],
)
def test_what_is_no_instant_is_refused_without_repeating_it(written: Any) -> None:
    with pytest.raises(NoInstant) as refused:
        read_instant(written, PERM)
    assert "вчера" not in str(refused.value)


@given(
    st.datetimes(FIRST, LAST, timezones=st.just(PERM)),
    st.sampled_from(["%d.%m.%Y %H:%M", "%H:%M %d.%m.%Y", "%Y-%m-%dT%H:%M", "%d/%m/%y %H:%M:00"]),
)
def test_any_minute_is_read_back(moment: datetime, form: str) -> None:
    minute = moment.replace(second=0, microsecond=0, fold=0)
    assert read_instant(minute.strftime(form), PERM) == minute.astimezone(UTC)


@given(st.one_of(st.text(max_size=60), st.floats(), st.integers()))
def test_rubbish_is_refused_and_nothing_else(written: Any) -> None:
    with suppress(NoInstant):
        assert read_instant(written, PERM).tzinfo is UTC
