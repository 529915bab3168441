"""The store's contract on SQLite files, as an installation without a database server has them."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bridge.store.database import Store


@pytest.fixture
def empty_store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(f"sqlite:///{tmp_path / 'empty.db'}")) as store:
        yield store
