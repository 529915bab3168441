"""Tickets that were under way when the bridge was upgraded go on where they were."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import MetaData

from bridge.effects import EffectKind
from bridge.flow.reconcile import Trigger
from bridge.publish.port import Remedy
from bridge.store.models import EffectRow, EffectState
from bridge.store.schema import VERSION_TABLE, revision_of, tables_of, upgrade, upgrade_to
from bridge.store.table_rows import reflect
from tests.store_contract.first_release import FIRST
from tests.unit.flow.conftest import GRACE, TEXT, Bench
from tests.unit.flow.desk import Killed, refusal

pytestmark = pytest.mark.clause("2.1.4", "3.5")

PAYLOADS: Mapping[str, tuple[str, ...]] = {
    EffectKind.PLACE_ANSWER: ("key", "approval", "text"),
    EffectKind.UPDATE_TICKET: ("key", "status", "fields", "due_date", "note"),
    EffectKind.CREATE_TICKET: (),
}
"""What the first release kept of an effect."""


def upgraded(bench: Bench) -> None:
    """The store becomes what the first release would have made of it, and is upgraded."""
    with bench.store.transaction() as connection:
        kept = {
            table.name: [dict(row) for row in connection.execute(table.select()).mappings()]
            for table in reflect(connection, tables_of(FIRST))
        }
        everything = MetaData()
        everything.reflect(connection, only=[*tables_of(_revision(connection)), VERSION_TABLE])
        everything.drop_all(connection)
        upgrade_to(connection, FIRST)
        for table in reflect(connection, tables_of(FIRST)):
            rows = [_as_first(table.name, row, set(table.c.keys())) for row in kept[table.name]]
            if rows:
                connection.execute(table.insert(), rows)
    upgrade(bench.store.engine)


def _revision(connection: Any) -> str:
    revision = revision_of(connection)
    assert revision
    return revision


def _as_first(table: str, row: Mapping[str, Any], columns: set[str]) -> dict[str, Any]:
    values = {name: value for name, value in row.items() if name in columns}
    if table == "outbox":
        known = PAYLOADS[row["kind"]]
        values["payload"] = {name: row["payload"][name] for name in known}
    return values


def effects_of(bench: Bench, kind: EffectKind) -> list[EffectRow]:
    return [effect for effect in bench.effects() if effect.kind == kind]


def test_a_ticket_that_was_to_be_created_is_created(bench: Bench) -> None:
    upgraded(bench)
    bench.reconcile(Trigger.MESSAGE)
    assert bench.desk.calls.count("create") == 1
    assert bench.issue.department == "roads"


def test_an_open_ticket_is_answered(created: Bench) -> None:
    upgraded(created)
    created.approve()
    created.reconcile()
    (answer,) = created.network.visible
    assert TEXT in answer.text
    assert created.issue.status == "placed"
    assert created.row.closed
    assert "in_time" in created.verdicts().values()


def test_an_answer_that_waited_goes_out_once(created: Bench) -> None:
    created.approve()
    created.network.before.append(refusal(Remedy.RETRY, "10"))
    created.reconcile()
    upgraded(created)
    created.watch.wait(minutes=1)
    created.reconcile()
    assert len(created.network.visible) == 1
    assert created.issue.status == "placed"


def test_an_answer_whose_outcome_was_unknown_is_looked_for_before_it_is_sent(
    created: Bench,
) -> None:
    created.approve()
    created.network.after.append(Killed())
    with pytest.raises(Killed):
        created.reconcile()
    upgraded(created)
    created.watch.wait(seconds=GRACE.total_seconds() + 1)
    created.reconcile()
    assert created.network.looks == 1
    assert len(created.network.calls) == 1
    assert created.issue.status == "placed"


def test_an_answer_that_stood_there_is_not_placed_again(created: Bench) -> None:
    created.approve()
    created.reconcile()
    upgraded(created)
    created.staff(note="Спасибо.")
    created.reconcile()
    assert len(created.network.calls) == 1
    (placement,) = effects_of(created, EffectKind.PLACE_ANSWER)
    assert placement.state == EffectState.DONE


def test_the_verdicts_of_before_stay(created: Bench) -> None:
    created.approve()
    created.reconcile()
    before = created.verdicts()
    upgraded(created)
    created.staff(note="Спасибо.")
    created.reconcile()
    assert created.verdicts() == before
