"""What the rules hear of a message and its channel."""

import pytest

from bridge.bootstrap import AnswerRenderer
from bridge.flow.knowledge import Knowledge
from bridge.networks.directory import NetworkDirectory
from bridge.office import Office
from bridge.publish.rendering import AnswerTemplates
from bridge.settings import PROJECT
from bridge.sla.effects import PlaceAnswer
from bridge.sla.moderation import Flagged
from bridge.sla.policy import Importance
from bridge.sla.timeline import AnswerKind
from bridge.store import tickets
from bridge.store.database import Store
from bridge.store.models import MessageRow, TicketRow
from tests.outside import outside
from tests.store_contract.rows import add_ticket


def renderer(office: Office) -> AnswerRenderer:
    templates = AnswerTemplates(PROJECT / "templates" / "answers")
    return AnswerRenderer(templates, office.channels, lambda: "textile")


def knowledge(office: Office) -> Knowledge:
    networks = NetworkDirectory(office.channels, outside())
    return Knowledge(office.channels, networks, office.checks, renderer(office).room)


def taken_in(store: Store) -> tuple[TicketRow, MessageRow]:
    with store.writing() as session:
        number = add_ticket(session).id
    with store.reading() as session:
        loaded = tickets.with_message(session, number)
    assert loaded
    return loaded


def test_a_text_that_just_fits_is_as_long_as_the_rules_hear(store: Store, office: Office) -> None:
    ticket, row = taken_in(store)
    longest = knowledge(office).of(ticket, row).longest[AnswerKind.FINAL]
    (placed,) = renderer(office)(tickets.as_message(row), PlaceAnswer("place:1", 1, "а" * longest))
    limit = office.channels[row.channel].limits.feed
    assert longest < len(placed) == limit


def test_a_text_that_does_not_fit_goes_out_in_parts_that_do(store: Store, office: Office) -> None:
    _, row = taken_in(store)
    limit = office.channels[row.channel].limits.feed
    answer = PlaceAnswer("place:1", 1, "Яму заделаем до пятницы. " * (limit // 10))
    parts = renderer(office)(tickets.as_message(row), answer)
    assert len(parts) > 1
    assert max(map(len, parts)) <= limit
    assert parts[-1].endswith(f"({len(parts)}/{len(parts)})")


def test_an_interim_answer_has_less_room_for_it_tells_its_period(
    store: Store, office: Office
) -> None:
    longest = knowledge(office).of(*taken_in(store)).longest
    assert longest[AnswerKind.INTERIM] < longest[AnswerKind.FINAL]


def test_importance_comes_from_the_route_and_is_normal_without_it(
    store: Store, office: Office
) -> None:
    ticket, row = taken_in(store)
    assert knowledge(office).of(ticket, row).importance is Importance.NORMAL
    ticket.route = {**ticket.route, "importance": "high"}
    assert knowledge(office).of(ticket, row).importance is Importance.HIGH


def test_a_channel_that_is_gone_leaves_the_ordinary_circumstances(
    store: Store, office: Office
) -> None:
    ticket, row = taken_in(store)
    row.channel = "gone"
    around = knowledge(office).of(ticket, row)
    assert around.longest == {}
    assert around.detected_at == row.received_at


@pytest.mark.clause("1.3")
@pytest.mark.reading(12)
def test_what_was_flagged_is_heard_masked_and_threats_in_full(store: Store, office: Office) -> None:
    ticket, row = taken_in(store)
    assert knowledge(office).of(ticket, row).flagged is None
    found = [{"flag": "insult", "text": "дебилы"}, {"flag": "threat", "text": "убью … вас"}]
    record = {"found": found, "lexicon_version": "1", "closes": False}
    ticket.route = {**ticket.route, "moderation": record}
    flagged = knowledge(office).of(ticket, row).flagged
    assert flagged == Flagged("оскорбления: «д…ы»; угрозы: «убью вас»", threat=True)
