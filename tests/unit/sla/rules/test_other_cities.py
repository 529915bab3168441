"""Other cities' rules as their tickets live them: `config/examples/`."""

from dataclasses import replace
from pathlib import Path

from bridge.config.document import load_document
from bridge.sla.clocks import Clock
from bridge.sla.policy import Importance, Policy, SlaSettings
from bridge.sla.service_time import ServiceCalendar
from tests.unit.sla.rules.story import Story, local

EXAMPLES = Path(__file__).resolve().parents[4] / "config" / "examples"


def policy_of(city: str) -> Policy:
    return load_document(EXAMPLES / f"sla-{city}.yaml", SlaSettings).policy("feed")


def told(city: str, calendar: ServiceCalendar, importance: Importance = Importance.NORMAL) -> Story:
    """Posted at 09:00, seen at 09:10, with the department at 09:30."""
    story = Story(policy_of(city), calendar, "09:00")
    story.around = replace(story.around, detected_at=local("09:10"), importance=importance)
    return story.created("09:30")


def answer_of(story: Story, now: str) -> Clock:
    return story.clocks(now)["answer:1"]


def test_yaroslavl_counts_a_day_from_detection_to_the_visible_answer(
    calendar: ServiceCalendar,
) -> None:
    story = told("yaroslavl", calendar)
    assert story.clocks("09:31")["routing:1"].start == local("09:10")
    story.submitted("12:00").approved("12:10")
    assert answer_of(story, "12:11").running
    assert answer_of(story, "12:11").due == local("24 09:10")

    story.settle("12:30")
    assert answer_of(story, "12:31").stop == local("12:30")


def test_crimea_counts_nine_working_hours_from_detection_placement_included(
    calendar: ServiceCalendar,
) -> None:
    answer = answer_of(told("crimea", calendar), "09:31")
    assert (answer.start, answer.due) == (local("09:10"), local("24 09:58"))


def test_sevastopol_has_four_hours_for_what_is_important(calendar: ServiceCalendar) -> None:
    story = told("sevastopol", calendar, Importance.HIGH)
    assert answer_of(story, "09:31").due == local("13:58")


def test_bashkortostan_times_the_first_word_to_the_citizen(calendar: ServiceCalendar) -> None:
    story = told("bashkortostan", calendar)
    assert story.clocks("09:31")["first_reaction:1"].due == local("12:10")
    story.submitted("11:00").approved("11:10").settle("11:11")
    reaction = story.clocks("11:12")["first_reaction:1"]
    assert (reaction.verdict, reaction.stop) == ("in_time", local("11:11"))


def test_bashkortostan_is_quicker_where_it_matters(calendar: ServiceCalendar) -> None:
    story = told("bashkortostan", calendar, Importance.HIGH)
    assert story.clocks("09:31")["first_reaction:1"].due == local("10:10")
