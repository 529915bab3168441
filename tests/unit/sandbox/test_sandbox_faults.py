"""Faults that tests ask for hit the calls they are meant for, and only those."""

import pytest
from pydantic import ValidationError

from sandbox.faults import Fault, FaultBook


def test_a_fault_hits_its_method_as_often_as_asked() -> None:
    book = FaultBook()
    book.add(Fault(method="wall.createComment", kind="error", code=9, times=2))

    hits = [book.take("wall.createComment", {}) is not None for _ in range(3)]

    assert hits == [True, True, False]
    assert book.pending() == []


def test_a_fault_leaves_other_methods_and_other_parameters_alone() -> None:
    book = FaultBook()
    book.add(Fault(method="messages.send", kind="drop_after_processing", params_match={"v": "1"}))

    assert book.take("wall.get", {"v": "1"}) is None
    assert book.take("messages.send", {"v": "2"}) is None
    assert book.take("messages.send", {"v": "1"}) is not None


def test_cleared_faults_hit_nothing() -> None:
    book = FaultBook()
    book.add(Fault(method="wall.get", kind="garbage"))
    book.clear()

    assert book.take("wall.get", {}) is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"kind": "error"}, "code"),
        ({"kind": "http_status"}, "code"),
        ({"kind": "http_status", "code": 200}, "400 to 599"),
        ({"kind": "delay"}, "seconds"),
        ({"kind": "garbage", "code": 5}, "code"),
        ({"kind": "explode"}, "kind"),
        ({"kind": "garbage", "times": 0}, "times"),
        ({"kind": "garbage", "when": "now"}, "when"),
    ],
)
def test_an_ill_described_fault_is_refused_with_the_reason(
    fields: dict[str, object], reason: str
) -> None:
    with pytest.raises(ValidationError, match=reason):
        Fault(method="wall.get", **fields)
