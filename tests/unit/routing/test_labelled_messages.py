"""How often routes are right on messages that nothing was tuned on. Run with `-s` to see more.

`messages_held_out.jsonl` was written and labelled before either voice was measured on it, and is
only measured. `config/training` is what the second voice learns from and rules are tuned on.
"""

from pathlib import Path

import pytest

from bridge.routing import Router
from bridge.routing.examples import Example, read_examples
from bridge.routing.measuring import Measured, measure
from tests.unit.routing.conftest import SHIPPED

HELD_OUT = read_examples(Path(__file__).parent)
TRAINING = read_examples(SHIPPED / "training")
SURE_ENOUGH_TO_SEND = 0.95


def figures(router: Router, examples: tuple[Example, ...]) -> tuple[float, float, float]:
    measured = measure(router, examples)
    print_report(measured)
    return measured.exact_share, measured.one_right_share, measured.left_alone_share


def print_report(measured: Measured) -> None:
    print("\n" + "\n".join(measured.as_lines()))


@pytest.mark.clause("1.2.2", "2.1.2")
def test_messages_reach_the_departments_that_a_curator_would_choose(both_voices: Router) -> None:
    exact, one_right, left_alone = figures(both_voices, HELD_OUT)

    assert exact >= 0.88
    assert one_right >= 0.95
    assert left_alone >= 0.90


@pytest.mark.clause("2.1.2")
def test_rules_alone_are_of_use_where_the_extra_is_not_installed(router: Router) -> None:
    exact, one_right, left_alone = figures(router, HELD_OUT)

    assert exact >= 0.80
    assert one_right >= 0.92
    assert left_alone >= 0.85


def test_what_goes_to_a_department_without_asking_is_nearly_always_right(
    both_voices: Router,
) -> None:
    measured = measure(both_voices, HELD_OUT)
    sent, right = measured.right_from(both_voices.mapping.confidence_threshold)

    assert right >= SURE_ENOUGH_TO_SEND
    assert sent / measured.concerning_somebody >= 0.75


@pytest.mark.clause("1.2.2")
def test_labelled_sets_are_large_apart_and_know_every_department(router: Router) -> None:
    held_out = {each.text.casefold() for each in HELD_OUT}
    training = {each.text.casefold() for each in TRAINING}
    departments = {each.key for each in router.mapping.departments}

    assert len(held_out) >= 300
    assert len(training) >= 1000
    # The regulation's own example and two exclamations that anybody would write.
    assert len(held_out & training) <= 5
    for messages in (HELD_OUT, TRAINING):
        assert {key for each in messages for key in each.departments} == departments
        assert any(not each.departments for each in messages)
