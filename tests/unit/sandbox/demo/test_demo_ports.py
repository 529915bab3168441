"""Taken ports are told of before anything starts."""

import os
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from sandbox.demo.failure import DemoFailed
from sandbox.demo.ports import HOST, Port, require_free
from tests.ports import find_free_port


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that this process listens on."""
    with closing(socket.socket()) as server:
        server.bind((HOST, 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.fixture
def free() -> int:
    """A port that nobody has."""
    return find_free_port()


def test_free_ports_are_accepted(free: int) -> None:
    require_free([Port(free, "the bridge", "--bridge-port")])


def test_a_taken_port_is_told_with_part_owner_and_option(taken: int, free: int) -> None:
    with pytest.raises(DemoFailed) as failure:
        require_free([Port(free, "Redmine", "--redmine-port"), Port(taken, "VK", "--vk-port")])
    text = str(failure.value)
    assert f"Port {taken}, wanted for VK" in text
    assert f"(process {os.getpid()})" in text
    assert "--vk-port" in text
    assert "Redmine" not in text


def test_two_parts_cannot_share_a_port(free: int) -> None:
    with pytest.raises(DemoFailed, match="--redmine-port and --vk-port name the same port"):
        require_free([Port(free, "Redmine", "--redmine-port"), Port(free, "VK", "--vk-port")])
