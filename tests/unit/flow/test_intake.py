"""An event of the inbox becomes one message and one ticket, or says why not."""

from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import func, select

from bridge.channels import ChannelSettings
from bridge.effects import EffectKind
from bridge.flow.intake import Intake
from bridge.flow.judging import Judging
from bridge.ingest.port import MessageArrived, NothingToDo, Parsed, SetAside, Unreadable
from bridge.messages import Author, Message
from bridge.moderation import Lexicon, Moderator
from bridge.office import Office
from bridge.routing import Router
from bridge.store import inbox, outbox
from bridge.store.database import Store
from bridge.store.models import (
    AttachmentRow,
    EventState,
    InboxEvent,
    MessageRow,
    TicketRow,
)
from tests.store_contract.rows import arrival, message, record
from tests.unit.flow.desk import Watch


def nameless() -> Message:
    """A message whose event does not tell the author's name."""
    return replace(message(), author=Author("501"))


@dataclass
class PaperNetworks:
    """Parses every event to what the test says; knows one name."""

    parsed: Parsed = field(default_factory=lambda: MessageArrived(nameless()))

    def parse(self, body: bytes, channel: ChannelSettings) -> Parsed:
        assert body
        assert channel.key == "vk-head"
        return self.parsed

    def completer(self, channel: ChannelSettings) -> "PaperNetworks":
        assert channel.key == "vk-head"
        return self

    def complete(self, message: Message) -> Message:
        return replace(message, author=Author("501", "Анна Найденная"))


@pytest.fixture
def networks() -> PaperNetworks:
    return PaperNetworks()


@pytest.fixture(scope="module")
def router(office: Office) -> Router:
    return Router(office.mapping)


@pytest.fixture
def intake(
    store: Store,
    office: Office,
    router: Router,
    moderator: Moderator,
    networks: PaperNetworks,
) -> Intake:
    return Intake(
        store,
        office.channels,
        networks,
        Judging(router, office.mapping, moderator),
        office.policies,
        office.calendar,
        Watch(),
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


def test_the_files_of_a_message_wait_for_their_download_as_soon_as_it_is_stored(
    intake: Intake, store: Store
) -> None:
    intake.take(_event(store))
    with store.reading() as session:
        (file,) = session.scalars(select(AttachmentRow))
    assert (file.state, file.url, file.title) == ("waiting", "https://vk.com/photo1", "яма")


@pytest.mark.reading(13)
@pytest.mark.clause("1.1")
def test_an_appeal_by_59_fz_is_a_ticket_like_any_other(
    intake: Intake, store: Store, networks: PaperNetworks
) -> None:
    text = "Прошу считать это официальным обращением по 59-ФЗ: на дороге яма."
    networks.parsed = MessageArrived(replace(message(), text=text))
    with store.reading() as session:
        ticket = session.get_one(TicketRow, intake.take(_event(store)))
    assert (ticket.policy, ticket.external_number) == ("head-feed", "vk:feed:wall-1_2_r3")


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
    complete = networks.complete

    def complete_slowly(message: Message) -> Message:
        networks.complete = complete  # type: ignore[method-assign]
        assert intake.take(first) is not None
        return complete(message)

    networks.complete = complete_slowly  # type: ignore[method-assign]
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


FLAGGED = "Убью вас, дебилы! На дороге яма, в школе холодно, какого хуя"


@pytest.mark.clause("1.3")
@pytest.mark.reading(12)
def test_a_flagged_message_waits_for_the_curator_whomever_it_concerns(
    intake: Intake, store: Store, networks: PaperNetworks
) -> None:
    networks.parsed = MessageArrived(replace(message(), text=FLAGGED))
    ticket = _ticket(store, intake.take(_event(store)))
    assert ticket.department is None
    assert ticket.route["split"] == []
    assert {"roads", "education"} <= set(ticket.route["departments"])
    assert ticket.route["moderation"] == {
        "flags": ["obscene", "insult", "threat"],
        "found": [
            {"flag": "obscene", "text": "хуя"},
            {"flag": "insult", "text": "дебилы"},
            {"flag": "threat", "text": "Убью"},
        ],
        "lexicon_version": intake.judging.moderator.lexicon.version,
        "closes": False,
    }


@pytest.mark.clause("1.3")
def test_a_decent_message_goes_its_way(intake: Intake, store: Store) -> None:
    ticket = _ticket(store, intake.take(_event(store)))
    assert "moderation" not in ticket.route


@pytest.mark.reading(12)
@pytest.mark.parametrize(
    ("kinds", "closes"),
    [(("obscene",), False), (("obscene", "insult", "threat"), True)],
)
def test_a_ticket_closes_alone_only_when_the_office_chose_all_that_was_found(
    intake: Intake,
    store: Store,
    networks: PaperNetworks,
    office: Office,
    kinds: tuple[str, ...],
    closes: bool,
) -> None:
    lexicon = Lexicon(**{**office.lexicon.model_dump(), "close_without_curator": kinds})
    networks.parsed = MessageArrived(replace(message(), text=FLAGGED))
    chosen = replace(intake, judging=replace(intake.judging, moderator=Moderator(lexicon)))
    ticket = _ticket(store, chosen.take(_event(store)))
    assert ticket.route["moderation"]["closes"] is closes


def _ticket(store: Store, ticket_id: int | None) -> TicketRow:
    assert ticket_id is not None
    with store.reading() as session:
        return session.get_one(TicketRow, ticket_id)


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
