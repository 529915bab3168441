"""VK's rules for private messages."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sandbox.clock import ManualClock
from sandbox.vk.dialogs import MESSAGE_LIMIT, Dialogs, IncomingMessage, MessageDraft, Permission
from sandbox.vk.errors import VkError
from sandbox.vk.model import JsonObject

Event = tuple[str, int, JsonObject]
GROUP, CITIZEN, NEIGHBOUR = 7, 501, 502
ANSWER = MessageDraft(GROUP, CITIZEN, "Здравствуйте! Ответ готов.", random_id=42)


@pytest.fixture
def dialogs(clock: ManualClock, published: list[Event]) -> Dialogs:
    dialogs = Dialogs(clock, lambda *event: published.append(event))
    dialogs.receive(GROUP, CITIZEN, IncomingMessage("Когда включат отопление?"))
    return dialogs


def refused(dialogs: Dialogs, draft: MessageDraft) -> int:
    with pytest.raises(VkError) as refusal:
        dialogs.send(draft)
    return refusal.value.code


def test_a_community_may_write_only_to_whom_has_written_first(dialogs: Dialogs) -> None:
    assert refused(dialogs, replace(ANSWER, user_id=NEIGHBOUR)) == 901
    assert dialogs.send(ANSWER).text == ANSWER.text


@pytest.mark.parametrize(
    ("permission", "code"),
    [(Permission.DENIED, 901), (Permission.BLACKLISTED, 900), (Permission.PRIVACY, 902)],
)
def test_refusals_have_vks_codes(dialogs: Dialogs, permission: Permission, code: int) -> None:
    dialogs.set_permission(GROUP, CITIZEN, permission)

    assert refused(dialogs, ANSWER) == code


def test_writing_does_not_lift_a_denial(dialogs: Dialogs) -> None:
    dialogs.set_permission(GROUP, CITIZEN, Permission.DENIED)
    dialogs.receive(GROUP, CITIZEN, IncomingMessage("И ещё вопрос"))

    assert refused(dialogs, ANSWER) == 901


def test_a_repeated_random_id_returns_the_first_message(
    dialogs: Dialogs, published: list[Event]
) -> None:
    first = dialogs.send(ANSWER)

    assert dialogs.send(ANSWER) == first
    assert [event_type for event_type, _, _ in published] == ["message_new", "message_reply"]


def test_random_id_zero_is_no_protection(dialogs: Dialogs) -> None:
    free = replace(ANSWER, random_id=0)

    assert dialogs.send(free).id != dialogs.send(free).id


def test_a_random_id_is_forgotten_after_an_hour(dialogs: Dialogs, clock: ManualClock) -> None:
    first = dialogs.send(ANSWER)
    clock.advance(timedelta(hours=1))

    assert dialogs.send(ANSWER).id != first.id


def test_a_random_id_is_forgotten_after_a_hundred_messages(dialogs: Dialogs) -> None:
    first = dialogs.send(ANSWER)
    for number in range(100):
        dialogs.receive(GROUP, CITIZEN, IncomingMessage(f"Вопрос {number}"))

    assert dialogs.send(ANSWER).id != first.id


def test_length_and_emptiness_are_refused(dialogs: Dialogs) -> None:
    assert dialogs.send(replace(ANSWER, text="я" * MESSAGE_LIMIT, random_id=1)).out
    assert refused(dialogs, replace(ANSWER, text="я" * (MESSAGE_LIMIT + 1))) == 914
    assert refused(dialogs, replace(ANSWER, text="")) == 100


def test_a_citizens_message_is_published_inside_message(
    dialogs: Dialogs, published: list[Event]
) -> None:
    _, owner_id, payload = published[0]

    assert owner_id == -GROUP
    assert payload["message"]["peer_id"] == payload["message"]["from_id"] == CITIZEN
    assert payload["message"]["out"] == 0
    assert "client_info" in payload
    assert dialogs.messages(GROUP, CITIZEN)[0].conversation_message_id == 1


def test_whoever_remembers_earlier_worlds_gets_numbers_that_are_new(clock: ManualClock) -> None:
    dialogs = Dialogs(clock, lambda *_event: None, first_id=700)
    for citizen in (CITIZEN, NEIGHBOUR):
        message = dialogs.receive(GROUP, citizen, IncomingMessage("Когда включат отопление?"))
        assert message.conversation_message_id == 700
