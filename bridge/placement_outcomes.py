"""What the state of an effect says of the answer that it places."""

from bridge.sla.timeline import PlacementOutcome
from bridge.store.models import EffectRow, EffectState

_OUTCOMES = {
    EffectState.PENDING: PlacementOutcome.WAITING,
    EffectState.SENDING: PlacementOutcome.WAITING,
    EffectState.DONE: PlacementOutcome.PLACED,
    EffectState.UNCERTAIN: PlacementOutcome.UNCERTAIN,
    EffectState.FAILED: PlacementOutcome.FAILED,
}


def outcome_of(row: EffectRow) -> PlacementOutcome | None:
    """The outcome so far; None of an effect that was withdrawn."""
    return _OUTCOMES.get(EffectState(row.state))
