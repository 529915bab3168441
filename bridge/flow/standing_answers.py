"""Where an answer of the ticket stands already although it did not reach every system.

The curator who approves it once more, corrected for the system that refused it, must not have it
placed a second time where it stands.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby

from sqlalchemy.orm import Session

from bridge.effects import EffectKind, to_placement
from bridge.store import deliveries, outbox
from bridge.store.models import EffectRow, EffectState

_HALF_WAY = (EffectState.FAILED, EffectState.UNCERTAIN)


def standing_answers(session: Session, effect: EffectRow) -> Mapping[int, Mapping[str, str]]:
    """By the source, where it stands: since the last answer that reached every system."""
    half_way = [row.id for row in _since_the_last_whole_one(session, effect)]
    found = deliveries.of_effects(session, half_way)
    ordered = sorted(found, key=lambda row: (row.source_id, row.effect_id, row.part))
    standing = {}
    for (source_id, _), rows in groupby(ordered, key=lambda row: (row.source_id, row.effect_id)):
        parts = list(rows)
        if all(part.state == EffectState.DONE for part in parts):
            standing[source_id] = parts[0].result
    return standing


def _since_the_last_whole_one(session: Session, effect: EffectRow) -> Iterator[EffectRow]:
    kind = to_placement(effect.payload).kind
    earlier = [
        row
        for row in outbox.of_kind(session, effect.ticket_id, EffectKind.PLACE_ANSWER)
        if row.id < effect.id and to_placement(row.payload).kind is kind
    ]
    for row in reversed(earlier):
        if row.state == EffectState.DONE:
            return
        if row.state in _HALF_WAY:
            yield row
