"""A store for the unit tests that need one: a SQLite file with this version's tables."""

import shutil
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
