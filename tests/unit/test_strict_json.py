"""What is read from outside can be written down again as the same JSON, or is refused."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.strict_json import DEEPEST, NotJson, strict_json


@pytest.mark.parametrize(
    "text",
    ["", "{", "NaN", "[Infinity]", "-Infinity", "1e999", '{"a": -1e400}', "9" * 5000, "{'a': 1}"],
)
def test_what_is_not_json_or_could_not_be_written_again_is_refused(text: str) -> None:
    with pytest.raises(NotJson, match=r"^body is not JSON$"):
        strict_json(text)


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_nesting_has_an_end(opening: str, closing: str) -> None:
    assert strict_json(opening * (DEEPEST - 1) + "1" + closing * (DEEPEST - 1))
    for depth in (DEEPEST + 1, 900, 100_000):
        with pytest.raises(NotJson):
            strict_json(opening * depth + "1" + closing * depth)


def test_of_a_key_that_stands_twice_the_last_counts_for_every_reader() -> None:
    value = strict_json('{"secret": "theirs", "secret": "ours"}')
    assert strict_json(json.dumps(value)) == {"secret": "ours"}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
    | st.text()
)
def test_what_is_read_is_written_as_the_same_value(value: object) -> None:
    with suppress(NotJson):
        read = strict_json(json.dumps(value))
        assert strict_json(json.dumps(read)) == read
