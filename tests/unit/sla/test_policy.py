from pathlib import Path

import pytest

from bridge.config.document import ConfigError, load_document, parse_document
from bridge.sla.policy import (
    ClockKind,
    Importance,
    Party,
    Policy,
    Scope,
    SlaSettings,
    StartEvent,
    StopEvent,
    Unit,
)
from bridge.sla.readings import Readings

CONFIG = Path(__file__).resolve().parents[3] / "config"
ANSWER = '{clause: "1", term: {unit: elapsed, hours: 4}}'


def read(text: str) -> SlaSettings:
    return parse_document(text, SlaSettings, "sla.yaml")


def warned(point: str) -> str:
    """The answer clock's rule with this point of warning."""
    return f"{ANSWER[:-1]}, warnings: [{point}]}}"


def one_policy(settings: str) -> Policy:
    return read(f"policies:\n  feed: {{title: Лента, {settings}}}").policy("feed")


def test_the_three_policies_of_the_regulation_share_the_common_clocks(sla: SlaSettings) -> None:
    clauses = {key: policy.answer.clause for key, policy in sla.by_key.items()}
    assert clauses == {"head-feed": "3.2.1", "head-direct": "3.2.2", "administration": "3.3"}
    for policy in sla.by_key.values():
        common = (policy.routing, policy.photos, policy.placement, policy.interim, policy.revision)
        assert [rule and rule.clause for rule in common] == ["3.1", "3.4", "3.5", "3.6", "3.7"]


def test_the_file_spells_out_what_the_code_would_default_to(sla: SlaSettings) -> None:
    assert sla.readings == Readings()


def test_a_clock_left_out_has_the_regulations_defaults() -> None:
    answer = one_policy(f"answer: {ANSWER}").answer
    assert (answer.clock, answer.starts, answer.stops, answer.scope, answer.held_by) == (
        ClockKind.ANSWER,
        StartEvent.SENT,
        StopEvent.SUBMITTED,
        Scope.DEPARTMENT,
        (Party.DEPARTMENT,),
    )


def test_a_policy_can_replace_a_common_clock_or_switch_it_off() -> None:
    settings = read(
        f"""
common:
  routing: {ANSWER}
  revision: {ANSWER}
policies:
  feed:
    title: Лента
    answer: {ANSWER}
    routing: {{clause: "2", term: {{unit: elapsed, minutes: 15}}}}
    revision: null
"""
    )
    policy = settings.policy("feed")
    assert policy.routing is not None
    assert policy.routing.clause == "2"
    assert policy.revision is None


def test_the_version_follows_the_contents() -> None:
    assert one_policy(f"answer: {ANSWER}").version == one_policy(f"answer: {ANSWER}").version
    longer = ANSWER.replace("hours: 4", "hours: 5")
    assert one_policy(f"answer: {longer}").version != one_policy(f"answer: {ANSWER}").version


def test_a_changed_reading_is_another_version() -> None:
    policies = f"policies:\n  feed: {{title: Лента, answer: {ANSWER}}}"
    other = read(f"readings: {{at_the_due_instant: late}}\n{policies}")
    assert other.policy("feed").version != read(policies).policy("feed").version


def test_an_unknown_policy_is_refused_with_the_known_ones(sla: SlaSettings) -> None:
    with pytest.raises(ValueError, match="есть: head-feed, head-direct, administration"):
        sla.policy("main")


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ("answer: {clause: '1', term: {unit: elapsed}}", "hours or minutes above zero"),
        ("answer: {clause: '1', term: {unit: weeks, days: 1}}", "unit"),
        ("answer: {clause: '1', term: {unit: service_time, days: 1}}", "days"),
        ("answer: {clause: '', term: {unit: elapsed, hours: 4}}", "at least 1 character"),
        (f"answer: {ANSWER}, routing: {{clause: '1', starts: sent}}", "arrived.* or .*detected"),
        (f"answer: {ANSWER}, reply: {ANSWER}", "Extra inputs are not permitted"),
        (f"answer: {warned('{}')}", "either passed_percent or minutes_left"),
        (
            f"answer: {warned('{passed_percent: 50, minutes_left: 5}')}",
            "either passed_percent or minutes_left",
        ),
        (f"answer: {warned('{passed_percent: 100}')}", "less than or equal to 99"),
        (f"answer: {warned('{minutes_left: 0}')}", "greater than or equal to 1"),
        ("routing: null", "Field required"),
    ],
)
def test_a_wrong_policy_is_refused_with_its_line(settings: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint) as refusal:
        one_policy(settings)
    assert str(refusal.value).startswith("sla.yaml:2: policies.feed")


@pytest.mark.parametrize(
    ("city", "starts", "stops", "unit", "extension"),
    [
        ("crimea", "detected", "placed", Unit.SERVICE_TIME, Unit.CALENDAR_DAYS),
        ("sevastopol", "detected", "placed", Unit.SERVICE_TIME, Unit.WORKING_DAYS),
        ("yaroslavl", "detected", "placed", Unit.ELAPSED, None),
        ("bashkortostan", "sent", "submitted", Unit.SERVICE_TIME, None),
    ],
)
def test_other_cities_rules_are_data(
    city: str, starts: str, stops: str, unit: Unit, extension: Unit | None
) -> None:
    policy = load_document(CONFIG / "examples" / f"sla-{city}.yaml", SlaSettings).policy("feed")
    answer = policy.answer
    assert (answer.starts, answer.stops, answer.term.unit) == (starts, stops, unit)
    assert (policy.interim.extension.unit if policy.interim else None) == extension


def test_importance_can_shorten_a_term() -> None:
    path = CONFIG / "examples" / "sla-sevastopol.yaml"
    answer = load_document(path, SlaSettings).policy("feed").answer
    hours = {level: answer.term_for(level).model_dump()["hours"] for level in Importance}
    assert hours == {Importance.NORMAL: 9, Importance.HIGH: 4}
