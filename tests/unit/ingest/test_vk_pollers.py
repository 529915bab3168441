"""Whatever VK answers to a look, it is read or refused, and nothing else is raised."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import responses
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.channels import ChannelSettings
from bridge.ingest.port import Poller, PollFailed
from bridge.ingest.vk_back_fill import OVERLAP
from bridge.ingest.vk_pollers import pollers
from bridge.networks.vk_settings import Transport
from tests.outside import outside
from tests.unit.ingest.conftest import JSON

API = "http://vk.invalid/method"
OUTSIDE = outside()
SERVER = "https://lp.vk.invalid/whp/1"
LOOSELY = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
ITEM = st.fixed_dictionaries(
    {"id": st.integers() | JSON, "date": st.integers() | JSON},
    optional={
        "from_id": JSON,
        "comments": JSON,
        "thread": JSON | st.fixed_dictionaries({"count": JSON, "items": JSON}),
        "last_message": JSON | st.fixed_dictionaries({"peer_id": JSON, "date": JSON}),
    },
)
LISTED = JSON | st.fixed_dictionaries({"count": JSON, "items": st.lists(ITEM) | JSON})


@pytest.fixture
def named(channel: ChannelSettings) -> Callable[[str], Poller]:
    """The pollers of a community that is polled, by name."""
    vk = channel.vk_section
    update = {"transport": Transport.LONG_POLL, "read_token": vk.token}
    polled = channel.model_copy(update={"vk": vk.model_copy(update=update)})
    return {poller.name: poller for poller in pollers(polled, OUTSIDE)}.__getitem__


def look(poller: Poller, state: dict[str, Any]) -> None:
    """Look once: what is kept must be JSON."""
    with suppress(PollFailed):
        json.dumps(dict(poller.poll(state).state))


@LOOSELY
@given(answer=JSON | st.fixed_dictionaries({"ts": JSON, "updates": JSON, "failed": JSON}))
def test_no_answer_of_the_long_poll_breaks_it(
    named: Callable[[str], Poller], answer: object
) -> None:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as network:
        network.get(SERVER, json=answer)
        network.post(f"{API}/groups.getLongPollServer", json={"response": answer})
        look(named("long-poll"), {"server": SERVER, "key": "k", "ts": "1"})
        look(named("long-poll"), {})


@LOOSELY
@given(answer=LISTED)
@pytest.mark.parametrize(
    ("name", "methods", "steps"),
    [
        (
            "back-fill-feed",
            ("wall.get", "wall.getComments"),
            [["comments", 1, 0], ["thread", 1, 2]],
        ),
        (
            "back-fill-direct",
            ("messages.getConversations", "messages.getHistory"),
            [["conversations", 0], ["messages", 501, 0]],
        ),
    ],
)
def test_no_list_breaks_a_look_for_what_was_not_told(
    named: Callable[[str], Poller],
    name: str,
    methods: tuple[str, ...],
    steps: list[list[Any]],
    answer: object,
) -> None:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as network:
        for method in methods:
            network.post(f"{API}/{method}", json={"response": answer})
        for todo in ([], *([step] for step in steps)):
            look(named(name), {"since": OVERLAP, "todo": todo})


@LOOSELY
@given(state=st.dictionaries(st.sampled_from(["since", "newest", "counts", "todo", "x"]), JSON))
@pytest.mark.parametrize("name", ["back-fill-feed", "back-fill-direct", "long-poll"])
def test_no_kept_state_breaks_a_look(
    named: Callable[[str], Poller], name: str, state: dict[str, Any]
) -> None:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as network:
        item = {"id": 1, "date": 5, "comments": {"count": 1}, "peer_id": 501}
        items = {"response": {"count": 1, "items": [{**item, "last_message": item}]}}
        for method in ("wall.get", "wall.getComments", "groups.getLongPollServer"):
            network.post(f"{API}/{method}", json=items)
        for method in ("messages.getConversations", "messages.getHistory"):
            network.post(f"{API}/{method}", json=items)
        look(named(name), state)
