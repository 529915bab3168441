"""A card that a person registers in a system becomes a ticket, by each way that cards come."""

from datetime import timedelta
from pathlib import Path

import pytest

from bridge.ingest.port import MessageArrived
from bridge.networks.registry import module_of
from bridge.store.models import EventState
from sandbox.clock import ManualClock
from sandbox.exchange.client import SandboxExchange
from sandbox.exchange.exports import ExportForm
from sandbox.exchange.model import System
from tests.integration.exchange.conftest import NOW, Reception

TEXT = "На улице Ленина огромная яма 😡\nКогда заделаете?"
SOURCES = ("https://vk.com/wall-1001_2?reply=7", "m.vk.com/wall-1001_3")


def settled(reception: Reception, name: str) -> int:
    """Look until a file has been seen unchanged, and take in what it brought."""
    new = reception.look(name) + reception.look(name)
    reception.take_in()
    return new


@pytest.mark.clause("2.1.1", "3.1")
@pytest.mark.parametrize("form", list(ExportForm))
def test_exported_card_becomes_a_ticket(
    reception: Reception, desk: SandboxExchange, tmp_path: Path, form: ExportForm
) -> None:
    desk.exchange_files(System.INCIDENT, tmp_path / "cards", tmp_path / "answers", form)
    number = desk.register(System.INCIDENT, TEXT, *SOURCES, author="Анна Мальцева", topic="Дороги")

    assert settled(reception, "files") == 2
    (message,) = reception.messages
    (ticket,) = reception.tickets
    plain = TEXT if form is not ExportForm.CSV_1251 else TEXT.replace("😡", "?")
    assert message.text == plain
    assert message.posted_at == NOW
    assert message.author_name == "Анна Мальцева"
    assert message.link == f"{desk.url}/incident/cards/{number}"
    assert (ticket.external_number, ticket.policy) == (f"incident:feed:{number}", "administration")
    assert ticket.route["departments"] == ["roads"]


def test_exported_card_names_the_posts_that_it_is_about(
    reception: Reception, desk: SandboxExchange, tmp_path: Path
) -> None:
    desk.exchange_files(System.INCIDENT, tmp_path / "cards", tmp_path / "answers")
    desk.register(System.INCIDENT, TEXT, *SOURCES)
    reception.look("files")
    event = reception.poller("files").poll(reception.states["files"]).events[0]
    parsed = module_of(reception.channel).parse(event.body, reception.channel)
    assert isinstance(parsed, MessageArrived)
    assert parsed.message.also_known_as == ("vk:feed:wall-1001_2_r7", "vk:feed:wall-1001_3")


@pytest.mark.usefixtures("hook")
@pytest.mark.clause("2.1.1")
def test_pushed_card_becomes_a_ticket(reception: Reception, desk: SandboxExchange) -> None:
    number = desk.register(System.INCIDENT, TEXT, *SOURCES)
    reception.take_in()
    assert [ticket.external_number for ticket in reception.tickets] == [f"incident:feed:{number}"]
    (delivery,) = desk.control("GET", "incident/deliveries")["deliveries"]
    assert delivery == {"number": number, "outcome": "200"}


@pytest.mark.clause("2.1.1")
def test_polled_cards_become_tickets_page_by_page(
    reception: Reception, desk: SandboxExchange
) -> None:
    numbers = [desk.register(System.INCIDENT, f"{TEXT} {n}") for n in range(5)]
    assert reception.look("pull") == 10
    reception.take_in()
    assert [message.external_id for message in reception.messages] == numbers
    assert reception.look("pull") == 0


@pytest.mark.usefixtures("hook")
@pytest.mark.scenario(13)
def test_card_that_comes_by_all_three_ways_is_one_ticket(
    reception: Reception, desk: SandboxExchange, tmp_path: Path
) -> None:
    desk.register(System.INCIDENT, TEXT, *SOURCES)
    desk.control("POST", "incident/push")
    reception.look("pull")
    desk.exchange_files(System.INCIDENT, tmp_path / "cards", tmp_path / "answers")
    desk.control("POST", "incident/export", {"name": "все карточки"})
    settled(reception, "files")
    assert len(reception.tickets) == 1
    assert len(reception.events) == 2
    assert {event.state for event in reception.events} <= {
        EventState.PROCESSED,
        EventState.SET_ASIDE,
    }


@pytest.mark.usefixtures("hook")
@pytest.mark.scenario(13)
def test_card_that_is_changed_is_told_in_its_ticket_once(
    reception: Reception, desk: SandboxExchange
) -> None:
    number = desk.register(System.INCIDENT, TEXT, *SOURCES)
    reception.take_in()
    _issue_is_there(reception)
    desk.change(System.INCIDENT, number, "Ям уже две", *SOURCES)
    desk.control("POST", "incident/push")
    reception.look("pull")
    reception.take_in()
    (addition,) = reception.additions
    assert (addition.kind, addition.text_before) == ("edited", TEXT)
    assert reception.messages[0].text == "Ям уже две"
    assert len(reception.tickets) == 1


@pytest.mark.usefixtures("hook")
def test_card_that_was_changed_before_it_was_read_is_one_ticket_in_any_order(
    reception: Reception, desk: SandboxExchange
) -> None:
    number = desk.register(System.INCIDENT, TEXT)
    desk.change(System.INCIDENT, number, "Ям уже две")
    reception.take_in()
    assert len(reception.tickets) == 1
    assert reception.messages[0].text == "Ям уже две"


def test_card_of_long_ago_that_comes_for_the_first_time_is_a_ticket(
    reception: Reception, desk: SandboxExchange, hook: str, clock: ManualClock
) -> None:
    """After the New Year holidays an export holds what came in ten days."""
    desk.push_to(System.INCIDENT, "http://127.0.0.1:9/", "nobody listens there")
    desk.register(System.INCIDENT, TEXT)
    clock.advance(timedelta(days=10))
    desk.push_to(System.INCIDENT, hook, "push-secret")
    desk.control("POST", "incident/push")
    reception.take_in()
    assert len(reception.tickets) == 1


def test_ten_cards_in_one_body_become_ten_tickets(
    reception: Reception, desk: SandboxExchange, hook: str
) -> None:
    desk.push_to(System.INCIDENT, "http://127.0.0.1:9/", "nobody listens there")
    for n in range(10):
        desk.register(System.INCIDENT, f"{TEXT} {n}")
    desk.push_to(System.INCIDENT, hook, "push-secret")
    assert desk.control("POST", "incident/push") == {"status": 200}
    reception.take_in()
    assert len(reception.tickets) == 10


def test_card_with_a_wrong_signature_is_not_taken_in(
    reception: Reception, desk: SandboxExchange, hook: str
) -> None:
    desk.push_to(System.INCIDENT, hook, "guessed")
    desk.register(System.INCIDENT, TEXT)
    assert desk.control("GET", "incident/deliveries")["deliveries"][0]["outcome"] == "403"
    assert reception.events == []


def _issue_is_there(reception: Reception) -> None:
    """Its text is no longer to be written, so that a change is told as one."""
    with reception.store.writing() as session:
        session.merge(reception.tickets[0]).issue_id = 1
