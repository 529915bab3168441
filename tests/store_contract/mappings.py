"""Every version of the mapping is kept; of two who save at once, the second one is told."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bridge.sla.policy import ClockKind
from bridge.store import mapping_drafts, mapping_versions
from bridge.store.database import Store
from bridge.store.department_load import newest_messages, open_tickets, tickets_since
from bridge.store.mapping_versions import NewVersion, Overtaken
from tests.busy_office import add_clock
from tests.store_contract.rows import NOW, add_ticket, minutes


class MappingsContract:
    def test_the_newest_version_is_in_force(self, store: Store) -> None:
        assert _in_force(store) == 0
        _save(store, "первая", after=0)
        assert _save(store, "вторая", after=1) == 2
        with store.reading() as session:
            row = mapping_versions.newest(session)
        assert row
        assert (row.id, row.note, row.based_on, row.made_at) == (2, "вторая", 1, minutes(1))

    def test_versions_are_read_newest_first_and_page_by_page(self, store: Store) -> None:
        for number in range(3):
            _save(store, str(number), after=number)
        with store.reading() as session:
            first = mapping_versions.page(session, limit=2)
            second = mapping_versions.page(session, limit=2, before=first[-1].id)
        assert [row.note for row in (*first, *second)] == ["2", "1", "0"]

    def test_whoever_saves_over_a_version_not_seen_is_told(self, store: Store) -> None:
        _save(store, "первая", after=0)
        _save(store, "чужая", after=1)
        with pytest.raises(Overtaken) as told:
            _save(store, "своя", after=1)
        assert told.value.newest == 2
        assert _in_force(store) == 2

    def test_of_several_who_save_at_the_same_moment_one_succeeds(self, store: Store) -> None:
        def save(number: int) -> bool:
            try:
                _save(store, str(number), after=0)
            except Overtaken:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(save, range(4))) == 1
        assert _in_force(store) == 1

    def test_each_person_has_one_draft_until_it_is_dropped(self, store: Store) -> None:
        with store.writing() as session:
            mapping_drafts.keep(session, "ivanov", 1, "{}", minutes(1))
            mapping_drafts.keep(session, "petrov", 1, "{}", minutes(1))
        with store.writing() as session:
            mapping_drafts.keep(session, "ivanov", 2, '{"a": 1}', minutes(2))
            mapping_drafts.drop(session, "petrov")
        with store.reading() as session:
            draft = mapping_drafts.get(session, "ivanov")
            assert mapping_drafts.get(session, "petrov") is None
        assert draft
        assert (draft.based_on, draft.document, draft.changed_at) == (2, '{"a": 1}', minutes(2))

    def test_a_departments_open_tickets_are_those_it_was_sent_and_those_it_holds(
        self, store: Store
    ) -> None:
        with store.writing() as session:
            sent, held, closed, done = (add_ticket(session, number) for number in range(1, 5))
            for ticket in (sent, held, closed, done):
                ticket.issue_id = 100 + ticket.id
            held.department = done.department = None
            closed.closed = True
            usual = {"kind": ClockKind.ANSWER, "start": NOW, "due": minutes(240)}
            add_clock(session, held, **usual)
            add_clock(session, done, **usual, verdict="in_time", stop=minutes(5))
        with store.reading() as session:
            found = open_tickets(session, "roads", limit=1)
            assert (found.count, found.newest) == (2, (held.issue_id,))
            assert open_tickets(session, "sport", limit=5).count == 0
            assert tickets_since(session, NOW) == {"roads": 2}
            assert tickets_since(session, minutes(1)) == {}

    def test_the_newest_messages_come_first_and_once(self, store: Store) -> None:
        with store.writing() as session:
            whole = add_ticket(session, 1)
            add_ticket(session, 2).parent_id = whole.id
            add_ticket(session, 3).issue_id = 103
        with store.reading() as session:
            found = newest_messages(session, limit=5)
            assert [each.issue_id for each in found] == [103, None]
            assert found[0].text == "Яма на дороге 😡"
            assert len(newest_messages(session, limit=1)) == 1


def _save(store: Store, note: str, after: int) -> int:
    version = NewVersion(minutes(1), "ivanov", note, "departments: []\n", "0123456789ab")
    with store.writing() as session:
        return mapping_versions.add(session, version, after)


def _in_force(store: Store) -> int:
    with store.reading() as session:
        return mapping_versions.newest_number(session)
