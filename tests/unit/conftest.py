"""A store for the unit tests that need one, and the zones that tests of time run under."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bridge.store.database import Store
from bridge.store.schema import upgrade

pytest.register_assert_rewrite("tests.store_contract")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """To be copied for each test."""
    path = tmp_path_factory.mktemp("store") / "migrated.db"
    with closing(Store(f"sqlite:///{path}")) as store:
        upgrade(store.engine)
    return path


@pytest.fixture
def store(migrated: Path, tmp_path: Path) -> Iterator[Store]:
    path = shutil.copy(migrated, tmp_path / "bridge.db")
    with closing(Store(f"sqlite:///{path}")) as store:
        yield store


ZONES = os.environ.get("BRIDGE_TEST_ZONES", "UTC Asia/Yekaterinburg America/New_York").split()
"""`scripts/test unit` names one of them, for daily work."""


@pytest.fixture(scope="module", params=ZONES)
def process_zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """Scenario 7: a server's own zone must change nothing. For `usefixtures` in tests of time."""
    before = os.environ.get("TZ")
    _set_process_zone(request.param)
    yield request.param
    _set_process_zone(before)


def _set_process_zone(zone: str | None) -> None:
    os.environ.pop("TZ", None)
    if zone is not None:
        os.environ["TZ"] = zone
    time.tzset()
