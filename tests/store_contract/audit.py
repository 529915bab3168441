"""Whoever answers for the bridge can see who did what, the newest first, page by page."""

from bridge.store import audit
from bridge.store.audit import Action, AuditEntry, AuditSearch
from bridge.store.database import Store
from tests.store_contract.rows import minutes


class AuditContract:
    def test_entries_are_read_newest_first_and_page_by_page(self, store: Store) -> None:
        _record(store, *(AuditEntry(minutes(n), f"user{n}", Action.LOGGED_IN) for n in range(5)))
        with store.reading() as session:
            first = audit.page(session, AuditSearch(), limit=2)
            second = audit.page(session, AuditSearch(), limit=2, before=first[-1].id)
        assert [row.actor for row in (*first, *second)] == ["user4", "user3", "user2", "user1"]

    def test_entries_are_found_by_person_deed_subject_and_time(self, store: Store) -> None:
        _record(
            store,
            AuditEntry(minutes(1), "ivanov", Action.LOGGED_IN, "session:1"),
            AuditEntry(minutes(2), "petrov", Action.LOGGED_IN, "session:2"),
            AuditEntry(minutes(3), "petrov", Action.LOGGED_OUT, "session:2", {"why": "сам"}),
        )
        assert _found(store, AuditSearch(actor="petrov")) == [3, 2]
        assert _found(store, AuditSearch(actions=("logged_in",))) == [2, 1]
        assert _found(store, AuditSearch(subject="session:1")) == [1]
        assert _found(store, AuditSearch(since=minutes(2), until=minutes(3))) == [2]

    def test_details_come_back_as_they_were_given(self, store: Store) -> None:
        _record(store, AuditEntry(minutes(1), "a", Action.LOGGED_OUT, details={"сроки": [1, 2]}))
        with store.reading() as session:
            (row,) = audit.page(session, AuditSearch(), limit=10)
        assert row.details == {"сроки": [1, 2]}


def _record(store: Store, *entries: AuditEntry) -> None:
    with store.writing() as session:
        for entry in entries:
            audit.record(session, entry)
            session.flush()


def _found(store: Store, search: AuditSearch) -> list[int]:
    """The minutes of what is found."""
    with store.reading() as session:
        rows = audit.page(session, search, limit=10)
    return [round((row.at - minutes(0)).total_seconds() / 60) for row in rows]
