from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.config.document import load_document
from bridge.sla.deadlines import Deadline, deadline, final_deadline, interim_deadline
from bridge.sla.policy import ClockKind, Importance, InterimRule, SlaSettings
from bridge.sla.schedule import CalendarSettings
from bridge.sla.service_time import ServiceCalendar

EXAMPLES = Path(__file__).resolve().parents[3] / "config" / "examples"

Moment = Callable[[str], datetime]
CLOCKS = ("routing", "answer", "photos", "placement", "revision")
POLICIES = ("head-feed", "head-direct", "administration")
# As many in each of the three zones that the tests here run under.
few = settings(max_examples=35)
instants = st.integers(0, 6 * 365 * 24 * 60).map(
    lambda minutes: datetime(2022, 1, 10, tzinfo=UTC) + timedelta(minutes=minutes)
)


@pytest.mark.clause("3.1", "3.2.1", "3.2.2", "3.3", "3.4", "3.5", "3.7")
@pytest.mark.parametrize(
    ("policy", "clock", "start", "due"),
    [
        ("head-feed", "routing", "2026-11-23 16:20", "2026-11-23 17:20"),
        ("head-feed", "answer", "2026-11-23 16:20", "2026-11-23 20:20"),
        ("head-direct", "answer", "2026-11-23 16:20", "2026-11-25 16:20"),
        ("administration", "answer", "2026-11-23 16:20", "2026-11-24 16:08"),
        ("administration", "photos", "2026-11-23 16:20", "2026-12-02 00:00"),
        ("head-feed", "photos", "2026-11-23 23:59", "2026-12-02 00:00"),
        ("head-feed", "placement", "2026-11-23 20:20", "2026-11-23 20:50"),
        ("head-feed", "revision", "2026-11-23 20:50", "2026-11-24 00:50"),
    ],
)
def test_every_clock_of_the_regulation_is_due_when_its_clause_says(
    sla: SlaSettings,
    calendar: ServiceCalendar,
    moment: Moment,
    policy: str,
    clock: str,
    start: str,
    due: str,
) -> None:
    found = deadline(getattr(sla.policy(policy), clock), moment(start), calendar)
    assert (found.start, found.due) == (moment(start), moment(due))
    assert found.explanation.startswith(f"п. {found.clause}: ")


@pytest.mark.scenario(2)
@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-11-23 22:00", "2026-11-24 02:00"),
        ("2026-12-31 23:00", "2027-01-01 03:00"),
        ("2026-11-28 11:59", "2026-11-28 15:59"),
    ],
)
def test_scenario_2_elapsed_clocks_lose_no_minute_at_midnight_or_on_a_holiday(
    sla: SlaSettings, calendar: ServiceCalendar, moment: Moment, start: str, due: str
) -> None:
    assert deadline(sla.policy("head-feed").answer, moment(start), calendar).due == moment(due)


@pytest.mark.clause("3.3")
@pytest.mark.scenario(5)
def test_scenario_5_the_administrations_hours_are_service_time(
    sla: SlaSettings, calendar: ServiceCalendar, moment: Moment
) -> None:
    friday = moment("2026-11-27 16:30")
    found = deadline(sla.policy("administration").answer, friday, calendar)
    assert found.due == moment("2026-11-30 17:18")
    assert calendar.between(friday, found.due) == timedelta(hours=8)


@pytest.mark.scenario(7)
def test_scenario_7_elapsed_hours_are_real_hours_where_clocks_are_put_back(
    sla: SlaSettings, changed: Callable[..., CalendarSettings]
) -> None:
    zone = ZoneInfo("America/New_York")
    calendar = ServiceCalendar(changed(zone="America/New_York"))
    start = datetime(2026, 11, 1, 0, 0, tzinfo=zone)
    found = deadline(sla.policy("head-feed").answer, start, calendar)
    assert found.due.astimezone(zone) == datetime(2026, 11, 1, 3, 0, tzinfo=zone)
    assert found.due - found.start == timedelta(hours=4)


@pytest.mark.scenario(7)
def test_scenario_7_a_start_without_an_offset_is_refused(
    sla: SlaSettings, calendar: ServiceCalendar
) -> None:
    naive = datetime(2026, 11, 23, 16, 20)  # noqa: DTZ001
    for key in POLICIES:
        with pytest.raises(ValueError, match="has no UTC offset"):
            deadline(sla.policy(key).answer, naive, calendar)


@few
@given(
    policy=st.sampled_from(POLICIES), clock=st.sampled_from(CLOCKS), first=instants, second=instants
)
def test_a_later_start_is_never_due_earlier(
    sla: SlaSettings,
    calendar: ServiceCalendar,
    policy: str,
    clock: str,
    first: datetime,
    second: datetime,
) -> None:
    rule = getattr(sla.policy(policy), clock)
    earlier, later = (deadline(rule, start, calendar) for start in sorted((first, second)))
    assert earlier.start < earlier.due <= later.due


def test_a_deadline_through_an_unpublished_year_says_so(
    sla: SlaSettings, calendar: ServiceCalendar, moment: Moment
) -> None:
    eve = moment("2027-12-30 16:00")
    service, elapsed = (
        deadline(sla.policy(key).answer, eve, calendar) for key in ("administration", "head-direct")
    )
    assert service.provisional
    assert "срок предварительный: производственный календарь на 2028 год" in service.explanation
    assert not elapsed.provisional


def interim_rule(sla: SlaSettings, **changes: object) -> InterimRule:
    rule = sla.policy("head-feed").interim
    assert rule is not None
    return InterimRule.model_validate({**dict(rule), **changes})


@pytest.fixture
def answer(sla: SlaSettings, calendar: ServiceCalendar, moment: Moment) -> Deadline:
    return deadline(sla.policy("head-feed").answer, moment("2026-11-23 16:20"), calendar)


def test_an_interim_answer_is_due_with_the_answer(sla: SlaSettings, answer: Deadline) -> None:
    interim = interim_deadline(interim_rule(sla), answer)
    assert (interim.clock, interim.clause, interim.due) == (ClockKind.INTERIM, "3.6", answer.due)


@pytest.mark.clause("3.6")
@pytest.mark.parametrize("placed", ["2026-11-23 16:30", "2026-11-23 20:20"])
def test_an_interim_answer_in_time_moves_the_due_by_24_hours_whenever_it_was_placed(
    sla: SlaSettings, calendar: ServiceCalendar, moment: Moment, answer: Deadline, placed: str
) -> None:
    final = final_deadline(interim_rule(sla), answer, [moment(placed)], calendar)
    assert final is not None
    assert (final.clock, final.due) == (ClockKind.FINAL, moment("2026-11-24 20:20"))


@pytest.mark.clause("3.6")
@pytest.mark.reading(6)
def test_an_interim_answer_after_the_due_moves_nothing(
    sla: SlaSettings, calendar: ServiceCalendar, answer: Deadline
) -> None:
    late = answer.due + timedelta(seconds=1)
    assert final_deadline(interim_rule(sla), answer, [late], calendar) is None


def test_only_as_many_interim_answers_as_the_rule_allows_move_the_due(
    sla: SlaSettings, calendar: ServiceCalendar, moment: Moment, answer: Deadline
) -> None:
    placed = [moment("2026-11-23 18:00"), moment("2026-11-24 18:00"), moment("2026-11-25 18:00")]
    dues = [
        final.due
        for limit in (1, 2, 3)
        if (final := final_deadline(interim_rule(sla, limit=limit), answer, placed, calendar))
    ]
    assert [due - answer.due for due in dues] == [timedelta(days=days) for days in (1, 2, 3)]


@pytest.mark.parametrize(
    ("cap_hours", "due", "capped"),
    [(20, "2026-11-24 12:20", True), (30, "2026-11-24 20:20", False)],
)
def test_a_cap_ends_every_extension_that_is_longer(
    sla: SlaSettings,
    calendar: ServiceCalendar,
    moment: Moment,
    answer: Deadline,
    cap_hours: int,
    due: str,
    capped: bool,
) -> None:
    rule = interim_rule(sla, cap={"unit": "elapsed", "hours": cap_hours})
    final = final_deadline(rule, answer, [moment("2026-11-23 18:00")], calendar)
    assert final is not None
    assert final.due == moment(due)
    assert ("предельный срок" in final.explanation) is capped


def test_what_is_counted_from_a_provisional_due_is_provisional(
    sla: SlaSettings, calendar: ServiceCalendar, moment: Moment
) -> None:
    sent = moment("2027-12-30 16:00")
    answer = deadline(sla.policy("administration").answer, sent, calendar)
    final = final_deadline(interim_rule(sla), answer, [sent], calendar)
    assert final is not None
    assert final.provisional


@pytest.mark.parametrize(
    ("city", "importance", "due", "final"),
    [
        ("crimea", Importance.NORMAL, "2026-11-24 17:08", "2026-12-01 00:00"),
        ("sevastopol", Importance.NORMAL, "2026-11-24 17:08", "2026-12-03 00:00"),
        ("sevastopol", Importance.HIGH, "2026-11-24 11:20", "2026-12-03 00:00"),
        ("yaroslavl", Importance.NORMAL, "2026-11-24 16:20", None),
        ("bashkortostan", Importance.NORMAL, "2026-11-24 16:08", None),
    ],
)
def test_other_cities_answers_are_due_by_their_own_rules(
    calendar: ServiceCalendar,
    moment: Moment,
    city: str,
    importance: Importance,
    due: str,
    final: str | None,
) -> None:
    """Sent on Monday at 16:20, an interim answer placed at once."""
    policy = load_document(EXAMPLES / f"sla-{city}.yaml", SlaSettings).policy("feed")
    start = moment("2026-11-23 16:20")
    answer = deadline(policy.answer, start, calendar, importance)
    extended = policy.interim and final_deadline(policy.interim, answer, [start], calendar)
    assert answer.due == moment(due)
    assert (extended.due if extended else None) == (moment(final) if final else None)


def test_a_first_reaction_is_a_clock_of_its_own(calendar: ServiceCalendar, moment: Moment) -> None:
    path = EXAMPLES / "sla-bashkortostan.yaml"
    rule = load_document(path, SlaSettings).policy("feed").first_reaction
    assert rule is not None
    night = moment("2026-11-23 23:00")
    dues = [deadline(rule, night, calendar, importance).due - night for importance in Importance]
    assert dues == [timedelta(hours=3), timedelta(hours=1)]
