"""The list of answers that could not be placed does not empty by itself (scenario 17)."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bridge.cli import main
from bridge.effects import EffectKind
from bridge.store import deliveries, outbox, sources
from bridge.store.database import Store
from bridge.store.models import DeliveryRow, EffectState, TicketRow
from tests.store_contract.rows import NOW, add_ticket

pytestmark = pytest.mark.scenario(17)


@pytest.fixture
def store(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("BRIDGE_STORE_URL", store.engine.url.render_as_string())
    monkeypatch.setenv("BRIDGE_DATA", str(tmp_path))
    monkeypatch.setenv("BRIDGE_REDMINE_PUBLIC_URL", "https://redmine.invalid")
    return store


def approved(store: Store, number: int, key: str, state: EffectState, meaning: str = "") -> int:
    """An answer of the ticket with this number, as far as it has come."""
    with store.writing() as session:
        ticket = session.get(TicketRow, number) or add_ticket(session, number)
        ticket.issue_id = number + 100
        outbox.add(
            session,
            ticket_id=ticket.id,
            key=key,
            kind=EffectKind.PLACE_ANSWER,
            channel="vk-head",
            payload={"only_source": 2} if "source" in key else {},
            now=NOW,
        )
        effect = outbox.of_kind(session, ticket.id, EffectKind.PLACE_ANSWER)[-1]
        (source,) = sources.of_message(session, ticket.message_id)
        row = deliveries.open_part(session, effect, source.id, 1, "Ответ.", NOW)
        deliveries.finish(session, row.id, state=state, now=NOW, code="9", meaning=meaning)
        return ticket.id


def listed(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["unplaced", *arguments])


def test_an_office_without_trouble_is_told_so(store: Store) -> None:
    approved(store, 1, "place:1", EffectState.DONE)
    result = listed()
    assert (result.exit_code, result.output) == (0, "Все одобренные ответы размещены.\n")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (EffectState.FAILED, "не размещён"),
        (EffectState.UNCERTAIN, "неизвестно, размещён ли"),
        (EffectState.PENDING, "ждёт отправки"),
    ],
)
def test_an_administrator_reads_which_ticket_where_and_why(
    store: Store, state: EffectState, words: str
) -> None:
    approved(store, 1, "place:1", state, "Комментарии закрыты.")
    result = listed()
    assert result.exit_code == 1
    assert "https://redmine.invalid/issues/101" in result.output
    assert words in result.output
    assert "одобрен 23.11.2026 16:30" in result.output
    assert "Комментарии закрыты." in result.output


def test_what_a_newer_approval_has_taken_up_is_not_listed_twice(store: Store) -> None:
    approved(store, 1, "place:1", EffectState.FAILED)
    approved(store, 1, "place:2", EffectState.FAILED)
    assert len(listed("--json").output.splitlines()) == 1


def test_a_program_reads_a_line_for_each(store: Store) -> None:
    for number in (1, 2):
        approved(store, number, "place:1", EffectState.FAILED)
    lines = [json.loads(line) for line in listed("--json").output.splitlines()]
    assert [(line["issue"], line["state"], line["code"]) for line in lines] == [
        (101, "failed", "9"),
        (102, "failed", "9"),
    ]
    assert lines[0]["since"] == NOW.isoformat()


def test_only_a_person_who_closes_the_ticket_takes_it_off_the_list(store: Store) -> None:
    ticket = approved(store, 1, "place:1", EffectState.FAILED)
    assert listed().exit_code == 1
    with store.writing() as session:
        session.get_one(TicketRow, ticket).closed = True
    assert listed().exit_code == 0


def test_a_system_that_came_after_the_answer_stays_on_the_list_of_a_closed_ticket(
    store: Store,
) -> None:
    ticket = approved(store, 1, "place:1", EffectState.DONE)
    with store.writing() as session:
        session.get_one(TicketRow, ticket).closed = True
    approved(store, 1, "place:1:source-2", EffectState.FAILED, "Карточка закрыта.")
    result = listed()
    assert result.exit_code == 1
    assert "Карточка закрыта." in result.output
    assert "сообщение пришло из этой системы позже" in result.output
    approved(store, 1, "place:2", EffectState.DONE)
    assert listed().exit_code == 0


def test_what_somebody_decided_against_is_off_the_list(store: Store) -> None:
    approved(store, 1, "place:1", EffectState.FAILED)
    with store.writing() as session:
        (row,) = session.query(DeliveryRow)
        row.code = deliveries.DROPPED
    assert listed().exit_code == 0
