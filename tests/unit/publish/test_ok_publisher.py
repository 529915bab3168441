"""What OK's channel offers, and what the publisher makes of answers whose form OK does not tell."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import responses
from pydantic import SecretStr

from bridge.channels import ChannelSettings, ChannelsFile
from bridge.config.document import parse_document
from bridge.messages import Picture, Placement, Visibility
from bridge.networks.ok_api import OkGraph, OkRestClient
from bridge.networks.ok_session import OkKeys, OkSession
from bridge.publish.ok import OkPublisher, capabilities
from bridge.publish.port import CannotLook, PublishError, Remedy

GRAPH = "http://ok.invalid/graph"
REST = "http://ok.invalid/fb.do"
SEND = f"{GRAPH}/me/messages/chat:C1"
UPLOAD = "https://upload.invalid/1"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CHANNEL = """
channels:
  - key: ok-administration
    network: ok
    title: Одноклассники
    policy: {{feed: administration, direct: administration}}
    limits: {{feed: 2500, direct: 3000}}
    ok:
      group_id: 53001001
      token: {{env: TEST_OK_TOKEN}}
      transport: long_poll
      comments: {comments}
      {rest}
"""
SESSION = "rest: {application_key: {env: A}, session_secret: {env: B}, access_token: {env: C}}"
COMMENT = Placement("key-1", {"topic_id": "5", "comment_id": "c1"}, "Ответ")
DIRECT = Placement("key-2", {"chat_id": "chat:C1", "user_id": "7"}, "Ответ")
PNG = Picture("двор.png", "image/png", b"\x89PNG")

Json = dict[str, Any]


def channel(comments: str = "true", rest: str = SESSION) -> ChannelSettings:
    text = CHANNEL.format(comments=comments, rest=rest)
    return parse_document(text, ChannelsFile, "channels.yaml").channels[0]


@pytest.fixture
def publisher() -> OkPublisher:
    """A publisher whose addresses only `responses` answers."""
    keys = OkKeys(SecretStr("a"), SecretStr("c"), session_secret=SecretStr("b"))
    rest = OkRestClient(REST, OkSession(keys))
    return OkPublisher(
        channel().ok_section, OkGraph(GRAPH, SecretStr("t")), rest, lambda _seconds: None
    )


def failure(place: Callable[[], object]) -> PublishError:
    with pytest.raises(PublishError) as raised:
        place()
    return raised.value


def test_group_with_a_session_answers_everywhere() -> None:
    offered = capabilities(channel()).by_visibility

    assert [offered[visibility].limit for visibility in Visibility] == [2500, 3000]
    feed, direct = offered[Visibility.FEED], offered[Visibility.DIRECT]
    assert (feed.place, feed.verify, feed.retract, feed.photos) == (True, True, True, False)
    assert (direct.place, direct.verify, direct.retract, direct.photos) == (True, True, False, True)
    assert direct.pictures_limit == 5


@pytest.mark.parametrize("settings", [{"comments": "false"}, {"rest": ""}])
def test_group_without_session_or_comments_answers_its_feed_by_hand(settings: Any) -> None:
    offered = capabilities(channel(**settings)).by_visibility

    assert not offered[Visibility.FEED].place
    assert not offered[Visibility.FEED].retract
    assert offered[Visibility.DIRECT].place


@responses.activate
@pytest.mark.parametrize(
    "answer", ["c2", {"comment_id": "c2"}, {"commentId": "c2"}, {"id": "c2", "success": True}]
)
def test_id_of_a_new_comment_is_found_in_whatever_form(
    publisher: OkPublisher, answer: object
) -> None:
    responses.post(REST, json=answer)

    placed = publisher.place(COMMENT)

    assert placed.external_id == "topic5_cc2"
    assert placed.link == "https://ok.ru/group/53001001/topic/5?commentId=c2#comment-c2"


@responses.activate
@pytest.mark.parametrize("answer", [True, {}, None, [], {"success": True}, 5])
def test_comment_that_was_taken_without_an_id_is_looked_for(
    publisher: OkPublisher, answer: object
) -> None:
    responses.post(REST, json=answer)

    assert failure(lambda: publisher.place(COMMENT)).remedy is Remedy.LOOK


@responses.activate
@pytest.mark.parametrize(
    ("answer", "external_id"),
    [
        ({"success": True}, "chat:C1"),
        ({"message_id": "mid:C1.5"}, "mid:C1.5"),
        ({"success": True, "mid": "mid:C1.5"}, "mid:C1.5"),
        ({}, "chat:C1"),
        (True, "chat:C1"),
    ],
)
def test_sent_message_is_placed_with_or_without_an_id(
    publisher: OkPublisher, answer: object, external_id: str
) -> None:
    responses.post(SEND, json=answer)

    assert publisher.place(DIRECT).external_id == external_id


@responses.activate
@pytest.mark.parametrize("success", [False, [False]])
def test_message_that_ok_says_it_did_not_send_is_for_a_person(
    publisher: OkPublisher, success: object
) -> None:
    responses.post(SEND, json={"success": success})

    assert failure(lambda: publisher.place(DIRECT)).remedy is Remedy.BY_HAND


@responses.activate
@pytest.mark.parametrize(
    "answer", [{"token": "p1"}, {"photos": {"17": {"token": "p1"}}}, {"photos": {}, "token": "p1"}]
)
def test_token_of_a_picture_is_found_in_whatever_form(publisher: OkPublisher, answer: Json) -> None:
    responses.get(f"{GRAPH}/me/fileUploadUrl", json={"url": UPLOAD, "file_id": 17})
    responses.post(UPLOAD, json=answer)
    sent = responses.post(SEND, json={"success": True})

    publisher.place(Placement("key-3", DIRECT.address, "Ответ", (PNG,)))

    assert b'"payload": {"token": "p1"}' in (sent.calls[0].request.body or b"")


@responses.activate
@pytest.mark.parametrize("url", [None, "ftp://x", "", 5, "http://127.0.0.1:6379/"])
def test_odd_address_for_a_picture_leaves_nothing_visible(
    publisher: OkPublisher, url: object
) -> None:
    responses.get(f"{GRAPH}/me/fileUploadUrl", json={"url": url})
    picture = Placement("key-3", DIRECT.address, "Ответ", (PNG,))

    assert failure(lambda: publisher.place(picture)).remedy is Remedy.RETRY


@responses.activate
@pytest.mark.parametrize("answer", [[], {"messages": 5}, {}])
def test_history_that_cannot_be_read_is_no_proof_of_absence(
    publisher: OkPublisher, answer: object
) -> None:
    responses.get(SEND, json=answer)

    with pytest.raises(CannotLook):
        publisher.find(DIRECT, NOW)


@responses.activate
def test_odd_messages_in_a_history_are_passed_over(publisher: OkPublisher) -> None:
    odd = [None, 5, {}, {"message": "x"}, {"sender": {"user_id": 7}}, {"timestamp": "x"}]
    ours = {
        "sender": {"user_id": "group:53001001"},
        "message": {"text": "Ответ", "mid": "mid:C1.9"},
        "timestamp": int(NOW.timestamp() * 1000),
    }
    responses.get(SEND, json={"messages": [*odd, ours]})

    found = publisher.find(DIRECT, NOW)

    assert found is not None
    assert found.external_id == "mid:C1.9"
