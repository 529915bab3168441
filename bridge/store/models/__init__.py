"""Every table. Instants are UTC; states are words, so that a person can read the database."""

from bridge.store.models.audit import AuditRow
from bridge.store.models.base import Base, UtcDateTime
from bridge.store.models.channels import ChannelCheckRow, ChannelSwitchRow
from bridge.store.models.inbox import EventState, InboxEvent, PollRow, SilenceRow
from bridge.store.models.learning import ModelTrialRow, RouteCorrectionRow
from bridge.store.models.mapping import MappingDraftRow, MappingVersionRow
from bridge.store.models.messages import (
    AttachmentRow,
    AttachmentState,
    MessageRow,
    NumberRow,
    SourceRow,
)
from bridge.store.models.outbox import ChannelStateRow, DeliveryRow, EffectRow, EffectState
from bridge.store.models.reconciliation import (
    Cause,
    CursorRow,
    NightlyDifferenceRow,
    NightlyPhase,
    NightlyReadingRow,
    NightlyRunRow,
    Outcome,
    RepairRow,
    Side,
)
from bridge.store.models.reports import ReportSnapshotRow
from bridge.store.models.tickets import AdditionRow, ClockRow, DecisionRow, TicketRow

__all__ = [
    "AdditionRow",
    "AttachmentRow",
    "AttachmentState",
    "AuditRow",
    "Base",
    "Cause",
    "ChannelCheckRow",
    "ChannelStateRow",
    "ChannelSwitchRow",
    "ClockRow",
    "CursorRow",
    "DecisionRow",
    "DeliveryRow",
    "EffectRow",
    "EffectState",
    "EventState",
    "InboxEvent",
    "MappingDraftRow",
    "MappingVersionRow",
    "MessageRow",
    "ModelTrialRow",
    "NightlyDifferenceRow",
    "NightlyPhase",
    "NightlyReadingRow",
    "NightlyRunRow",
    "NumberRow",
    "Outcome",
    "PollRow",
    "RepairRow",
    "ReportSnapshotRow",
    "RouteCorrectionRow",
    "Side",
    "SilenceRow",
    "SourceRow",
    "TicketRow",
    "UtcDateTime",
]
