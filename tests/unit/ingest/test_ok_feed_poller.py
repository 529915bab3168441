"""Whatever OK answers, a look at its comments ends, and the next one can go on from its state."""

import json
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.channels import ChannelSettings
from bridge.ingest.ok import parse
from bridge.ingest.ok_feed import OkFeedPoller
from bridge.ingest.port import Parsed, PollFailed
from bridge.networks.ok_api import OkError, OkFailure, OkNoAnswer

NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
COMMENT = JSON | st.fixed_dictionaries(
    {"id": st.sampled_from("abc") | JSON},
    optional={
        "date_ms": st.integers(0, 2**70) | JSON,
        "text": st.text() | JSON,
        "author_id": st.just("7") | JSON,
        "type": st.sampled_from(["ACTIVE_MESSAGE", "REMOVED_MESSAGE"]) | JSON,
        "reply_to_comment_id": st.sampled_from("abc") | JSON,
        "attachments": JSON,
    },
)
PAGE = JSON | st.fixed_dictionaries(
    {"comments": st.lists(COMMENT, max_size=4) | JSON},
    optional={"has_more": st.booleans() | JSON, "anchor": st.sampled_from("xyz") | JSON},
)
STATISTICS = JSON | st.lists(
    st.fixed_dictionaries({"id": st.sampled_from("12"), "comments": st.integers(0, 3)}), max_size=3
).map(lambda topics: {"topics": topics})
FAILURE = st.sampled_from(
    [OkError("m", code) for code in (9, 102, 300, 455, 700, 9999)] + [OkNoAnswer("m", "timeout")]
)


class Answering:
    """An OK that answers each method with what comes next for it."""

    def __init__(self, answers: dict[str, list[Any]]) -> None:
        self._answers = {method: cycle(listed) for method, listed in answers.items()}

    def call(self, method: str, **_parameters: str | int) -> Any:
        answer = next(self._answers[method])
        if isinstance(answer, OkFailure):
            raise answer
        return answer


ANSWERS = st.fixed_dictionaries(
    {
        "group.getStatTopics": st.lists(STATISTICS | FAILURE, min_size=1, max_size=3),
        "discussions.getComments": st.lists(PAGE | FAILURE, min_size=1, max_size=4),
        "discussions.getComment": st.lists(COMMENT | FAILURE, min_size=1, max_size=3),
        "mediatopic.getByIds": st.lists(JSON | FAILURE, min_size=1, max_size=2),
    }
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(answers=ANSWERS)
def test_no_answer_breaks_a_look_or_what_is_kept_of_it(
    ok_channel: ChannelSettings, answers: dict[str, list[Any]]
) -> None:
    now = [NOW]
    poller = OkFeedPoller("ok", ok_channel.ok_section, Answering(answers), lambda: now[0])
    state: dict[str, Any] = {}
    for _ in range(4):
        now[0] += timedelta(minutes=11)
        try:
            polled = poller.poll(state)
        except PollFailed:
            continue
        state = json.loads(json.dumps(polled.state))
        for event in polled.events:
            assert len(event.external_id) <= 128
            assert isinstance(parse(event.body, ok_channel), Parsed)
