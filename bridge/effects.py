"""Effects as the outbox keeps them: their kinds, and their payloads to and from JSON."""

from dataclasses import asdict
from datetime import date
from enum import StrEnum
from typing import Any, Final

from bridge.sla.effects import Effect, Note, PlaceAnswer, UpdateTicket
from bridge.sla.timeline import AnswerKind

CREATE_KEY: Final = "create"


class EffectKind(StrEnum):
    """What an effect of the outbox does."""

    CREATE_TICKET = "create_ticket"
    UPDATE_TICKET = "update_ticket"
    PLACE_ANSWER = "place_answer"
    ATTACH_FILE = "attach_file"
    """Not of a decision: a file of the citizen's is to be in the ticket, whatever becomes of it."""
    ORDERED_UPDATE = "ordered_update"
    """Not of a decision either: a person wants it, by the administrator's pages."""
    LOOK_FOR_ANSWER = "look_for_answer"
    """The same: whether an answer stands where it should be."""


DECIDED: Final = (EffectKind.UPDATE_TICKET, EffectKind.PLACE_ANSWER)
"""The kinds that a decision wants, or wants no longer."""


ORDERED: Final = (EffectKind.ORDERED_UPDATE, EffectKind.LOOK_FOR_ANSWER)
"""The kinds that people want, whatever the rules decide meanwhile."""


def kind_of(effect: Effect) -> EffectKind:
    """The kind under which the outbox keeps the effect."""
    return EffectKind.PLACE_ANSWER if isinstance(effect, PlaceAnswer) else EffectKind.UPDATE_TICKET


def to_payload(effect: Effect) -> dict[str, Any]:
    """The effect as JSON keeps it."""
    payload = asdict(effect)
    if isinstance(effect, UpdateTicket) and effect.due_date:
        payload["due_date"] = effect.due_date.isoformat()
    return payload


def to_update(payload: dict[str, Any]) -> UpdateTicket:
    """The stored update of a ticket."""
    due_date, note = payload["due_date"], payload["note"]
    return UpdateTicket(
        key=payload["key"],
        status=payload["status"],
        fields=payload["fields"],
        due_date=date.fromisoformat(due_date) if due_date else None,
        note=Note(**note) if note else None,
        priority=payload.get("priority"),
        for_leaders=payload.get("for_leaders", False),
    )


def to_placement(payload: dict[str, Any]) -> PlaceAnswer:
    """The stored placement of an answer."""
    kind = AnswerKind(payload.get("kind", AnswerKind.FINAL))
    return PlaceAnswer(**{**payload, "kind": kind})
