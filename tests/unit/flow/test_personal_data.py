"""A citizen gets a copy of all that is kept, or has it forgotten once it is answered (152-ФЗ)."""

import json

import pytest

from bridge.flow.personal_data import NobodyKnown, PersonalData, StillOpen, pseudonym
from bridge.store import audit
from bridge.store.audit import AuditSearch
from bridge.store.database import Store
from bridge.store.models import MessageRow, TicketRow
from tests.personal_rows import MARK, add_whole_message, places_of_the_mark
from tests.store_contract.rows import NOW

VK, NUMBER = "vk", "501"


def wrote(store: Store, number: int, *, closed: bool, author: str = NUMBER) -> None:
    with store.writing() as session:
        ticket_id = add_whole_message(session, number, NOW, closed=closed).id
        ticket = session.get_one(TicketRow, ticket_id)
        ticket.issue_id = 100 + number
        session.get_one(MessageRow, ticket.message_id).author_id = author


@pytest.fixture
def data(store: Store) -> PersonalData:
    return PersonalData(store, lambda: NOW)


def test_the_copy_has_every_message_with_its_answers_and_raw_events(
    data: PersonalData, store: Store
) -> None:
    wrote(store, 1, closed=True)
    wrote(store, 2, closed=False)
    wrote(store, 3, closed=True, author="502")
    copy = data.copy(VK, NUMBER, "command:root")
    assert [message["tickets"][0]["redmine"] for message in copy["messages"]] == [101, 102]
    (first, _) = copy["messages"]
    for part in (first["text"], first["author"]["name"], first["tickets"][0]["answers"][0]["text"]):
        assert MARK in part
    assert MARK in first["events"][0]["body"]
    assert json.loads(json.dumps(copy)) == copy


def test_what_is_answered_is_forgotten_and_the_helpdesks_tickets_are_named(
    data: PersonalData, store: Store
) -> None:
    wrote(store, 1, closed=True)
    wrote(store, 2, closed=True)
    erased = data.erase(VK, NUMBER, "command:root")
    assert (erased.messages, erased.issues) == (2, (101, 102))
    with store.reading() as session:
        assert places_of_the_mark(session) == []
    with pytest.raises(NobodyKnown):
        data.erase(VK, NUMBER, "command:root")


def test_others_keep_theirs(data: PersonalData, store: Store) -> None:
    wrote(store, 1, closed=True)
    wrote(store, 2, closed=True, author="502")
    data.erase(VK, NUMBER, "command:root")
    assert len(data.copy(VK, "502", "command:root")["messages"]) == 1


def test_a_message_that_is_not_answered_yet_is_not_forgotten(
    data: PersonalData, store: Store
) -> None:
    wrote(store, 1, closed=True)
    wrote(store, 2, closed=False)
    with pytest.raises(StillOpen, match="#102"):
        data.erase(VK, NUMBER, "command:root")
    assert len(data.copy(VK, NUMBER, "command:root")["messages"]) == 2


def test_the_audit_tells_of_both_deeds_by_a_stand_in_for_the_person(
    data: PersonalData, store: Store
) -> None:
    wrote(store, 1, closed=True)
    data.copy(VK, NUMBER, "command:root")
    data.erase(VK, NUMBER, "command:root")
    subject = f"person:{pseudonym(VK, NUMBER)}"
    with store.reading() as session:
        rows = audit.page(session, AuditSearch(subject=subject), limit=10)
    assert [row.action for row in rows] == ["person_erased", "person_exported"]
    assert all(NUMBER not in repr((row.details, row.subject)) for row in rows)
