"""Effects survive the way into the outbox and back."""

import json
from datetime import date

import pytest

from bridge.effects import EffectKind, kind_of, to_payload, to_placement, to_update
from bridge.sla.effects import Effect, Note, PlaceAnswer, UpdateTicket
from bridge.sla.timeline import AnswerKind

INTERIM = PlaceAnswer(
    "place:8", 8, "Ждём асфальт.", kind=AnswerKind.INTERIM, final_by="24.11.2026 18:30"
)
PLACEMENT = PlaceAnswer("place:7", 7, "«Ёж» — да")


@pytest.mark.parametrize(
    "update",
    [
        UpdateTicket("fields:1:ab", fields={"sent_at": "23.11.2026 18:30"}),
        UpdateTicket(
            "undo:7",
            status="review",
            due_date=date(2026, 11, 23),
            note=Note("placement_failed", {"meaning": "Нет прав."}),
        ),
    ],
)
def test_an_update_comes_back_as_it_was(update: UpdateTicket) -> None:
    assert to_update(_through_json(update)) == update
    assert kind_of(update) is EffectKind.UPDATE_TICKET


@pytest.mark.parametrize("placement", [PLACEMENT, INTERIM])
def test_a_placement_comes_back_as_it_was(placement: PlaceAnswer) -> None:
    assert to_placement(_through_json(placement)) == placement
    assert kind_of(placement) is EffectKind.PLACE_ANSWER


def test_a_placement_stored_before_there_were_interim_answers_is_a_final_one() -> None:
    assert to_placement({"key": "place:7", "approval": 7, "text": "«Ёж» — да"}) == PLACEMENT


def _through_json(effect: Effect) -> dict[str, object]:
    payload: dict[str, object] = json.loads(json.dumps(to_payload(effect)))
    return payload
