"""How often the shipped lexicon is right, on messages that it was not tuned on.

`messages_dev.jsonl` is for tuning; `messages_held_out.jsonl` was written apart and only measured.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from bridge.moderation import Moderator
from bridge.settings import PROJECT

pytestmark = [pytest.mark.clause("1.3"), pytest.mark.reading(12)]

FOLDER = Path(__file__).parent
SETS = ("messages_held_out.jsonl", "messages_dev.jsonl")


@dataclass
class Measured:
    """Flags of one labelled set: as they should be, and as they are."""

    right: int = 0
    false: int = 0
    missed: int = 0

    def add(self, expected: set[str], got: set[str]) -> None:
        self.right += len(expected & got)
        self.false += len(got - expected)
        self.missed += len(expected - got)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.false)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed)


def labelled(name: str) -> list[tuple[str, set[str]]]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [(each["text"], set(each["flags"])) for each in map(json.loads, lines)]


@pytest.mark.parametrize("name", SETS)
def test_what_is_not_answered_is_flagged_and_decent_anger_is_not(
    moderator: Moderator, name: str
) -> None:
    measured = Measured()
    for text, flags in labelled(name):
        measured.add(flags, set(moderator.check(text).flags))
    assert measured.precision >= 0.97
    assert measured.recall >= 0.90


@pytest.mark.parametrize("flag", ["obscene", "insult", "threat"])
def test_each_kind_is_found_by_itself(moderator: Moderator, flag: str) -> None:
    measured = Measured()
    for text, flags in labelled(SETS[0]):
        measured.add({flag} & flags, {flag} & set(moderator.check(text).flags))
    assert measured.precision >= 0.95
    assert measured.recall >= 0.85


def test_the_labelled_sets_are_large_apart_and_half_decent() -> None:
    held_out, development = map(labelled, SETS)
    assert len(held_out) >= 250
    assert {text for text, _ in held_out}.isdisjoint(text for text, _ in development)
    decent = sum(not flags for _, flags in held_out)
    assert 0.4 < decent / len(held_out) < 0.6


def test_citizens_ordinary_messages_raise_no_alarm(moderator: Moderator) -> None:
    lines = (PROJECT / "config" / "training" / "common.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    assert [text for text in texts if moderator.check(text).found] == []
