"""Records that an effect failed for good."""

from bridge.flow.lease import Lease
from bridge.store import outbox
from bridge.store.models import EffectRow, EffectState


def record_failure(lease: Lease, effect: EffectRow, code: str, meaning: str) -> None:
    """Close the effect as failed; `meaning` is Russian, for staff. Raises `LeaseLost`."""
    with lease.writing() as session:
        outbox.finish(
            session,
            effect.id,
            state=EffectState.FAILED,
            now=lease.now(),
            code=code,
            meaning=meaning,
        )
