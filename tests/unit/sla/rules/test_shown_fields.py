"""What the ticket's own fields show staff about its deadlines."""

from collections.abc import Callable
from datetime import date

import pytest

from bridge.sla.timeline import Status
from tests.unit.sla.rules.story import Story, local

pytestmark = pytest.mark.clause("1.4")

Tell = Callable[..., Story]


def test_a_routed_ticket_shows_its_instants_as_staff_write_them(tell: Tell) -> None:
    assert tell(arrived="16:00").created("16:05").fields("16:05") == {
        "arrived_at": "23.11.2026 16:00",
        "sent_at": "23.11.2026 16:05",
        "answer_due": "23.11.2026 20:05",
        "deadline_state": "в срок",
    }


def test_fields_are_written_once_and_only_where_they_differ(tell: Tell) -> None:
    story = tell().created("16:05").settle("16:05")
    assert story.updates("16:06") == []
    story.then("16:10", sent_at="01.01.2026 00:00")
    (update,) = story.updates("16:11")
    assert dict(update.fields) == {"sent_at": "23.11.2026 16:05"}


def test_an_overdue_ticket_says_so_and_an_answered_one_again_not(tell: Tell) -> None:
    story = tell().created("16:05")
    assert story.fields("20:05")["deadline_state"] == "скоро"
    assert story.fields("20:05:01")["deadline_state"] == "просрочено"
    # The department was late; the duty that is open now, the curator's, is not.
    assert story.submitted("20:30").fields("20:31")["deadline_state"] == "в срок"


@pytest.mark.scenario(9)
def test_a_closed_ticket_says_whether_any_duty_was_late(tell: Tell) -> None:
    story = tell().created("16:05").submitted("20:30").then("20:40", Status.PLACED)
    assert story.fields("20:41")["deadline_state"] == "просрочено"


def test_a_revision_shows_the_time_that_the_department_now_has(tell: Tell) -> None:
    story = tell().created("16:05").submitted("17:00")
    assert story.fields("17:00")["placement_due"] == "23.11.2026 17:30"
    assert story.sent_back("17:10").fields("17:10")["answer_due"] == "23.11.2026 21:10"


def test_a_misrouted_ticket_shows_no_departments_deadline(tell: Tell) -> None:
    story = tell().created("16:05").settle("16:05").then("16:30", Status.MISROUTED)
    assert story.fields("16:30")["answer_due"] == ""
    assert story.fields("16:30")["sent_at"] == ""


def test_the_helpdesks_due_date_is_the_local_day_of_the_nearest_open_duty(tell: Tell) -> None:
    story = tell("administration").created("22:30")
    assert story.updates("22:30")[0].due_date == date(2026, 11, 24)
    story.due_date = date(2026, 11, 24)
    assert story.updates("22:30")[0].due_date is None
    # 23:50 here is still the 23rd in UTC, and 00:20 is not.
    story.submitted("23:50")
    assert story.decide("23:50").clocks[-1].due == local("24 00:20")
    story.due_date = date(2026, 11, 23)
    assert story.updates("23:50")[0].due_date == date(2026, 11, 24)
