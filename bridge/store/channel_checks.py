"""What the last probe of each channel found."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.findings import Finding, State
from bridge.store.insertion import insert_into
from bridge.store.models import ChannelCheckRow


@dataclass(frozen=True)
class ChannelCheck:
    """The findings of one moment."""

    at: datetime
    findings: tuple[Finding, ...]

    @property
    def state(self) -> State:
        """The worst of them."""
        order = (State.OK, State.WARN, State.FAIL)
        return max((each.state for each in self.findings), key=order.index, default=State.OK)


def keep(session: Session, channel: str, findings: Sequence[Finding], now: datetime) -> None:
    """Keep what was found, in place of what was found before."""
    values = {"at": now, "findings": [asdict(finding) for finding in findings]}
    insertion = insert_into(session, ChannelCheckRow).values(channel=channel, **values)
    session.execute(insertion.on_conflict_do_update(index_elements=["channel"], set_=values))


def last(session: Session, channel: str) -> ChannelCheck | None:
    """What was found last; None when nobody looked."""
    row = session.get(ChannelCheckRow, channel)
    if row is None:
        return None
    findings = (Finding(**{**each, "state": State(each["state"])}) for each in row.findings)
    return ChannelCheck(row.at, tuple(findings))
