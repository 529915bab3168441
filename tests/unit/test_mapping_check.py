"""`bridge check` says when the file and the version in force are not the same."""

from pathlib import Path

import pytest

from bridge.checks import Checks
from bridge.findings import Finding, State
from bridge.mapping_keeping import Change, keep_first, keep_version
from bridge.office import Office
from bridge.routing import DepartmentMapping
from bridge.settings import PROJECT, Settings
from bridge.store.audit import Action
from bridge.store.database import Store
from tests.store_contract.rows import NOW


@pytest.fixture(scope="module")
def office() -> Office:
    return Office.load(PROJECT / "config")


def found(store: Store, office: Office, tmp_path: Path) -> Finding:
    checks = Checks(Settings(data=tmp_path), office, store, lambda: NOW)
    return next(finding for finding in checks.run() if finding.name == "Подразделения")


def test_a_file_that_differs_is_a_warning_with_both_ways_out(
    store: Store, office: Office, tmp_path: Path
) -> None:
    assert found(store, office, tmp_path).state is State.OK
    keep_first(store, office.mapping, NOW)
    assert "версия 1" in found(store, office, tmp_path).text
    other = DepartmentMapping.model_validate({"departments": [{"key": "a", "name": "А"}]})
    with store.writing() as session:
        keep_version(session, Change(other, "a", "n", Action.MAPPING_SAVED), 1, NOW)
    told = found(store, office, tmp_path)
    assert told.state is State.WARN
    assert "отличается от действующей версии 2" in told.text
    assert "bridge mapping import" in told.remedy
    assert "bridge mapping export" in told.remedy
