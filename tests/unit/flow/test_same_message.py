"""One message by several systems is one ticket, and its answer goes to each of them once."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bridge.channels import ChannelSettings
from bridge.flow.intake import Intake
from bridge.flow.judging import Judging
from bridge.flow.reconcile import Result, Trigger
from bridge.ingest.port import MessageArrived, MessageEdited, Parsed
from bridge.messages import Author, Message
from bridge.moderation import Moderator
from bridge.office import Office
from bridge.publish.port import Remedy
from bridge.routing import Router
from bridge.store import deliveries, inbox, tickets
from bridge.store.models import DeliveryRow, EffectState, InboxEvent, MessageRow, TicketRow
from tests.store_contract.rows import arrival, message, record
from tests.unit.flow.conftest import TEXT, Bench
from tests.unit.flow.desk import refusal

POTHOLE = "На улице Ленина огромная яма на дороге."
COMMENT = replace(message("wall-1_2_r70"), text=POTHOLE, attachments=())
CARD = replace(
    COMMENT,
    channel="vk-administration",
    external_id="card-15",
    link="https://incident.invalid/15",
    author=Author("501", "Анна П."),
    address={"number": "15"},
    also_known_as=(COMMENT.external_number,),
)
"""A card of another system that names the comment."""


@dataclass
class Systems:
    """Two systems bring messages, and take answers as the bench's network does."""

    bench: Bench
    intake: Intake
    parsed: list[Parsed] = field(default_factory=list)

    def parse(self, body: bytes, channel: ChannelSettings) -> Parsed:
        assert body
        assert channel
        return self.parsed[-1]

    def completer(self, channel: ChannelSettings) -> "Systems":
        assert channel
        return self

    def complete(self, message: Message) -> Message:
        return replace(message, author=replace(message.author, name="Анна Петрова"))

    def bring(self, parsed: Parsed, channel: str) -> tuple[InboxEvent, int | None]:
        self.parsed.append(parsed)
        came = arrival(f"s{len(self.parsed)}", channel, self.bench.watch())
        number = record(self.bench.store, came)
        with self.bench.store.reading() as session:
            event = session.get_one(InboxEvent, number)
        return event, self.intake.take(event)

    def brings(self, said: Message) -> int:
        """The ticket, reconciled."""
        _, ticket = self.bring(MessageArrived(said), said.channel)
        assert ticket is not None
        self.look(ticket)
        return ticket

    def look(self, ticket: int) -> None:
        assert self.bench.reconciler.reconcile(ticket, Trigger.MESSAGE) is Result.SETTLED

    def answer(self, ticket: int) -> None:
        """A department's answer, approved."""
        issue = self.row(ticket).issue_id or 0
        self.bench.desk.staff(issue, status="review", answer_text=TEXT)
        self.look(ticket)
        self.bench.desk.staff(issue, status="approved")
        self.look(ticket)

    def row(self, ticket: int) -> TicketRow:
        with self.bench.store.reading() as session:
            return session.get_one(TicketRow, ticket)

    def told(self, ticket: int) -> MessageRow:
        with self.bench.store.reading() as session:
            found = tickets.with_message(session, ticket)
        assert found
        return found[1]

    def status(self, ticket: int) -> str | None:
        return self.bench.desk.issues[self.row(ticket).issue_id or 0].status

    def notes(self, ticket: int) -> list[str]:
        return self.bench.desk.notes(self.row(ticket).issue_id or 0)

    def deliveries(self, ticket: int) -> Sequence[DeliveryRow]:
        with self.bench.store.reading() as session:
            every = session.query(DeliveryRow).order_by(DeliveryRow.id)
            effects = {row.id for row in self.bench.effects() if row.ticket_id == ticket}
            assert deliveries.of_effects(session, effects)
            return [row for row in every if row.effect_id in effects]

    def visible(self) -> list[tuple[str, str]]:
        """What stands where: the addresses and the links that the systems were told."""
        return [
            (str(next(iter(seen.address))), seen.stands_at) for seen in self.bench.network.visible
        ]


@pytest.fixture(scope="module")
def router(office: Office) -> Router:
    return Router(office.mapping)


@pytest.fixture
def systems(bench: Bench, office: Office, router: Router, moderator: Moderator) -> Systems:
    # Each needs the other: the intake reads what the systems say.
    systems = Systems(bench, None)  # type: ignore[arg-type]
    systems.intake = Intake(
        bench.store,
        office.channels,
        systems,
        Judging(router, office.mapping, moderator),
        office.policies,
        office.calendar,
        bench.watch,
    )
    return systems


@pytest.mark.parametrize("order", [(COMMENT, CARD), (CARD, COMMENT)])
def test_a_comment_and_the_card_that_names_it_are_one_ticket(
    systems: Systems, order: tuple[Message, Message]
) -> None:
    first, second = (systems.brings(said) for said in order)
    assert first == second
    (note,) = [note for note in systems.notes(first) if "ещё раз" in note]
    assert order[1].link in note


def test_a_card_that_came_first_gives_way_to_what_the_citizen_wrote(systems: Systems) -> None:
    ticket = systems.brings(CARD)
    systems.brings(COMMENT)
    told = systems.told(ticket)
    assert (told.external_id, told.channel, told.link) == (
        COMMENT.external_id,
        COMMENT.channel,
        COMMENT.link,
    )


@pytest.mark.scenario(13)
def test_the_same_card_again_is_known(systems: Systems) -> None:
    systems.brings(COMMENT)
    systems.brings(CARD)
    event, ticket = systems.bring(MessageArrived(CARD), CARD.channel)
    assert ticket is None
    with systems.bench.store.reading() as session:
        assert inbox.outcome(session, event.id) == ("set_aside", "known")


def test_a_card_that_is_edited_changes_nothing_of_what_the_citizen_wrote(systems: Systems) -> None:
    ticket = systems.brings(COMMENT)
    systems.brings(CARD)
    systems.bring(MessageEdited(replace(CARD, text="Пересказ.")), CARD.channel)
    assert systems.told(ticket).text == POTHOLE


def test_a_card_that_names_its_comment_only_later_is_known_by_it(systems: Systems) -> None:
    ticket = systems.brings(replace(CARD, also_known_as=()))
    systems.bring(MessageEdited(CARD), CARD.channel)
    assert systems.brings(COMMENT) == ticket


@pytest.mark.parametrize("order", [(COMMENT, CARD), (CARD, COMMENT)])
def test_of_two_policies_the_one_with_the_earliest_deadline_rules(
    systems: Systems, order: tuple[Message, Message]
) -> None:
    """The head's page has four hours (3.2.1), the other page eight of service time (3.3)."""
    ticket, _ = (systems.brings(said) for said in order)
    assert systems.row(ticket).policy == "head-feed"


@pytest.mark.clause("2.1.4", "3.5")
def test_one_approval_answers_in_both_systems_once_and_closes_the_ticket(
    systems: Systems,
) -> None:
    ticket = systems.brings(COMMENT)
    systems.brings(CARD)
    systems.answer(ticket)
    for _ in range(3):
        systems.look(ticket)
    assert [place for place, _ in systems.visible()] == ["owner_id", "number"]
    assert len({seen.idempotency_key for seen in systems.bench.network.visible}) == 2
    assert systems.status(ticket) == "placed"


@pytest.mark.scenario(18)
def test_a_system_that_refuses_leaves_the_ticket_open_and_names_where_it_stands(
    systems: Systems,
) -> None:
    ticket = systems.brings(COMMENT)
    systems.brings(CARD)
    systems.bench.network.before = [refusal(Remedy.BY_HAND, "900", "Заявитель закрыл сообщения.")]
    systems.answer(ticket)
    assert systems.status(ticket) == "manual_placement"
    assert [place for place, _ in systems.visible()] == ["number"]
    note = systems.notes(ticket)[-1]
    assert "Заявитель закрыл сообщения." in note
    assert "размещён (https://vk.com/" in note


@pytest.mark.scenario(19)
def test_the_next_approval_goes_only_where_the_answer_does_not_stand(systems: Systems) -> None:
    ticket = systems.brings(COMMENT)
    systems.brings(CARD)
    systems.bench.network.before = [refusal(Remedy.BY_HAND, "212", "Комментарии закрыты.")]
    systems.answer(ticket)
    systems.bench.watch.wait(minutes=1)
    systems.bench.desk.staff(
        systems.row(ticket).issue_id or 0, status="approved", answer_text="Короче."
    )
    systems.look(ticket)
    assert [place for place, _ in systems.visible()] == ["number", "owner_id"]
    assert systems.status(ticket) == "placed"


@pytest.mark.scenario(12)
def test_a_lost_call_to_one_system_is_looked_for_there_and_the_other_is_not_asked_again(
    systems: Systems,
) -> None:
    ticket = systems.brings(COMMENT)
    systems.brings(CARD)
    systems.bench.network.after = [refusal(Remedy.LOOK, "timeout")]
    systems.answer(ticket)
    assert len(systems.bench.network.calls) == 2
    systems.bench.watch.wait(seconds=60)
    systems.look(ticket)
    assert len(systems.bench.network.calls) == 2
    assert systems.status(ticket) == "placed"


def test_an_answer_that_stands_in_one_system_is_not_withdrawn_from_the_other(
    systems: Systems,
) -> None:
    ticket = systems.brings(COMMENT)
    systems.brings(CARD)
    systems.bench.network.before = [refusal(Remedy.RETRY, "10")]
    systems.answer(ticket)
    issue = systems.row(ticket).issue_id or 0
    systems.bench.desk.staff(issue, status="revision", revision_reason="3.7.1 Формальный")
    for _ in range(3):
        systems.bench.watch.wait(minutes=10)
        systems.look(ticket)
    assert len(systems.visible()) == 2
    assert "ответ уже был размещён" in systems.notes(ticket)[-1]


def test_a_system_that_comes_after_the_answer_gets_it_too(systems: Systems) -> None:
    ticket = systems.brings(COMMENT)
    systems.answer(ticket)
    systems.bench.watch.wait(hours=3)
    assert systems.brings(CARD) == ticket
    systems.look(ticket)
    assert [place for place, _ in systems.visible()] == ["owner_id", "number"]
    assert systems.status(ticket) == "placed"
    assert systems.bench.network.visible[1].text == systems.bench.network.visible[0].text


def test_a_late_system_that_refuses_is_told_once_and_opens_nothing(systems: Systems) -> None:
    ticket = systems.brings(COMMENT)
    systems.answer(ticket)
    systems.bench.network.before = [refusal(Remedy.BY_HAND, "403", "Карточка закрыта.")]
    systems.brings(CARD)
    for _ in range(3):
        systems.bench.watch.wait(hours=1)
        systems.look(ticket)
    assert sum("Карточка закрыта." in note for note in systems.notes(ticket)) == 1
    assert systems.status(ticket) == "placed"
    assert len(systems.visible()) == 1


def test_a_message_that_was_closed_without_an_answer_gets_none_by_a_late_system(
    systems: Systems,
) -> None:
    ticket = systems.brings(COMMENT)
    systems.bench.desk.staff(systems.row(ticket).issue_id or 0, status="no_answer_needed")
    systems.look(ticket)
    systems.bench.watch.at += timedelta(hours=1)
    systems.brings(CARD)
    assert systems.bench.network.calls == []
    assert [row.state for row in systems.bench.effects() if row.kind == "place_answer"] == []


def test_every_delivery_keeps_where_it_stands(systems: Systems) -> None:
    ticket = systems.brings(COMMENT)
    systems.brings(CARD)
    systems.answer(ticket)
    assert {row.state for row in systems.deliveries(ticket)} == {EffectState.DONE}
    assert all(row.result["link"] for row in systems.deliveries(ticket))
