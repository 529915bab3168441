"""An event of the inbox becomes one message and one ticket, or says why not."""

from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import func, select

from bridge.channels import ChannelSettings
from bridge.effects import EffectKind
from bridge.flow.intake import Intake
from bridge.ingest.port import MessageArrived, NothingToDo, Parsed, SetAside, Unreadable
from bridge.messages import Author
from bridge.office import Office
from bridge.routing import Router
from bridge.store import inbox, outbox
from bridge.store.database import Store
from bridge.store.models import EventState, InboxEvent, MessageRow, TicketRow
from tests.store_contract.rows import arrival, message, record
from tests.unit.flow.desk import Watch


@dataclass
class PaperNetworks:
    """Parses every event to what the test says; knows one name."""

    parsed: Parsed = field(default_factory=lambda: MessageArrived(message()))

    def parse(self, body: bytes, channel: ChannelSettings) -> Parsed:
        assert body
        assert channel.key == "vk-head"
        return self.parsed

    def authors(self, channel: ChannelSettings) -> "PaperNetworks":
        assert channel.key == "vk-head"
        return self

    def find(self, external_id: str) -> Author:
        return Author(external_id, "Анна Найденная")


@pytest.fixture
def networks() -> PaperNetworks:
    return PaperNetworks()


@pytest.fixture(scope="module")
def router(office: Office) -> Router:
    return Router(office.mapping)


@pytest.fixture
def intake(store: Store, office: Office, router: Router, networks: PaperNetworks) -> Intake:
    return Intake(
        store, office.channels, networks, router, office.mapping, office.policies.readings, Watch()
    )


@pytest.mark.clause("2.1.1", "2.1.2")
def test_a_message_its_ticket_and_the_wish_to_create_it_come_together(
    intake: Intake, store: Store
) -> None:
    event = _event(store)
    ticket_id = intake.take(event)
    assert ticket_id is not None
    with store.reading() as session:
        ticket = session.get_one(TicketRow, ticket_id)
        told = session.get_one(MessageRow, ticket.message_id)
        wish = outbox.first_open(session, ticket_id, EffectKind.CREATE_TICKET)
    assert (ticket.external_number, ticket.policy) == ("vk:feed:wall-1_2_r3", "head-feed")
    assert told.author_name == "Анна Найденная"
    assert wish is not None
    assert _outcome(store, event) == (EventState.PROCESSED, "")


@pytest.mark.scenario(13)
def test_a_message_that_comes_by_two_events_has_one_ticket(intake: Intake, store: Store) -> None:
    assert intake.take(_event(store, "e1")) is not None
    second = _event(store, "e2")
    assert intake.take(second) is None
    assert _outcome(store, second) == (EventState.SET_ASIDE, "known")
    assert _tickets(store) == 1


@pytest.mark.scenario(21)
def test_two_workers_with_the_same_message_make_one_ticket(
    intake: Intake, store: Store, networks: PaperNetworks
) -> None:
    """The second looks before the first has written, and writes after it."""
    first, second = _event(store, "e1"), _event(store, "e2")
    find = networks.find

    def find_slowly(external_id: str) -> Author:
        networks.find = find  # type: ignore[method-assign]
        assert intake.take(first) is not None
        return find(external_id)

    networks.find = find_slowly  # type: ignore[method-assign]
    assert intake.take(second) is None
    assert _outcome(store, second) == (EventState.SET_ASIDE, "known")
    assert _tickets(store) == 1


@pytest.mark.scenario(13)
def test_an_event_that_is_processed_again_finds_all_of_it(intake: Intake, store: Store) -> None:
    event = _event(store)
    intake.take(event)
    with store.writing() as session:
        inbox.reopen(session, event.id)
    assert intake.take(event) is None
    assert _tickets(store) == 1


@pytest.mark.parametrize(
    ("parsed", "outcome"),
    [
        (SetAside(NothingToDo.OWN), (EventState.SET_ASIDE, "own")),
        (
            Unreadable("Field required", "object.from_id"),
            (EventState.UNREADABLE, "object.from_id: Field required"),
        ),
    ],
)
def test_what_is_no_message_says_why_it_has_no_ticket(
    intake: Intake,
    store: Store,
    networks: PaperNetworks,
    parsed: Parsed,
    outcome: tuple[str, str],
) -> None:
    networks.parsed = parsed
    event = _event(store)
    assert intake.take(event) is None
    assert _outcome(store, event) == outcome
    assert _tickets(store) == 0


def test_an_event_of_a_channel_that_was_taken_out_is_kept(intake: Intake, store: Store) -> None:
    event = _event(store, source="vk-gone")
    assert intake.take(event) is None
    assert _outcome(store, event) == (EventState.UNREADABLE, "нет канала «vk-gone»")


def _event(store: Store, external_id: str = "e1", source: str = "vk-head") -> InboxEvent:
    event_id = record(store, arrival(external_id, source))
    with store.reading() as session:
        return session.get_one(InboxEvent, event_id)


def _outcome(store: Store, event: InboxEvent) -> tuple[str, str]:
    with store.reading() as session:
        return inbox.outcome(session, event.id)


def _tickets(store: Store) -> int:
    with store.reading() as session:
        return session.scalars(select(func.count(TicketRow.id))).one()


def test_a_danger_to_life_is_in_the_route_with_its_reason(
    intake: Intake, store: Store, networks: PaperNetworks
) -> None:
    danger = replace(message(), text="Открытый люк во дворе, ребёнок провалится")
    networks.parsed = MessageArrived(danger)
    ticket_id = intake.take(_event(store))
    with store.reading() as session:
        route = session.get_one(TicketRow, ticket_id).route
    assert route["importance"] == "high"
    assert "опасность для жизни" in route["why_important"]


def test_the_route_remembers_what_spoke_and_by_which_versions(
    intake: Intake, store: Store, office: Office
) -> None:
    ticket_id = intake.take(_event(store))
    with store.reading() as session:
        route = session.get_one(TicketRow, ticket_id).route
    assert route["mapping_version"] == office.mapping.version
    assert route["model_version"] == ""
    assert "importance" not in route
    assert {"department": "roads", "rule": "keyword: яма", "words": ["Яма"]} in route["reasons"]
