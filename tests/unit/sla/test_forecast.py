from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from bridge.config.document import load_document
from bridge.sla.deadlines import Deadline
from bridge.sla.forecast import DueCase, forecast
from bridge.sla.policy import ClockKind, Policy, SlaSettings
from bridge.sla.service_time import ServiceCalendar

EXAMPLES = Path(__file__).resolve().parents[3] / "config" / "examples"
Moment = Callable[[str], datetime]
Clocks = dict[ClockKind, Deadline]


def clocks(policy: Policy, case: DueCase, calendar: ServiceCalendar) -> Clocks:
    return {deadline.clock: deadline for deadline in forecast(policy, case, calendar)}


@pytest.fixture
def feed(sla: SlaSettings) -> Policy:
    return sla.policy("head-feed")


def test_each_clock_follows_from_the_latest_moment_of_the_one_before(
    feed: Policy, calendar: ServiceCalendar, moment: Moment
) -> None:
    case = DueCase(moment("2026-11-23 16:20"), arrived_at=moment("2026-11-23 16:00"))
    dues = {clock.value: deadline.due for clock, deadline in clocks(feed, case, calendar).items()}
    assert dues == {
        "routing": moment("2026-11-23 17:00"),
        "answer": moment("2026-11-23 20:20"),
        "interim": moment("2026-11-23 20:20"),
        "placement": moment("2026-11-23 20:50"),
        "revision": moment("2026-11-24 00:50"),
    }


def test_an_unknown_arrival_is_taken_as_the_sending_and_said(
    feed: Policy, calendar: ServiceCalendar, moment: Moment
) -> None:
    routing = clocks(feed, DueCase(moment("2026-11-23 16:20")), calendar)[ClockKind.ROUTING]
    assert routing.due == moment("2026-11-23 17:20")
    assert "момент поступления не указан" in routing.explanation


def test_an_interim_answer_in_time_moves_all_that_follows(
    feed: Policy, calendar: ServiceCalendar, moment: Moment
) -> None:
    case = DueCase(moment("2026-11-23 16:20"), interim_at=moment("2026-11-23 19:00"))
    found = clocks(feed, case, calendar)
    assert found[ClockKind.FINAL].due == moment("2026-11-24 20:20")
    assert found[ClockKind.PLACEMENT].start == moment("2026-11-24 20:20")
    assert "в срок: продлевает срок ответа" in found[ClockKind.INTERIM].explanation


def test_a_late_interim_answer_extends_nothing_and_says_so(
    feed: Policy, calendar: ServiceCalendar, moment: Moment
) -> None:
    case = DueCase(moment("2026-11-23 16:20"), interim_at=moment("2026-11-23 21:00"))
    found = clocks(feed, case, calendar)
    assert ClockKind.FINAL not in found
    assert found[ClockKind.PLACEMENT].start == moment("2026-11-23 20:20")
    assert "позже срока: срок ответа не продлевается" in found[ClockKind.INTERIM].explanation


def test_with_photos_needed_an_interim_answer_extends_nothing(
    feed: Policy, calendar: ServiceCalendar, moment: Moment
) -> None:
    sent = moment("2026-11-23 16:20")
    found = clocks(feed, DueCase(sent, interim_at=sent, photos=True), calendar)
    assert ClockKind.FINAL not in found
    assert (found[ClockKind.ANSWER].clause, found[ClockKind.ANSWER].due) == (
        "3.4",
        moment("2026-12-02 00:00"),
    )
    assert "срок по п. 3.4 он не продлевает" in found[ClockKind.INTERIM].explanation


@pytest.mark.clause("3.4")
@pytest.mark.scenario(8)
def test_scenario_8_photos_replace_the_deadline_and_keep_the_start(
    sla: SlaSettings, calendar: ServiceCalendar, moment: Moment
) -> None:
    sent = moment("2026-11-23 16:20")
    policy = sla.policy("administration")
    plain, photos = (clocks(policy, DueCase(sent, photos=flag), calendar) for flag in (False, True))
    assert plain[ClockKind.ANSWER].start == photos[ClockKind.ANSWER].start


def test_where_the_answers_term_includes_placing_there_is_no_placement_clock(
    calendar: ServiceCalendar, moment: Moment
) -> None:
    crimea = load_document(EXAMPLES / "sla-crimea.yaml", SlaSettings).policy("feed")
    case = DueCase(moment("2026-11-23 16:20"), arrived_at=moment("2026-11-23 09:00"), photos=True)
    found = clocks(crimea, case, calendar)
    assert set(found) == {ClockKind.ANSWER, ClockKind.INTERIM}
    assert found[ClockKind.ANSWER].start == moment("2026-11-23 09:00")
    assert "не меняет срок из-за фотоматериалов" in found[ClockKind.ANSWER].explanation


def test_instants_that_contradict_one_another_are_refused(moment: Moment) -> None:
    sent = moment("2026-11-23 16:20")
    with pytest.raises(ValueError, match="arrived_at позже sent_at"):
        DueCase(sent, arrived_at=moment("2026-11-23 16:21"))
    with pytest.raises(ValueError, match="interim_at раньше sent_at"):
        DueCase(sent, interim_at=moment("2026-11-23 16:19"))


def test_a_policy_without_interim_answers_has_no_clock_for_them(
    calendar: ServiceCalendar, moment: Moment
) -> None:
    yaroslavl = load_document(EXAMPLES / "sla-yaroslavl.yaml", SlaSettings).policy("feed")
    case = DueCase(moment("2026-11-23 16:20"), interim_at=moment("2026-11-23 17:20"))
    assert set(clocks(yaroslavl, case, calendar)) == {ClockKind.ROUTING, ClockKind.ANSWER}
