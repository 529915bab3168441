"""How many comments OK says each topic has, and what a topic says, in whatever form it tells."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.networks.ok_api import OkNoAnswer
from bridge.networks.ok_topics import MOST_PAGES, comment_counts, topic_text

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


class Answering:
    """Answers with each of these in turn, then with the last."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []

    def call(self, _method: str, **parameters: str | int) -> Any:
        self.asked.append(parameters)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def test_counts_are_read_over_all_pages() -> None:
    caller = Answering(
        {"topics": [{"id": "1", "comments": 5}], "has_more": True, "anchor": "a"},
        {"topics": [{"id": 2, "comments": "7"}], "has_more": False, "anchor": "b"},
    )

    assert comment_counts(caller, 53001001, 1000, 2000) == {"1": 5, "2": 7}
    assert [asked.get("anchor") for asked in caller.asked] == [None, "a"]


@pytest.mark.parametrize("anchor", ["a", None, 5])
def test_list_that_leads_nowhere_ends(anchor: object) -> None:
    caller = Answering({"topics": [], "has_more": True, "anchor": anchor})

    assert comment_counts(caller, 1, 0, 1) == {}
    assert len(caller.asked) <= 2


def test_endless_list_is_cut_off() -> None:
    pages = [{"topics": [], "has_more": True, "anchor": str(number)} for number in range(50)]
    caller = Answering(*pages)

    comment_counts(caller, 1, 0, 1)

    assert len(caller.asked) == MOST_PAGES


def test_odd_topics_cost_no_other() -> None:
    odd = [None, 5, {}, {"id": "3"}, {"id": "4", "comments": -1}, {"comments": 5}]
    caller = Answering({"topics": [*odd, {"id": "1", "comments": 0}]})

    assert comment_counts(caller, 1, 0, 1) == {"1": 0}


@pytest.mark.parametrize("answer", [None, [], "x", 5])
def test_answer_that_is_no_list_is_no_proof_of_silence(answer: object) -> None:
    with pytest.raises(OkNoAnswer):
        comment_counts(Answering(answer), 1, 0, 1)


def test_text_is_that_of_all_parts() -> None:
    media = [{"type": "text", "text": "Первое"}, {"type": "photo"}, {"text": "Второе"}, 5]
    topics = [{"id": "8", "media": [{"text": "Чужое"}]}, {"id": 7, "media": media}]

    assert topic_text(Answering({"media_topics": topics}), "7") == "Первое\n\nВторое"


@given(JSON)
def test_no_answer_about_a_topic_makes_an_exception(answer: object) -> None:
    assert isinstance(topic_text(Answering(answer), "7"), str)
    assert isinstance(topic_text(Answering({"media_topics": answer}), "7"), str)
