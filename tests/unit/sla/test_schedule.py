import pytest

from bridge.config.document import ConfigError, parse_document
from bridge.sla.schedule import CalendarSettings, Interval, shorten

CALENDAR = """\
zone: Asia/Yekaterinburg
published_years: {{first: 2022, last: 2027}}
schedules:
  - valid_from: 2000-01-01
    monday: {hours}
overrides: {overrides}
"""


def read(hours: str = '["09:00-18:00"]', overrides: str = "[]") -> CalendarSettings:
    text = CALENDAR.format(hours=hours, overrides=overrides)
    return parse_document(text, CalendarSettings, "calendar.yaml")


def test_hours_are_read_with_hyphens_and_dashes_up_to_midnight() -> None:
    monday = read('["09:00-12:00", "12:48 – 24:00"]').schedules[0].monday
    assert monday == (Interval(start=540, end=720), Interval(start=768, end=1440))


@pytest.mark.parametrize(
    ("hours", "complaint"),
    [
        ("[12:48]", "768 is not an interval such as 09:00-12:00"),
        ('["9-18"]', "is not an interval such as 09:00-12:00"),
        ('["18:00-09:00"]', "must start before it ends"),
        ('["09:00-24:30"]', "must start before it ends, between 00:00 and 24:00"),
        ('["09:60-10:00"]', "between 00:00 and 24:00"),
        ('["09:00-13:00", "12:48-18:00"]', "must stand in order and not overlap"),
        ("[]", "hours on at least one day of the week"),
    ],
)
def test_wrong_hours_are_refused_with_the_file_and_the_remedy(hours: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint) as refusal:
        read(hours)
    assert str(refusal.value).startswith("calendar.yaml:")


@pytest.mark.parametrize(
    ("overrides", "complaint"),
    [
        ("[{date: 2026-06-15, reason: День города}]", "say one of"),
        ('[{date: 2026-06-15, reason: x, day_off: true, hours: ["09:00-12:00"]}]', "say one of"),
        ("[{date: 2026-06-15, reason: x, day_off: true, shortened: true}]", "works_as or alone"),
        (
            "[{date: 2026-06-15, reason: x, day_off: true},"
            " {date: 2026-06-15, reason: y, day_off: true}]",
            "no date twice",
        ),
    ],
)
def test_an_exception_needs_one_decision_for_each_date(overrides: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        read(overrides=overrides)


def test_an_unknown_zone_is_refused() -> None:
    text = CALENDAR.format(hours='["09:00-18:00"]', overrides="[]").replace("Yekat", "Ekat")
    with pytest.raises(ConfigError, match=r"calendar\.yaml:1: zone"):
        parse_document(text, CalendarSettings, "calendar.yaml")


def test_a_shortened_day_ends_earlier() -> None:
    hours = [Interval(start=540, end=720), Interval(start=768, end=1080)]
    assert shorten(hours, 60) == (hours[0], Interval(start=768, end=1020))


def test_shortening_goes_on_into_the_interval_before_a_short_last_one() -> None:
    hours = [Interval(start=540, end=720), Interval(start=1050, end=1080)]
    assert shorten(hours, 60) == (Interval(start=540, end=690),)


def test_years_out_of_order_are_refused() -> None:
    text = CALENDAR.format(hours='["09:00-18:00"]', overrides="[]").replace("2027", "2021")
    with pytest.raises(ConfigError, match="first must not be after last"):
        parse_document(text, CalendarSettings, "calendar.yaml")
