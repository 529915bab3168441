"""The units of systemd fit the program, each other and the administrator's guide."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.cli import COMMANDS
from bridge.settings import PROJECT
from bridge.web.server import FINISH_SECONDS

FOLDER = PROJECT / "deploy" / "systemd"
SERVICES = sorted(FOLDER.glob("*.service"))
TIMED = {timer.with_suffix(".service") for timer in FOLDER.glob("*.timer")}
ALWAYS_RUNNING = [unit for unit in SERVICES if unit not in TIMED]
COMMON = FOLDER / "bridge-.service.d" / "common.conf"
GUIDE = (PROJECT / "docs" / "ru" / "administrator.md").read_text(encoding="utf-8")
PROGRAM = "/opt/bridge/.venv/bin/bridge"


def named(unit: Path) -> str:
    """A test's id."""
    return unit.name


def directives(unit: Path) -> Iterator[tuple[str, str, str]]:
    """Section, name and value of each line; anything else fails."""
    section = ""
    for line in unit.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if heading := re.fullmatch(r"\[(Unit|Service|Timer|Install)\]", line):
            section = heading[1]
            continue
        name, separator, value = line.partition("=")
        assert section
        assert separator
        assert re.fullmatch(r"[A-Z][A-Za-z]+", name), line
        yield section, name, value


def values(unit: Path, name: str) -> list[str]:
    return [value for _, found, value in directives(unit) if found == name]


@pytest.mark.parametrize("unit", SERVICES, ids=named)
def test_service_runs_a_command_that_exists(unit: Path) -> None:
    (start,) = values(unit, "ExecStart")
    program, command, *_ = start.split()
    assert program == PROGRAM
    assert command in COMMANDS


@pytest.mark.parametrize("unit", ALWAYS_RUNNING, ids=named)
def test_service_starts_with_the_target_and_is_told_of_in_the_guide(unit: Path) -> None:
    assert values(unit, "WantedBy") == ["bridge.target"]
    assert unit.stem.rstrip("@") in GUIDE


@pytest.mark.parametrize("unit", SERVICES, ids=named)
def test_service_takes_back_nothing_of_what_hardens_all(unit: Path) -> None:
    common = {name for section, name, _ in directives(COMMON) if section == "Service"}
    own = {name for section, name, _ in directives(unit) if section == "Service"}
    assert own & common == set()


def test_the_target_stops_and_reloads_every_service() -> None:
    assert values(COMMON, "PartOf") == ["bridge.target"]
    assert values(COMMON, "ReloadPropagatedFrom") == ["bridge.target"]
    assert values(COMMON, "ExecReload") == ["/bin/kill -HUP $MAINPID"]


def test_only_what_serves_over_http_may_listen() -> None:
    assert values(COMMON, "SocketBindDeny") == ["any"]
    listening = {unit.name for unit in SERVICES if values(unit, "SocketBindAllow")}
    assert listening == {
        "bridge-web.service",
        "bridge-admin.service",
        "bridge-metrics.service",
    }


@pytest.mark.parametrize("unit", sorted(TIMED), ids=named)
def test_what_a_timer_starts_runs_once_and_is_told_of_in_the_guide(unit: Path) -> None:
    timer = unit.with_suffix(".timer")
    assert values(timer, "WantedBy") == ["timers.target"]
    assert timer.name in GUIDE
    (once,) = (FOLDER / f"{unit.name}.d").glob("*.conf")
    assert values(once, "Type") == ["oneshot"]
    assert once.name > COMMON.name


def test_requests_under_way_have_the_time_to_end_that_the_server_gives_them() -> None:
    (limit,) = values(COMMON, "TimeoutStopSec")
    assert int(limit) > FINISH_SECONDS


@pytest.mark.parametrize("name", ["EnvironmentFile", "WorkingDirectory", "User"])
def test_places_and_account_are_those_of_the_guide(name: str) -> None:
    (place,) = values(COMMON, name)
    assert f"`{place}`" in GUIDE
