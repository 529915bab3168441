"""Effects survive the way into the outbox and back."""

import json
from datetime import date

import pytest

from bridge.effects import EffectKind, kind_of, to_payload, to_placement, to_update
from bridge.sla.effects import Effect, Note, PlaceAnswer, UpdateTicket

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


def test_a_placement_comes_back_as_it_was() -> None:
    assert to_placement(_through_json(PLACEMENT)) == PLACEMENT
    assert kind_of(PLACEMENT) is EffectKind.PLACE_ANSWER


def _through_json(effect: Effect) -> dict[str, object]:
    payload: dict[str, object] = json.loads(json.dumps(to_payload(effect)))
    return payload
