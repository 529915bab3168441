"""Systems that bring a message when its answer stands already: it is entered there, too (3.5)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from bridge.effects import EffectKind, to_placement
from bridge.placement_outcomes import outcome_of
from bridge.sla.effects import PlaceAnswer
from bridge.sla.late_placements import LatePlacement, key_of
from bridge.sla.timeline import AnswerKind, PlacementOutcome
from bridge.store import deliveries, outbox, sources
from bridge.store.models import EffectRow, EffectState, SourceRow, TicketRow


def late_placements(session: Session, ticket: TicketRow) -> tuple[LatePlacement, ...]:
    """For each system that no placement of the standing answer went to: what is known of it."""
    effects = outbox.of_kind(session, ticket.id, EffectKind.PLACE_ANSWER)
    standing = _standing(effects)
    if standing is None:
        return ()
    main = [row.id for row in effects if to_placement(row.payload).only_source is None]
    served = {row.source_id for row in deliveries.of_effects(session, main)}
    late = [row for row in sources.of_message(session, ticket.message_id) if row.id not in served]
    return tuple(_late(late, to_placement(standing.payload), effects))


def _standing(effects: Sequence[EffectRow]) -> EffectRow | None:
    """The final answer that every system of its time has taken."""
    for row in reversed(effects):
        answer = to_placement(row.payload)
        is_final = answer.kind is AnswerKind.FINAL and answer.only_source is None
        if is_final and row.state == EffectState.DONE:
            return row
    return None


def _late(
    late: Sequence[SourceRow], answer: PlaceAnswer, effects: Sequence[EffectRow]
) -> Iterator[LatePlacement]:
    known = {row.key: row for row in effects}
    for source in late:
        key = key_of(answer.approval, source.id)
        row = known.get(key)
        yield LatePlacement(
            answer=replace(answer, key=key, only_source=source.id),
            outcome=(outcome_of(row) if row else None) or PlacementOutcome.WAITING,
            system=source.link,
            meaning=row.meaning if row else "",
        )
