"""Updates of the long poll become events, however VK spells them; none costs its neighbour."""

import json

from hypothesis import given
from hypothesis import strategies as st

from bridge.channels import ChannelSettings
from bridge.ingest.port import Parsed
from bridge.ingest.vk import parse
from bridge.ingest.vk_event import LONGEST_ID, LONGEST_KIND, event_of_update
from tests.unit.ingest.conftest import JSON


def test_update_is_the_event_that_a_callback_would_be() -> None:
    update = {"type": "wall_reply_new", "event_id": "a" * 40, "group_id": 1, "object": {"id": 5}}

    event = event_of_update(update)

    assert (event.external_id, event.kind) == ("a" * 40, "wall_reply_new")
    assert json.loads(event.body) == update


def test_update_without_an_id_is_known_by_its_contents() -> None:
    update = {"type": "wall_reply_new", "object": {"id": 5}}

    assert event_of_update(update) == event_of_update(dict(update))
    assert event_of_update(update) != event_of_update({**update, "object": {"id": 6}})


@given(update=JSON | st.fixed_dictionaries({"type": JSON, "event_id": JSON, "object": JSON}))
def test_no_update_is_refused(update: object) -> None:
    event = event_of_update(update)

    assert 0 < len(event.external_id) <= LONGEST_ID
    assert 0 < len(event.kind) <= LONGEST_KIND
    assert event.kind.isascii()
    assert event.body.isascii()


def test_unreadable_update_is_kept_and_read_as_such(channel: ChannelSettings) -> None:
    event = event_of_update("nonsense")

    assert event.kind == "unreadable"
    assert isinstance(parse(event.body, channel), Parsed)
