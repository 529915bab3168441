"""Figures tell what waits, runs, failed, and needs somebody."""

import pytest

from bridge.store import clock_figures, figures, placement_figures, tickets, watch_figures
from bridge.store.database import Store
from bridge.store.figures import Figures
from bridge.store.models import InboxEvent
from tests.store_contract.busy_store import fill
from tests.store_contract.rows import NOW, minutes, new_ticket


class FiguresContract:
    def test_figures_count_what_came_and_what_waits(self, store: Store) -> None:
        fill(store)
        with store.reading() as session:
            assert figures.events(session, NOW)[("received",)] == 3
            assert figures.events(session, NOW)[("unreadable",)] == 0
            assert figures.arrivals(session, NOW) == {("vk-head",): 3}
            assert figures.last_arrivals(session, minutes(2)) == {("vk-head",): 120.0}
            assert figures.oldest_waiting(session, minutes(2)) == {(): 120.0}
            assert figures.tickets(session, NOW) == {("open",): 2, ("closed",): 1}
            assert figures.attention(session, NOW) == {(): 1}
            assert figures.repairs(session, NOW) == {(): 1}
            assert figures.attachments(session, NOW)[("waiting",)] == 2
            assert figures.effects(session, NOW)[("uncertain",)] == 1
            assert figures.open_tickets(session, NOW) == {
                ("assigned",): 1,
                ("manual_placement",): 1,
            }

    def test_figures_of_an_empty_store_are_there_and_zero(self, store: Store) -> None:
        with store.reading() as session:
            assert figures.oldest_waiting(session, NOW) == {(): 0.0}
            assert _sum(figures.events(session, NOW)) == _sum(figures.effects(session, NOW)) == 0
            assert ("answer",) in clock_figures.overdue(session, NOW)
            assert watch_figures.nightly_running(session, NOW) == {(): 0.0}
            assert watch_figures.nightly_finished(session, NOW) == {}

    @pytest.mark.clause("3.1")
    def test_figures_tell_how_late_the_last_hours_messages_were_found(self, store: Store) -> None:
        for number, posted, received in ((1, -20, -10), (2, -5, -4), (3, -300, -90)):
            ticket_id = new_ticket(store, number)
            with store.writing() as session:
                found = tickets.with_message(session, ticket_id)
                assert found
                found[1].posted_at = minutes(posted)
                event = session.get_one(InboxEvent, found[1].inbox_event_id)
                event.received_at = minutes(received)
        with store.reading() as session:
            assert figures.lags(session, NOW) == {("vk-head",): 600.0}

    def test_figures_tell_which_duties_run_and_how_they_ended(self, store: Store) -> None:
        fill(store)
        with store.reading() as session:
            running = clock_figures.running(session, NOW)
            overdue = clock_figures.overdue(session, NOW)
            verdicts = clock_figures.verdicts(session, NOW)
        assert (running[("answer",)], running[("placement",)]) == (1, 1)
        assert (overdue[("answer",)], overdue[("placement",)]) == (0, 1)
        assert verdicts == {
            ("answer", "department", "3.2.1", "in_time"): 1,
            ("placement", "curator", "3.5", "late"): 1,
        }

    def test_figures_tell_where_answers_stand_and_which_need_a_person(self, store: Store) -> None:
        fill(store)
        with store.reading() as session:
            assert placement_figures.placements(session, NOW) == {
                ("vk-head", "done"): 1,
                ("vk-head", "uncertain"): 1,
            }
            unplaced = {("vk-head", "uncertain"): 1}
            assert placement_figures.unplaced_answers(session, NOW) == unplaced

    def test_a_pause_that_has_ended_holds_no_channel(self, store: Store) -> None:
        fill(store)
        with store.reading() as session:
            held = watch_figures.held_channels(session, NOW)
        assert held == {("down", "down"): 1, ("paused", "paused"): 1}

    def test_figures_tell_what_is_not_fetched_and_who_is_silent(self, store: Store) -> None:
        fill(store)
        with store.reading() as session:
            assert watch_figures.failing_polls(session, NOW) == {("ok-head", "feed"): 600.0}
            assert watch_figures.last_looks(session, NOW) == {("ok-head", "feed"): 1200.0}
            assert watch_figures.silent_sources(session, NOW) == {("vk-head",): 1}

    def test_a_nightly_run_that_does_not_end_is_seen_beside_the_last_that_did(
        self, store: Store
    ) -> None:
        fill(store)
        with store.reading() as session:
            assert watch_figures.nightly_finished(session, NOW) == {(): 1800.0}
            assert watch_figures.nightly_running(session, NOW) == {(): 900.0}
            counted = watch_figures.nightly_tickets(session, NOW)
            found = watch_figures.nightly_differences(session, NOW)
        assert counted == {("looked",): 3, ("read",): 2, ("differing",): 1, ("failed",): 0}
        assert found == {("lost_webhook", "mended"): 1}


def _sum(values: Figures) -> float:
    return sum(values.values())
