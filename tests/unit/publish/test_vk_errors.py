"""Each of VK's errors leads to the right remedy, and staff are told what it means."""

from datetime import UTC, datetime

import pytest
import responses
from pydantic import SecretStr

from bridge.channels import ChannelsFile
from bridge.config.document import parse_document
from bridge.messages import Placement
from bridge.networks.vk_api import VkClient, VkError, VkFailure, VkNoAnswer, VkNotReached
from bridge.networks.vk_clients import VkClients
from bridge.publish.port import CannotLook, PublishError, Remedy
from bridge.publish.vk import VkPublisher
from bridge.publish.vk_errors import (
    ERROR_CLASSES,
    looking_failed,
    nothing_visible_failed,
    persons_token_failed,
    placing_failed,
)

API = "http://vk.invalid/method"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

CHANNEL = """
channels:
  - key: vk-administration
    network: vk
    title: ВКонтакте
    policy: {feed: administration, direct: administration}
    vk:
      group_id: 1001
      token: {env: TEST_VK_TOKEN}
      callback: {secret: {env: TEST_VK_SECRET}}
"""

COMMENT = Placement("key-1", {"owner_id": -1001, "post_id": 2, "comment_id": 3}, "Ответ")
DIRECT = Placement("key-2", {"peer_id": 501, "conversation_message_id": 7}, "Ответ")

RETRY, PAUSE, DOWN, BY_HAND, LOOK = (
    Remedy.RETRY,
    Remedy.PAUSE,
    Remedy.CHANNEL_DOWN,
    Remedy.BY_HAND,
    Remedy.LOOK,
)
REMEDIES = {
    **dict.fromkeys((1, 6, 10, 13, 22, 43), RETRY),
    **dict.fromkeys((9, 29, 223, 984), PAUSE),
    **dict.fromkeys((2, 3, 5, 7, 14, 17, 20, 21, 23, 24, 27, 28, 203), DOWN),
    **dict.fromkeys(range(3300, 3305), DOWN),
    **dict.fromkeys((8, 15, 18, 19, 30, 37, 100, 104, 113, 118, 121, 129), BY_HAND),
    **dict.fromkeys((210, 211, 212, 213, 214, 222), BY_HAND),
    **dict.fromkeys((900, 901, 902, 907, 908, 909, 910, 911, 912, 913, 914, 917), BY_HAND),
    **dict.fromkeys(
        (920, 921, 922, 924, 925, 932, 936, 940, 943, 944, 945, 946, 950, 1021), BY_HAND
    ),
    36: LOOK,
}


@pytest.fixture
def publisher() -> VkPublisher:
    """A publisher whose both tokens lead to an address that only `responses` answers."""
    vk = parse_document(CHANNEL, ChannelsFile, "channels.yaml").channels[0].vk_section
    community = VkClient(API, SecretStr("token-c"), "5.199")
    reader = VkClient(API, SecretStr("token-r"), "5.199")
    return VkPublisher(vk, VkClients(community, reader))


def failure(publisher: VkPublisher, placement: Placement) -> PublishError:
    with pytest.raises(PublishError) as raised:
        publisher.place(placement)
    return raised.value


def test_table_has_exactly_the_documented_codes() -> None:
    assert set(ERROR_CLASSES) == set(REMEDIES)


@responses.activate
@pytest.mark.parametrize(("code", "remedy"), sorted(REMEDIES.items()))
@pytest.mark.parametrize(
    ("method", "placement"), [("wall.createComment", COMMENT), ("messages.send", DIRECT)]
)
def test_error_code_has_its_remedy_and_a_russian_meaning(
    publisher: VkPublisher, method: str, placement: Placement, code: int, remedy: Remedy
) -> None:
    error = {"error_code": code, "error_msg": "token-c must not be shown to staff"}
    responses.post(f"{API}/{method}", json={"error": error})

    raised = failure(publisher, placement)

    assert (raised.remedy, raised.code) == (remedy, str(code))
    assert raised.meaning.endswith(f". (код: {code})")
    assert "token-c" not in str(raised)


@responses.activate
def test_unknown_code_is_tried_again_because_it_was_not_done(publisher: VkPublisher) -> None:
    error = {"error_code": 99999, "error_msg": "Something new"}
    responses.post(f"{API}/wall.createComment", json={"error": error})

    assert failure(publisher, COMMENT).remedy is RETRY


@responses.activate
@pytest.mark.parametrize(
    "answer", [{"response": {}}, {"response": {"comment_id": "x"}}, {"response": 1}, {}]
)
def test_yes_without_an_id_is_an_unknown_outcome(
    publisher: VkPublisher, answer: dict[str, object]
) -> None:
    responses.post(f"{API}/wall.createComment", json=answer)

    assert failure(publisher, COMMENT).remedy is LOOK


def test_call_that_never_left_is_tried_again() -> None:
    assert placing_failed(VkNotReached("wall.createComment", "connection")).remedy is RETRY


def test_call_without_an_answer_is_looked_for() -> None:
    assert placing_failed(VkNoAnswer("wall.createComment", "timeout")).remedy is LOOK


@pytest.mark.parametrize("code", [1, 6, 10, 36, 99999])
def test_looking_that_failed_for_a_moment_is_repeated(code: int) -> None:
    raised = looking_failed(VkError("wall.getComments", code, None, ""))

    assert isinstance(raised, PublishError)
    assert raised.remedy is RETRY


def test_looking_under_flood_control_waits() -> None:
    raised = looking_failed(VkError("wall.getComments", 29, None, ""))

    assert isinstance(raised, PublishError)
    assert raised.remedy is PAUSE


@pytest.mark.parametrize("code", [5, 15, 27, 212])
def test_looking_that_can_never_work_says_so(code: int) -> None:
    assert isinstance(looking_failed(VkError("wall.getComments", code, None, "")), CannotLook)


@responses.activate
@pytest.mark.parametrize("answer", [{"response": []}, {"response": {"items": 5}}])
def test_list_that_cannot_be_read_is_no_proof_of_absence(
    publisher: VkPublisher, answer: dict[str, object]
) -> None:
    responses.post(f"{API}/wall.getComments", json=answer)

    with pytest.raises(CannotLook):
        publisher.find(COMMENT, NOW)


CANNOT_WRITE = (900, 901, 902, 932, 936, 950, 1021)


@responses.activate
@pytest.mark.parametrize("code", CANNOT_WRITE)
def test_person_who_cannot_be_written_to_is_answered_another_way(
    publisher: VkPublisher, code: int
) -> None:
    error = {"error_code": code, "error_msg": "no"}
    responses.post(f"{API}/messages.send", json={"error": error})

    raised = failure(publisher, DIRECT)

    assert raised.remedy is Remedy.BY_HAND
    assert "Ответьте другим способом" in raised.meaning


@pytest.mark.parametrize(
    ("failed", "remedy"),
    [
        (VkNoAnswer("upload", "timeout"), RETRY),
        (VkError("photos.saveMessagesPhoto", 36, None, ""), RETRY),
        (VkNotReached("upload", "connection"), RETRY),
        (VkError("photos.saveMessagesPhoto", 9, None, ""), PAUSE),
        (VkError("photos.saveMessagesPhoto", 129, None, ""), BY_HAND),
        (VkError("photos.saveMessagesPhoto", 27, None, ""), DOWN),
    ],
)
def test_call_that_shows_nothing_is_never_looked_for(failed: VkFailure, remedy: Remedy) -> None:
    assert nothing_visible_failed(failed).remedy is remedy


def test_persons_token_that_fails_stops_one_answer_and_no_channel() -> None:
    failed = persons_token_failed(placing_failed(VkError("photos.createComment", 5, None, "")))
    flood = persons_token_failed(placing_failed(VkError("photos.createComment", 9, None, "")))

    assert (failed.remedy, failed.code) == (BY_HAND, "5")
    assert "user_token" in failed.meaning
    assert flood.remedy is PAUSE
