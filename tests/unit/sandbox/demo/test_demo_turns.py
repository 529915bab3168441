"""Acts take turns, so that what one waits for happens while the others go on."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from sandbox.demo.acts.act import Course, Keepsake, take_turns
from sandbox.demo.failure import DemoFailed


@dataclass(frozen=True)
class Counting:
    """An act of some turns that notes each in `told`."""

    title: str
    turns: int
    told: list[str]

    def play(self) -> Course:
        """Count."""
        for number in range(self.turns):
            self.told.append(f"{self.title} {number}")
            yield
        return Keepsake(self.title, "", (), "")


@dataclass(frozen=True)
class Failing:
    """An act that is not seen to its end."""

    def play(self) -> Course:
        """Fail in the second turn."""
        yield
        raise DemoFailed("The answer: not seen")


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def counting(told: list[str]) -> Callable[[str, int], Counting]:
    return lambda title, turns: Counting(title, turns, told)


def test_each_act_has_a_turn_before_the_first_goes_on(
    counting: Callable[[str, int], Counting], told: list[str]
) -> None:
    take_turns([counting("VK", 3), counting("OK", 1), counting("MSS", 2)])
    assert told == ["VK 0", "OK 0", "MSS 0", "VK 1", "MSS 1", "VK 2"]


def test_what_acts_leave_comes_in_their_order(
    counting: Callable[[str, int], Counting],
) -> None:
    kept = take_turns([counting("VK", 3), counting("OK", 1)])
    assert [each.title for each in kept] == ["VK", "OK"]


def test_an_act_that_fails_ends_them_all(
    counting: Callable[[str, int], Counting], told: list[str]
) -> None:
    with pytest.raises(DemoFailed, match="The answer: not seen"):
        take_turns([Failing(), counting("VK", 9)])
    assert told == ["VK 0"]
