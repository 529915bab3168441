"""Each channel's term as staff see it in the real Redmine (3.2.1, 3.2.2)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import yaml
from sqlalchemy import select

from bridge.sla.clocks import Clock
from bridge.store import clocks
from bridge.store.models import TicketRow
from sandbox.vk.client import SandboxVk
from sandbox.vk.seed import ADMINISTRATION, CITIZENS
from tests.town import POST, POTHOLE, Town, eventually


@pytest.fixture
def heads_town(town: Town) -> Town:
    """A town whose page has the terms of the head's."""
    path = town.folder / "config" / "channels.yaml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    for channel in document["channels"]:
        channel["policy"] = {"feed": "head-feed", "direct": "head-direct"}
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    town.start_everything()
    return town


def write_a_comment(vk: SandboxVk) -> None:
    vk.comment(ADMINISTRATION.owner_id, POST, CITIZENS[0].id, POTHOLE)


def write_a_private_message(vk: SandboxVk) -> None:
    message = {"group_id": ADMINISTRATION.id, "from_id": CITIZENS[0].id, "text": POTHOLE}
    vk.control("POST", "messages", message)


@pytest.mark.clause("1.2.3", "3.2.1")
def test_a_comment_on_the_heads_page_is_answered_in_4_hours(heads_town: Town) -> None:
    assert_term(heads_town, write_a_comment, "3.2.1", timedelta(hours=4))


@pytest.mark.clause("1.2.4", "3.2.2")
def test_a_private_message_to_the_heads_page_is_answered_in_48_hours(heads_town: Town) -> None:
    assert_term(heads_town, write_a_private_message, "3.2.2", timedelta(hours=48))


def assert_term(
    town: Town, write: Callable[[SandboxVk], None], clause: str, term: timedelta
) -> None:
    """What the citizen wrote is due, for the bridge and in Redmine, when the clause says."""
    write(SandboxVk(town.surroundings.vk_url))
    ticket = eventually(lambda: _ticket(town), "the ticket")
    clock = eventually(lambda: _answer_clock(town, ticket), "its clock")
    assert (clock.clause, clock.due - clock.start) == (clause, term)
    assert ticket.issue_id
    fields = town.surroundings.curator.read(ticket.issue_id).fields
    sent, due = (_moment(fields[name]) for name in ("sent_at", "answer_due"))
    assert due - sent == term


def _ticket(town: Town) -> TicketRow | None:
    """The town's only ticket, once it has an issue in the helpdesk."""
    with town.store.reading() as session:
        ticket = session.scalars(select(TicketRow)).one_or_none()
    return ticket if ticket and ticket.issue_id else None


def _answer_clock(town: Town, ticket: TicketRow) -> Clock | None:
    with town.store.reading() as session:
        found = clocks.of_ticket(session, ticket.id)
    return next((clock for clock in found if clock.key == "answer:1"), None)


def _moment(shown: str) -> datetime:
    return datetime.strptime(shown, "%d.%m.%Y %H:%M")  # noqa: DTZ007 - both of one zone
