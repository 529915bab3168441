"""The store's contract on a real PostgreSQL, as an installation with several machines has it."""

from collections.abc import Iterator
from contextlib import closing
from itertools import count

import pytest

from bridge.store.database import Store
from bridge.store.schema import upgrade
from tests.postgres import PostgresCluster

_numbers = count(1)


@pytest.fixture
def empty_store(postgres: PostgresCluster) -> Iterator[Store]:
    """A store without tables."""
    url = postgres.create_database(f"contract_{next(_numbers)}")
    with closing(Store(url)) as store:
        yield store


@pytest.fixture(scope="session")
def migrated(postgres: PostgresCluster) -> str:
    """The name of a database with this version's tables, to be copied for each test."""
    name = "migrated"
    with closing(Store(postgres.create_database(name))) as store:
        upgrade(store.engine)
    return name


@pytest.fixture
def store(postgres: PostgresCluster, migrated: str) -> Iterator[Store]:
    """A store with this version's tables."""
    url = postgres.create_database(f"contract_{next(_numbers)}", migrated)
    with closing(Store(url)) as store:
        yield store
