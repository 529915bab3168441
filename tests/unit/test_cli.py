"""Commands are loaded when they are asked for: each is there under its name."""

import click
import pytest

from bridge.cli import COMMANDS, main


@pytest.mark.parametrize("name", COMMANDS)
def test_command_is_found_by_its_name(name: str) -> None:
    command = main.get_command(click.Context(main), name)

    assert command
    assert command.name == name
    assert command.get_short_help_str()


def test_unknown_command_is_none() -> None:
    assert main.get_command(click.Context(main), "nonsense") is None
