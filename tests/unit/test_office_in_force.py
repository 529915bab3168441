"""Whoever saves a mapping, every process routes by it within seconds."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bridge.bootstrap import PartsInForce, open_office
from bridge.channels import ChannelSettings
from bridge.flow.judging import Judging, Matter
from bridge.mapping_keeping import Change, keep_first, keep_version
from bridge.office import Office
from bridge.office_in_force import ASKED_EVERY_SECONDS, OfficeInForce
from bridge.routing import DepartmentMapping
from bridge.settings import PROJECT, Settings
from bridge.store import audit, mapping_versions
from bridge.store.audit import Action, AuditSearch
from bridge.store.database import Store
from bridge.store.mapping_versions import NewVersion
from tests.store_contract.rows import NOW


@dataclass
class Ticking:
    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class NoHints:
    def event(self, event_id: int) -> None: ...
    def events(self, event_ids: object) -> None: ...
    def has_events(self) -> bool:
        return False

    def file(self, attachment_id: int) -> None: ...
    def ticket(self, ticket_id: int, trigger: object) -> None: ...
    def ticket_at(self, ticket_id: int, at: object) -> None: ...


@pytest.fixture(scope="module")
def files() -> Office:
    return Office.load(PROJECT / "config")


def of_one_department(key: str) -> DepartmentMapping:
    return DepartmentMapping.model_validate(
        {"departments": [{"key": key, "name": key, "keywords": ["пухляшка"]}]}
    )


def save(store: Store, mapping: DepartmentMapping, after: int) -> None:
    change = Change(mapping, "ivanov", "зачем", Action.MAPPING_SAVED)
    with store.writing() as session:
        keep_version(session, change, after, NOW)


def save_document(store: Store, document: str, after: int) -> None:
    with store.writing() as session:
        mapping_versions.add(session, NewVersion(NOW, "newer", "n", document, "f" * 12), after)


def test_the_file_rules_while_nothing_was_saved(store: Store, files: Office) -> None:
    assert open_office(files, store).current() is files


def test_the_first_start_keeps_the_file_as_version_1_and_no_other_does(
    store: Store, files: Office
) -> None:
    keep_first(store, files.mapping, NOW)
    keep_first(store, of_one_department("other"), NOW + timedelta(days=1))
    with store.reading() as session:
        (version,) = mapping_versions.page(session, limit=5)
        (entry,) = audit.page(session, AuditSearch(), limit=5)
    assert (version.id, version.author) == (1, "файл departments.yaml")
    assert version.fingerprint == files.mapping.version
    assert (entry.action, entry.subject) == ("mapping_imported", "mapping:1")


def test_a_new_version_is_taken_up_within_seconds(store: Store, files: Office) -> None:
    ticking = Ticking()
    offices = OfficeInForce(files=files, store=store, monotonic=ticking)
    keep_first(store, files.mapping, NOW)
    assert offices.current() is files
    save(store, of_one_department("first"), after=1)
    ticking.seconds += ASKED_EVERY_SECONDS
    assert list(offices.current().department_names) == ["first"]
    assert offices.current() is offices.current()
    save(store, files.mapping, after=2)
    ticking.seconds += ASKED_EVERY_SECONDS
    assert offices.current().mapping == files.mapping


def test_a_version_of_a_newer_program_keeps_the_former_in_force(
    store: Store, files: Office
) -> None:
    offices = open_office(files, store)
    save(store, of_one_department("first"), after=0)
    offices.refresh()
    save_document(store, "departments: []\nnovelty: 1\n", after=1)
    with capture_logs() as logged:
        offices.refresh()
    assert list(offices.current().department_names) == ["first"]
    (line,) = logged
    assert (line["event"], line["version"]) == ("mapping not readable", 2)


def test_a_store_that_is_away_keeps_the_former_in_force(tmp_path: Path, files: Office) -> None:
    away = Store(f"sqlite:///{tmp_path / 'absent' / 'bridge.db'}")
    assert open_office(files, away).current() is files


def test_two_workers_route_the_next_message_by_the_version_saved_meanwhile(
    store: Store, files: Office, tmp_path: Path
) -> None:
    settings = Settings(
        data=tmp_path, redis_url=f"unix://{tmp_path / 'no.sock'}", store_url=str(store.engine.url)
    )
    ticking = Ticking()
    keep_first(store, files.mapping, NOW)
    workers = [
        PartsInForce(
            settings=settings,
            offices=OfficeInForce(
                files=files, store=Store(str(store.engine.url)), monotonic=ticking
            ),
            hints=NoHints(),
        )
        for _ in range(2)
    ]
    channel = next(iter(files.channels))
    before = [worker.current() for worker in workers]
    assert [worker.current() for worker in workers] == before

    save(store, of_one_department("sweets"), after=1)
    ticking.seconds += ASKED_EVERY_SECONDS

    for worker in workers:
        judging: Judging = worker.current().worker.intake.judging
        assert _departments(judging, channel) == ("sweets",)
    for worker in workers:
        worker.offices.store.close()


def _departments(judging: Judging, channel: ChannelSettings) -> tuple[str, ...]:
    return judging.judge(Matter("где пухляшка"), channel).route.departments
