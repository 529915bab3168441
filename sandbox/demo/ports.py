"""Are the ports free that the demonstration needs? If not: who has them, and what to do."""

import socket
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass

import psutil

from sandbox.demo.failure import DemoFailed

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Port:
    """A port that `part` is to listen on; `option` of the command line chooses another one."""

    number: int
    part: str
    option: str


def require_free(ports: Iterable[Port]) -> None:
    """Raise `DemoFailed`, which names every taken port, who has it and which option changes it."""
    wanted = list(ports)
    problems = _doubles(wanted) or [_describe(port) for port in wanted if not _is_free(port.number)]
    if problems:
        raise DemoFailed("\n".join(problems))


def _doubles(ports: list[Port]) -> list[str]:
    numbers = [port.number for port in ports]
    options = " and ".join(port.option for port in ports if numbers.count(port.number) > 1)
    return [f"{options} name the same port: each part needs its own"] if options else []


def _is_free(number: int) -> bool:
    with closing(socket.socket()) as probe:
        # As servers do: a port whose last connections are still closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, number))
        except OSError:
            return False
    return True


def _describe(port: Port) -> str:
    return (
        f"Port {port.number}, wanted for {port.part}, is in use{_by_whom(port.number)}: "
        f"stop that, or choose another port with {port.option}"
    )


def _by_whom(number: int) -> str:
    for process in psutil.process_iter():
        try:
            if number in _listening_ports(process):
                return f" by {process.name()} (process {process.pid})"
        except psutil.Error:  # gone meanwhile, or somebody else's
            continue
    return ""


def _listening_ports(process: psutil.Process) -> set[int]:
    return {
        connection.laddr.port
        for connection in process.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    }
