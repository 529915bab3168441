"""A step is told of in one line with its time."""

import io
import re

import pytest
from rich.console import Console

from sandbox.demo.narrator import Narrator


@pytest.fixture
def told() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def narrator(told: io.StringIO) -> Narrator:
    return Narrator(Console(file=told, width=80))


def test_a_step_is_one_line_with_its_outcome_however_long(
    narrator: Narrator, told: io.StringIO
) -> None:
    with narrator.step("A ticket stands") as step:
        step.outcome = "[№ 1] " + "длинно " * 30
    (line,) = told.getvalue().splitlines()
    assert re.match(r"✓ +\d+\.\d\d s \(\+\d+\.\d\d\) +A ticket stands: \[№ 1\] длинно", line)


def test_a_step_that_fails_is_told_of_as_failed(narrator: Narrator, told: io.StringIO) -> None:
    def fail() -> None:
        with narrator.step("A ticket stands") as step:
            step.outcome = "never"
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert told.getvalue().startswith("✗")
    assert "never" not in told.getvalue()
