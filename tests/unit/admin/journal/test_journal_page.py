"""Whoever answers for the bridge finds who did what, what the bridge decided, and why."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest

from bridge.admin.journal.wording import DEEDS
from bridge.effects import EffectKind
from bridge.store import audit
from bridge.store.audit import Action, AuditEntry
from bridge.store.models import DecisionRow, EffectRow, TicketRow
from tests.busy_office import add_ticket
from tests.unit.admin.conftest import ADMINISTRATOR, CURATOR, LEADER, NOW, Pages

JOURNAL = "/admin/journal"


@pytest.mark.parametrize("account", [CURATOR, LEADER])
def test_only_administrators_read_the_journal(pages: Pages, account: Any) -> None:
    assert pages.as_(account).get(JOURNAL).status_code == 403
    assert pages.as_(account).get(f"{JOURNAL}.csv").status_code == 403


def test_what_people_did_is_shown_in_words(pages: Pages) -> None:
    _record(pages, AuditEntry(NOW, "ivanov", Action.LOGGED_IN, "ticket:7", {"address": "10.0.0.1"}))
    page = pages.as_(ADMINISTRATOR).get(JOURNAL).text
    for part in ("23.11.2026 18:30", "ivanov", "вход", "карточка 7", "адрес: 10.0.0.1"):
        assert part in page


def test_a_deed_about_a_ticket_leads_to_it_and_is_found_by_its_number(pages: Pages) -> None:
    with pages.store.writing() as session:
        ticket = add_ticket(session, NOW, "roads")
        ticket.issue_id = 4711
    _record(
        pages,
        AuditEntry(NOW, "ivanov", Action.PLACEMENT_RETRIED, f"ticket:{ticket.id}"),
        AuditEntry(NOW, "petrov", Action.LOGGED_IN),
    )
    page = pages.as_(ADMINISTRATOR).get(f"{JOURNAL}?subject=%234711").text
    assert "https://redmine.example/issues/4711" in page
    assert "petrov" not in page
    assert _lines(pages, subject="#1") == []


def test_the_journal_is_searched_by_person_deed_and_day(pages: Pages) -> None:
    yesterday = NOW - timedelta(days=1)
    _record(
        pages,
        AuditEntry(yesterday, "ivanov", Action.LOGGED_IN),
        AuditEntry(NOW, "ivanov", Action.LOGGED_OUT),
        AuditEntry(NOW, "petrov", Action.LOGGED_IN),
    )
    assert _lines(pages, who="ivanov") == ["выход", "вход"]
    assert _lines(pages, what="logged_in") == ["вход", "вход"]
    assert _lines(pages, first="2026-11-23", last="2026-11-23") == ["вход", "выход"]
    assert _lines(pages, last="2026-11-22") == ["вход"]


def test_a_day_begins_at_the_offices_midnight(pages: Pages) -> None:
    just_after_midnight_in_perm = NOW.replace(hour=19, minute=1)
    _record(pages, AuditEntry(just_after_midnight_in_perm, "ivanov", Action.LOGGED_IN))
    assert _lines(pages, first="2026-11-24") == ["вход"]
    assert _lines(pages, last="2026-11-23") == []


def test_long_journals_are_read_page_by_page(pages: Pages) -> None:
    _record(pages, *(AuditEntry(NOW, f"person{n}", Action.LOGGED_IN) for n in range(60)))
    first = pages.as_(ADMINISTRATOR).get(JOURNAL).text
    assert "person59" in first
    assert "person9<" not in first
    assert "before=11" in first
    second = pages.as_(ADMINISTRATOR).get(f"{JOURNAL}?before=11").text
    assert "person9<" in second
    assert "раньше →" not in second


def test_what_the_bridge_decided_says_why_somebody_looked_and_what_was_assumed(
    pages: Pages,
) -> None:
    ticket = _decide(
        pages,
        trigger="webhook",
        clocks={"answer:1": "running", "routing:1": "late"},
        assumptions=[{"key": "k", "journal_id": 3, "words": "история начинается посередине"}],
    )
    page = pages.as_(ADMINISTRATOR).get(f"{JOURNAL}?kind=decisions").text
    assert f"https://redmine.example/issues/{ticket.issue_id}" in page
    assert "изменение в Redmine" in page
    assert "статус «На доработке», примечание; сроки: идёт 1, с опозданием 1" in page
    assert "история начинается посередине" in page


def test_decisions_are_found_by_the_tickets_number(pages: Pages) -> None:
    ticket = _decide(pages, trigger="webhook")
    _decide(pages, trigger="sweep")
    found = _lines(pages, kind="decisions", subject=f"#{ticket.issue_id}")
    assert len(found) == 1
    assert _lines(pages, kind="decisions", subject="сорок") == []
    assert len(_lines(pages, kind="decisions", what="sweep")) == 1


def test_what_was_found_is_taken_to_a_spreadsheet_whole_and_as_text(pages: Pages) -> None:
    _record(
        pages,
        *(AuditEntry(NOW, f"person{n}", Action.LOGGED_IN) for n in range(60)),
        AuditEntry(NOW, "=cmd|' /C calc'!A0", Action.LOGGED_OUT),
    )
    rows = _csv(pages)
    assert rows[0] == ["Когда", "Кто", "Что", "О чём", "Карточка", "Подробности"]
    assert len(rows) == 62
    assert rows[1][1] == "'=cmd|' /C calc'!A0"


def test_hostile_text_stays_text(pages: Pages) -> None:
    _record(pages, AuditEntry(NOW, "<script>alert(1)</script>", Action.LOGGED_IN))
    page = pages.as_(ADMINISTRATOR).get(JOURNAL).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("question", [{"first": "вчера"}, {"kind": "all"}, {"last": "0001-01-01"}])
def test_a_question_that_makes_no_sense_is_refused_clearly(
    pages: Pages, question: dict[str, str]
) -> None:
    answer = pages.as_(ADMINISTRATOR).get(JOURNAL, query_string=question)
    assert answer.status_code == 400
    assert "Запрос не понят" in answer.text


def test_every_deed_has_its_words() -> None:
    assert set(DEEDS) == set(Action)


def _record(pages: Pages, *entries: AuditEntry) -> None:
    with pages.store.writing() as session:
        for entry in entries:
            audit.record(session, entry)
            session.flush()


def _decide(
    pages: Pages,
    trigger: str,
    clocks: dict[str, str] | None = None,
    assumptions: list[dict[str, Any]] | None = None,
) -> TicketRow:
    with pages.store.writing() as session:
        ticket = add_ticket(session, NOW, "roads")
        session.add(
            EffectRow(
                ticket_id=ticket.id,
                key="undo:3",
                kind=EffectKind.UPDATE_TICKET,
                payload={"status": "revision", "note": {"template": "answer_blocked"}},
                created_at=NOW,
                next_attempt_at=NOW,
            )
        )
        session.add(
            DecisionRow(
                ticket_id=ticket.id,
                at=NOW,
                trigger=trigger,
                journal_id=3,
                summary={
                    "effects": ["undo:3"],
                    "clocks": clocks or {},
                    "assumptions": assumptions or [],
                },
            )
        )
    return ticket


def _lines(pages: Pages, **question: str) -> list[str]:
    """What was done or decided, as the file has it."""
    return [row[2] for row in _csv(pages, **question)[1:]]


def _csv(pages: Pages, **question: str) -> list[list[str]]:
    answer = pages.as_(ADMINISTRATOR).get(f"{JOURNAL}.csv", query_string=question)
    assert answer.mimetype == "text/csv"
    return list(csv.reader(StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
