"""How often the default mapping is right, on messages that it was not tuned on.

`messages_dev.jsonl` is for tuning; `messages_held_out.jsonl` was written before and is only
measured. Run with `-s` to see the confusion of either.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bridge.routing import Router

FOLDER = Path(__file__).parent


@dataclass
class Measured:
    """Counts over one labelled set; `confusion` is (expected, got) → messages."""

    exact: int = 0
    messages: int = 0
    with_one_right: int = 0
    concerning_somebody: int = 0
    left_alone: int = 0
    concerning_nobody: int = 0
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, expected: frozenset[str], got: frozenset[str]) -> None:
        self.messages += 1
        self.exact += expected == got
        if expected:
            self.concerning_somebody += 1
            self.with_one_right += not expected.isdisjoint(got)
        else:
            self.concerning_nobody += 1
            self.left_alone += not got
        if expected != got:
            self.confusion[_named(expected - got), _named(got - expected)] += 1

    def print_report(self, title: str) -> None:
        print(f"\n{title}: exact {self.exact}/{self.messages}", end=", ")
        print(f"one right {self.with_one_right}/{self.concerning_somebody}", end=", ")
        print(f"none left alone {self.left_alone}/{self.concerning_nobody}")
        for (missed, added), count in self.confusion.most_common():
            print(f"  {count} × missed: {missed:30} named instead or besides: {added}")


def measure(router: Router, name: str) -> Measured:
    measured = Measured()
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        labelled = json.loads(line)
        route = router.route(labelled["text"])
        measured.add(frozenset(labelled["departments"]), frozenset(route.departments))
    measured.print_report(name)
    return measured


def _named(departments: frozenset[str]) -> str:
    return ", ".join(sorted(departments)) or "–"


@pytest.mark.clause("1.2.2", "2.1.2")
@pytest.mark.parametrize("name", ["messages_held_out.jsonl", "messages_dev.jsonl"])
def test_messages_reach_the_departments_that_a_curator_would_choose(
    router: Router, name: str
) -> None:
    measured = measure(router, name)

    assert measured.exact / measured.messages >= 0.80
    assert measured.with_one_right / measured.concerning_somebody >= 0.92
    assert measured.left_alone / measured.concerning_nobody >= 0.85


@pytest.mark.clause("1.2.2")
def test_labelled_sets_are_large_apart_and_know_every_department(router: Router) -> None:
    sets = {
        name: [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]
        for name in ("messages_held_out.jsonl", "messages_dev.jsonl")
    }
    held_out = {each["text"] for each in sets["messages_held_out.jsonl"]}
    development = {each["text"] for each in sets["messages_dev.jsonl"]}

    assert len(held_out) >= 200
    assert len(development) >= 150
    assert len(held_out & development) <= 1  # the regulation's own example is in both
    for messages in sets.values():
        named = {key for each in messages for key in each["departments"]}
        assert named == {each.key for each in router.mapping.departments}
