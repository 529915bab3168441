"""How quick the board is over a full store: `python -m benchmarks.board`.

The store has 5,000 open tickets and 200,000 closed ones. Whole pages are asked for, as a curator's
browser does, from the application itself: routing, session, statements, template; no network.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from flask.testing import FlaskClient
from pydantic import SecretStr

from benchmarks.full_store import Filler
from benchmarks.report import Bound, Goal, Measurement, table
from bridge.admin.app import make_app
from bridge.admin.parts import AdminParts
from bridge.admin.person import Person
from bridge.bootstrap import connect_redis, open_accounts, open_office
from bridge.flow.queue import WorkQueue
from bridge.helpdesk.accounts import StaffAccount
from bridge.office import Office
from bridge.settings import PROJECT, Settings
from bridge.store.database import Store
from bridge.store.schema import upgrade

NOW: Final = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
CURATOR: Final = StaffAccount(2, "curator", "Анна Куратова", False, frozenset({"curator"}))
PAGES: Final[Mapping[str, str]] = {
    "everything": "",
    "curators, the next half hour": "?party=curator&band=30min",
    "one department": "?department=roads",
    "the last page": "?page=50",
    "who is late": "?view=holders",
}
TIMES: Final = 40
GOAL: Final = Goal(Bound.AT_MOST, 200)


def measure(client: FlaskClient) -> Iterator[Measurement]:
    """The middle one of each page's times, and how much of it this process worked."""
    for name, query in PAGES.items():
        times = [_milliseconds(client, query) for _ in range(TIMES)]
        waited, worked = (statistics.median(kind) for kind in zip(*times, strict=True))
        yield Measurement(f"board, {name}, p50", waited, "ms", GOAL)
        yield Measurement(f"board, {name}, processor, p50", worked, "ms")


def _milliseconds(client: FlaskClient, query: str) -> tuple[float, float]:
    """By the clock on the wall, and of the processor."""
    begin, worked = time.perf_counter(), time.process_time()
    answer = client.get(f"/admin/board{query}")
    times = (time.perf_counter() - begin) * 1000, (time.process_time() - worked) * 1000
    if answer.status_code != 200:
        raise SystemExit(f"{query}: {answer.status_code}")
    return times


@contextmanager
def curators_browser(store: Store, office: Office, data: Path) -> Iterator[FlaskClient]:
    """The application over the store, and a curator who is logged in."""
    settings = Settings(
        data=data,
        redmine_url="http://127.0.0.1:9",
        redmine_key=SecretStr("unused"),
        redis_url=f"unix://{data / 'no-redis.sock'}",
    )
    parts = AdminParts(
        settings=settings,
        offices=open_office(office, store),
        store=store,
        hints=WorkQueue(connect_redis(settings)),
        accounts=open_accounts(settings, office),
        now=lambda: NOW,
    )
    client = make_app(parts).test_client()
    with client.session_transaction() as session:
        session["person"] = Person(CURATOR, NOW, NOW, NOW).as_json()
        session["_user_id"] = str(CURATOR.id)
    yield client


def main() -> int:
    """Print the figures; 1 when a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", help="URL of an empty database; else SQLite in a new folder")
    parser.add_argument("--filled", action="store_true", help="the store is filled already")
    parser.add_argument("--closed", type=int, default=200_000)
    parser.add_argument("--open", type=int, default=5_000)
    asked = parser.parse_args()
    office = Office.load(PROJECT / "config")
    with TemporaryDirectory() as folder:
        url = asked.store or f"sqlite:///{folder}/bridge.db"
        with closing(Store(url)) as store:
            upgrade(store.engine)
            if not asked.filled:
                Filler(NOW, tuple(office.department_names)).fill(store, asked.closed, asked.open)
            with curators_browser(store, office, Path(folder)) as client:
                measurements = list(measure(client))
    print(table(measurements))
    return 1 if any(each.is_missed for each in measurements) else 0


if __name__ == "__main__":
    sys.exit(main())
