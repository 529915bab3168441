"""Direct messages of OK, sent to the bridge or fetched by it: each once, and watched over."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from bridge.channels import ChannelSettings
from bridge.ingest.ok import parse
from bridge.ingest.ok_long_poll import UPDATES_LIMIT, OkLongPoll
from bridge.ingest.ok_pollers import pollers
from bridge.ingest.ok_subscription import OkSubscriptionWatch
from bridge.ingest.port import MessageArrived, PollFailed
from bridge.messages import Visibility
from bridge.networks.ok_api import OkGraph
from sandbox.ok.seed import ADMINISTRATION, CITIZENS
from tests.outside import outside

KEY = "webhook-key"
OTHER = "https://other.example/hook"


@pytest.fixture
def watch(channel: ChannelSettings, door: Any) -> OkSubscriptionWatch:
    """The watch over the subscription that leads to the door."""
    graph = OkGraph.of_group(channel.ok_section)
    return OkSubscriptionWatch(channel.key, graph, door.address, SecretStr(KEY))


def urls(ok: Any) -> list[str]:
    return [one.url for one in ok.sandbox.subscriptions.of(ADMINISTRATION.id)]


@pytest.mark.clause("1.1", "1.2.4", "2.1.1")
def test_private_message_arrives_as_a_direct_message(
    ok: Any, channel: ChannelSettings, door: Any, watch: OkSubscriptionWatch
) -> None:
    watch.poll({})

    ok.message("Куда обратиться?")
    assert ok.sandbox.settle()

    (event,) = door.events
    parsed = parse(event.body, channel)
    assert isinstance(parsed, MessageArrived)
    assert parsed.message.visibility is Visibility.DIRECT
    assert parsed.message.text == "Куда обратиться?"
    assert parsed.message.author.name == CITIZENS[0].name
    assert "Куда обратиться?" in ok.page(parsed.message.link)


@pytest.mark.scenario(13)
def test_repeated_delivery_has_the_same_id(ok: Any, door: Any, watch: OkSubscriptionWatch) -> None:
    watch.poll({})
    ok.control("POST", "webhooks/faults", kind="duplicate")

    ok.message()
    assert ok.sandbox.settle()

    first, again = door.events
    assert first == again


def test_reordered_messages_arrive_with_their_own_times(
    ok: Any, channel: ChannelSettings, door: Any, watch: OkSubscriptionWatch
) -> None:
    watch.poll({})
    ok.control("POST", "webhooks/faults", kind="reorder", times=2)
    ok.message("первое")
    ok.clock.advance(timedelta(seconds=1))
    ok.message("второе")
    assert ok.sandbox.settle()

    parsed = [parse(event.body, channel) for event in door.events]
    messages = [one.message for one in parsed if isinstance(one, MessageArrived)]
    assert [one.text for one in messages] == ["второе", "первое"]
    assert messages[0].posted_at > messages[1].posted_at
    assert messages[0].conversation == messages[1].conversation


def test_message_that_was_not_taken_is_sent_again(
    ok: Any, door: Any, watch: OkSubscriptionWatch
) -> None:
    watch.poll({})
    door.failing = 2
    ok.message()
    assert ok.sandbox.settle()

    assert len(door.events) == 1


def test_subscription_that_ok_has_ended_is_renewed(
    ok: Any, door: Any, watch: OkSubscriptionWatch
) -> None:
    watch.poll({})
    ok.sandbox.subscriptions.remove(ADMINISTRATION.id, f"{door.address}/{KEY}")

    watch.poll({})

    assert urls(ok) == [f"{door.address}/{KEY}"]


def test_subscription_is_made_once_and_others_are_let_be(
    ok: Any, door: Any, watch: OkSubscriptionWatch
) -> None:
    ok.sandbox.subscriptions.add(ADMINISTRATION.id, OTHER)
    for _ in range(3):
        watch.poll({})

    assert urls(ok) == [OTHER, f"{door.address}/{KEY}"]
    assert len(ok.calls("POST me/subscribe")) == 1


def test_subscription_with_a_former_key_is_ended(
    ok: Any, door: Any, watch: OkSubscriptionWatch
) -> None:
    ok.sandbox.subscriptions.add(ADMINISTRATION.id, f"{door.address}/former-key")

    watch.poll({})

    assert urls(ok) == [f"{door.address}/{KEY}"]


@pytest.mark.scenario(16)
def test_refused_token_is_for_a_person_to_mend(ok: Any, watch: OkSubscriptionWatch) -> None:
    ok.fail("GET me/subscriptions", "error", code=103)

    with pytest.raises(PollFailed) as raised:
        watch.poll({})
    assert raised.value.down
    assert KEY not in str(raised.value)


def test_watch_that_got_no_answer_is_repeated(ok: Any, watch: OkSubscriptionWatch) -> None:
    ok.fail("GET me/subscriptions", "drop_before_processing")

    with pytest.raises(PollFailed) as raised:
        watch.poll({})
    assert not raised.value.down
    watch.poll({})


@pytest.fixture
def long_poll(channel_with: Callable[..., ChannelSettings]) -> OkLongPoll:
    """The poller of an office that OK cannot reach, which waits for nothing."""
    return OkLongPoll(OkGraph.of_group(channel_with("long_poll").ok_section), wait_seconds=0)


def test_office_without_a_public_address_fetches_its_messages(
    ok: Any, channel: ChannelSettings, long_poll: OkLongPoll
) -> None:
    begun = long_poll.poll({})
    ok.message("первое")
    ok.message("второе")

    polled = long_poll.poll(begun.state)

    parsed = [parse(event.body, channel) for event in polled.events]
    texts = [one.message.text for one in parsed if isinstance(one, MessageArrived)]
    assert texts == ["первое", "второе"]
    assert long_poll.poll(polled.state).events == ()


@pytest.mark.scenario(13)
def test_fetched_and_sent_message_has_one_id(
    ok: Any, door: Any, watch: OkSubscriptionWatch, long_poll: OkLongPoll
) -> None:
    watch.poll({})
    begun = long_poll.poll({})
    ok.message()
    assert ok.sandbox.settle()

    assert long_poll.poll(begun.state).events == tuple(door.events)
    assert long_poll.poll(begun.state).events == tuple(door.events)


def test_more_updates_than_one_answer_holds_are_fetched_at_once(
    ok: Any, long_poll: OkLongPoll
) -> None:
    begun = long_poll.poll({})
    for number in range(UPDATES_LIMIT + 1):
        ok.message(str(number))

    first = long_poll.poll(begun.state)
    second = long_poll.poll(first.state)

    assert (len(first.events), first.more) == (UPDATES_LIMIT, True)
    assert (len(second.events), second.more) == (1, False)


def test_long_poll_that_ok_has_ended_is_begun_anew(ok: Any, long_poll: OkLongPoll) -> None:
    begun = long_poll.poll({})
    ok.sandbox.subscriptions.reset()

    assert long_poll.poll(begun.state).events == ()
    assert ok.sandbox.subscriptions.is_long_poll(ADMINISTRATION.id)


@pytest.mark.scenario(16)
def test_long_poll_with_a_refused_token_is_for_a_person(ok: Any, long_poll: OkLongPoll) -> None:
    begun = long_poll.poll({})
    ok.fail("GET me/updates", "error", code=102)

    with pytest.raises(PollFailed) as raised:
        long_poll.poll(begun.state)
    assert raised.value.down


@pytest.mark.parametrize(
    ("transport", "names"),
    [("webhook", ["subscription", "feed"]), ("long_poll", ["long-poll", "feed"])],
)
def test_pollers_are_those_of_the_transport(
    ok: Any, channel_with: Callable[..., ChannelSettings], transport: str, names: list[str]
) -> None:
    made = pollers(channel_with(transport), outside(ok.clock))

    assert [poller.name for poller in made] == names
    for poller in made:
        if poller.pause:
            poller.poll({})
    expected = ["https://bridge.example/hooks/ok/ok-administration/webhook-key"]
    assert urls(ok) == (expected if transport == "webhook" else [])
