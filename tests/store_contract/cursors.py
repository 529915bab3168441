"""A cursor only ever goes forward."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

from bridge.store import cursors
from bridge.store.database import Store
from tests.store_contract.rows import minutes


class CursorsContract:
    def test_before_the_first_sweep_there_is_no_cursor(self, store: Store) -> None:
        assert _read(store) is None

    def test_a_cursor_never_goes_back(self, store: Store) -> None:
        for step, reached in ((5, 5), (3, 5), (5, 5), (8, 8)):
            _advance(store, step)
            assert _read(store) == minutes(reached)

    def test_cursors_of_two_sweeps_are_apart(self, store: Store) -> None:
        _advance(store, 5)
        with store.writing() as session:
            cursors.advance(session, "other", minutes(1))
        assert _read(store) == minutes(5)

    def test_of_sweeps_that_end_at_once_the_farthest_counts(self, store: Store) -> None:
        steps = Random(1).sample(range(16), 16)  # noqa: S311
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda step: _advance(store, step), steps))
        assert _read(store) == minutes(15)


def _advance(store: Store, step: float) -> None:
    with store.writing() as session:
        cursors.advance(session, "changes", minutes(step))


def _read(store: Store) -> object:
    with store.reading() as session:
        return cursors.read(session, "changes")
