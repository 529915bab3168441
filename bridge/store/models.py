"""Tables. Instants are UTC; states are words, so that a person can read the database."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant. Databases without time zones (SQLite) keep it as naive UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive instants: nobody can say what they mean."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every instant back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all tables."""

    type_annotation_map: ClassVar = {datetime: UtcDateTime(), dict[str, Any]: JSON()}


class EventState(StrEnum):
    """Where an event of the inbox is."""

    RECEIVED = "received"
    PROCESSED = "processed"
    SET_ASIDE = "set_aside"
    """Understood, and nothing to do: `reason` says why."""
    UNREADABLE = "unreadable"
    """Kept for a person: `reason` says what could not be read."""


class InboxEvent(Base):
    """What a sender was told is safe with us."""

    __tablename__ = "inbox_event"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_inbox_event_open", "state", "received_at"),
        Index("ix_inbox_event_arrival", "source", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(64))
    """A channel's key, or `helpdesk`."""
    external_id: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(64))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), default=EventState.RECEIVED)
    reason: Mapped[str] = mapped_column(Text, default="")
    attempts: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]


class MessageRow(Base):
    """One message of a citizen, however often and by whichever way it came."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("network", "visibility", "external_id"),
        Index("ix_message_conversation", "network", "visibility", "conversation", "author_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inbox_event_id: Mapped[int] = mapped_column(ForeignKey("inbox_event.id"))
    channel: Mapped[str] = mapped_column(String(64))
    network: Mapped[str] = mapped_column(String(16))
    visibility: Mapped[str] = mapped_column(String(16))
    external_id: Mapped[str] = mapped_column(String(190))
    conversation: Mapped[str] = mapped_column(String(190), default="")
    """The talk that it belongs to; empty where the network has none."""
    author_id: Mapped[str] = mapped_column(String(64))
    author_name: Mapped[str] = mapped_column(String(255))
    author_link: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(Text)
    address: Mapped[dict[str, Any]]
    attachments: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    surroundings: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What it stands below (`messages.Surroundings`)."""
    topics: Mapped[list[str]] = mapped_column(JSON, default=list)
    district: Mapped[str] = mapped_column(String(255), default="")
    posted_at: Mapped[datetime]
    received_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    """When the network told that it is no longer there."""


class TicketRow(Base):
    """One duty of one department (or of the curators), and its issue in the helpdesk."""

    __tablename__ = "ticket"
    __table_args__ = (Index("ix_ticket_open", "closed", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    """The ticket that this one is a part of (clause 2.1.2)."""
    external_number: Mapped[str] = mapped_column(String(255), unique=True)
    department: Mapped[str | None] = mapped_column(String(64))
    """The department to which the mapping sent it; who holds it now, the helpdesk knows."""
    route: Mapped[dict[str, Any]]
    policy: Mapped[str] = mapped_column(String(64))
    issue_id: Mapped[int | None] = mapped_column(unique=True)
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    """The closed ticket whose conversation its author takes up again (reading 14)."""
    created_at: Mapped[datetime]
    closed: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(32), default="")
    observed_update: Mapped[datetime | None]
    """The issue's own time of change at the last observation."""
    observed_journal: Mapped[int] = mapped_column(default=0)
    """The newest journal entry at the last observation."""
    reconciled_at: Mapped[datetime | None]
    attention: Mapped[str] = mapped_column(Text, default="")
    """Why the last try to reconcile failed; empty when it did not."""
    attempts: Mapped[int] = mapped_column(default=0)
    look_at: Mapped[datetime | None] = mapped_column(index=True)
    """When to look again though nothing happens: a deadline passes, a failed try is repeated."""
    hints: Mapped[int] = mapped_column(default=0)
    """Raised by each hint that came while somebody held the lease."""
    part: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What the whole needs to know of this ticket (`sla.parts.Part`)."""
    whole: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What its parts need to know of this ticket (`sla.parts.Whole`); None while it has none."""
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]


class AdditionRow(Base):
    """What became of a message after it had a ticket: its author wrote more, edited, deleted it;
    another system brought it again."""

    __tablename__ = "addition"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    inbox_event_id: Mapped[int] = mapped_column(ForeignKey("inbox_event.id"), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text, default="")
    text_before: Mapped[str] = mapped_column(Text, default="")
    attachments: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("message_source.id"))
    """The further system by which the same message came."""
    suggestion: Mapped[str] = mapped_column(Text, default="")
    """The department that this and the ticket's message make out together, in a sentence."""


class ClockRow(Base):
    """One clock of one ticket. A row that has a verdict never changes again."""

    __tablename__ = "clock"
    __table_args__ = (
        UniqueConstraint("ticket_id", "key"),
        Index("ix_clock_running", "verdict", "due"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    key: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(32))
    clause: Mapped[str] = mapped_column(String(16))
    holder: Mapped[str] = mapped_column(String(64))
    policy: Mapped[str] = mapped_column(String(64))
    policy_version: Mapped[str] = mapped_column(String(64))
    calendar_version: Mapped[str] = mapped_column(String(64))
    start: Mapped[datetime]
    due: Mapped[datetime]
    stop: Mapped[datetime | None]
    verdict: Mapped[str | None] = mapped_column(String(16))
    cause: Mapped[str] = mapped_column(Text, default="")
    explanation: Mapped[str] = mapped_column(Text, default="")


class EffectState(StrEnum):
    """Where an effect of the outbox is."""

    PENDING = "pending"
    SENDING = "sending"
    """Stored before the call. Found so without a lease, its outcome is unknown."""
    DONE = "done"
    UNCERTAIN = "uncertain"
    """Perhaps visible; for a person to decide."""
    FAILED = "failed"
    """For good; `meaning` says why."""
    WITHDRAWN = "withdrawn"
    """No longer wanted before anything went out; pending again if a decision wants it again."""


class EffectRow(Base):
    """The outbox: one effect on the outside, with its idempotency key."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("ticket_id", "key"),
        Index("ix_outbox_open", "state", "next_attempt_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    key: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str | None] = mapped_column(String(64))
    """The channel that an effect goes out by; None: the helpdesk."""
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(16), default=EffectState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    sending_since: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    code: Mapped[str] = mapped_column(String(64), default="")
    meaning: Mapped[str] = mapped_column(Text, default="")


class DecisionRow(Base):
    """What was decided when, on which state of the issue: the audit of the bridge itself."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    at: Mapped[datetime]
    trigger: Mapped[str] = mapped_column(String(32))
    journal_id: Mapped[int | None]
    summary: Mapped[dict[str, Any]]


class RepairRow(Base):
    """A change that no webhook announced and the sweep found: it says that the hook is broken."""

    __tablename__ = "sweep_repair"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    at: Mapped[datetime]
    changed_at: Mapped[datetime]


class NightlyPhase(StrEnum):
    """What a nightly run is reading."""

    OPEN = "open"
    """Open tickets."""
    CLOSED = "closed"
    """Closed tickets that changed since the last run."""


class NightlyRunRow(Base):
    """One nightly reconciliation: how far it came, what it counted."""

    __tablename__ = "nightly_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    active: Mapped[bool | None] = mapped_column(unique=True)
    """True until it has ended, then NULL: so there is at most one that has not."""
    started_at: Mapped[datetime]
    since: Mapped[datetime]
    """Closed tickets are looked at if they changed after this instant."""
    finished_at: Mapped[datetime | None]
    phase: Mapped[str] = mapped_column(String(16), default=NightlyPhase.OPEN)
    reached: Mapped[int] = mapped_column(default=0)
    """The ticket up to which the phase is done."""
    looked: Mapped[int] = mapped_column(default=0)
    """Tickets compared with their row of Redmine's list."""
    read: Mapped[int] = mapped_column(default=0)
    """Those of them that were read with their journal."""
    differing: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    """Tickets that could not be compared."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it has not ended, or what did not work at its end."""
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]


class Side(StrEnum):
    """Where a nightly difference was found, and so what was mended."""

    STORE = "store"
    HELPDESK = "helpdesk"


class Cause(StrEnum):
    """Why something was not as it should be."""

    LOST_WEBHOOK = "lost_webhook"
    """Staff's doing that no webhook announced."""
    EDITED_BY_HAND = "edited_by_hand"
    """A person changed a field that is the bridge's to set."""
    SILENT_DROP = "silent_drop"
    """The bridge wrote it, Redmine does not show it."""
    REFUSED = "refused"
    """Redmine refused to have it written."""
    CHANGED_RULES = "changed_rules"
    """The policy or the calendar is not the one by which the clock was timed."""
    BEHIND = "behind"
    """The bridge knew that there was something to do, and had not got to it."""
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """What became of a nightly difference."""

    MENDED = "mended"
    KEPT = "kept"
    """A verdict that would be another today: it was not changed (reading 1)."""
    LEFT = "left"
    """Still there after the reconciliation."""


class NightlyDifferenceRow(Base):
    """One thing that was not as the rules want it, and why."""

    __tablename__ = "nightly_difference"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("nightly_run.id"), index=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    at: Mapped[datetime]
    side: Mapped[str] = mapped_column(String(16))
    what: Mapped[str] = mapped_column(String(64))
    """`status`, `journal`, `due_date`, `note`, `placement`, `issue`, `clock KEY` or a field."""
    was: Mapped[str] = mapped_column(Text)
    became: Mapped[str] = mapped_column(Text)
    """What the rules want; of a verdict that was kept, what it would be today."""
    cause: Mapped[str] = mapped_column(String(32))
    outcome: Mapped[str] = mapped_column(String(16))


class NightlyReadingRow(Base):
    """What a ticket was like when a nightly run last read it with its journal."""

    __tablename__ = "nightly_reading"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("nightly_run.id"))
    read_at: Mapped[datetime]
    fingerprint: Mapped[str] = mapped_column(String(64))
    """Of all that the comparison depends on; empty where something was left to be done."""


class CursorRow(Base):
    """How far a sweep has read."""

    __tablename__ = "cursor"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    instant: Mapped[datetime]


class ChannelStateRow(Base):
    """Whether a channel may be used now. No row: it may."""

    __tablename__ = "channel_state"

    channel: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    """End of a pause; None while down: until a check is green."""
    code: Mapped[str] = mapped_column(String(64))
    meaning: Mapped[str] = mapped_column(Text)


class ReportSnapshotRow(Base):
    """The figures of a closed period as they were first reported: later requests get these."""

    __tablename__ = "report_snapshot"
    __table_args__ = (UniqueConstraint("kind", "first", "last"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    first: Mapped[date]
    """The first local day of the period."""
    last: Mapped[date]
    """Its last local day."""
    made_at: Mapped[datetime]
    figures: Mapped[dict[str, Any]]
    published_at: Mapped[datetime | None]
    """Since when the report stands in the helpdesk."""


class PollRow(Base):
    """What is fetched for a channel, because nobody sends it: where the last look ended."""

    __tablename__ = "poll"

    channel: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    state: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """The poller's own, as of the last look that succeeded."""
    looked_at: Mapped[datetime | None]
    """When a look last succeeded."""
    failing_since: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    """How many looks have failed in a row."""
    code: Mapped[str] = mapped_column(String(64), default="")
    meaning: Mapped[str] = mapped_column(Text, default="")
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]


class SourceRow(Base):
    """One of the systems that brought a message; its answer goes to each of them."""

    __tablename__ = "message_source"
    __table_args__ = (UniqueConstraint("network", "visibility", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    inbox_event_id: Mapped[int] = mapped_column(ForeignKey("inbox_event.id"))
    channel: Mapped[str] = mapped_column(String(64))
    network: Mapped[str] = mapped_column(String(16))
    visibility: Mapped[str] = mapped_column(String(16))
    external_id: Mapped[str] = mapped_column(String(190))
    link: Mapped[str] = mapped_column(Text)
    address: Mapped[dict[str, Any]]
    posted_at: Mapped[datetime]
    received_at: Mapped[datetime]


class NumberRow(Base):
    """A number by which a message is known: its own in each system, and those that cards name."""

    __tablename__ = "message_number"

    number: Mapped[str] = mapped_column(String(255), primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)


class DeliveryRow(Base):
    """One part of one answer on its way to one of the systems that brought the message."""

    __tablename__ = "delivery"
    __table_args__ = (UniqueConstraint("effect_id", "source_id", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    effect_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"))
    source_id: Mapped[int] = mapped_column(ForeignKey("message_source.id"))
    part: Mapped[int]
    """From 1; an answer that the channel takes in one piece has one part."""
    text: Mapped[str] = mapped_column(Text)
    """As it is to be shown: rendered once, whatever becomes of the template."""
    state: Mapped[str] = mapped_column(String(16), default=EffectState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    sending_since: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    code: Mapped[str] = mapped_column(String(64), default="")
    meaning: Mapped[str] = mapped_column(Text, default="")


class SilenceRow(Base):
    """A source that has been silent for longer than usual, and that somebody was told of."""

    __tablename__ = "silence"

    source: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime]
    """When it was last heard."""
    noticed_at: Mapped[datetime]


class AttachmentState(StrEnum):
    """How far a file of a citizen's has come."""

    WAITING = "waiting"
    """To be downloaded, now or again later."""
    FETCHED = "fetched"
    """Downloaded, and kept here until the helpdesk has it."""
    ATTACHED = "attached"
    """In the helpdesk; other tickets of the same message get it from there."""
    KNOWN = "known"
    """The message has brought the same file before."""
    REFUSED = "refused"
    """Not to be had, or not to be taken: `reason` says why."""


class AttachmentRow(Base):
    """A picture or file that a message brought, from its link to the helpdesk."""

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_waiting", "state", "next_attempt_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    kind: Mapped[str] = mapped_column(String(64))
    url: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), default=AttachmentState.WAITING)
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """Only while it is fetched and not attached."""
    name: Mapped[str] = mapped_column(String(255), default="")
    """As it is called in every ticket: by it an attachment is known again there."""
    content_type: Mapped[str] = mapped_column(String(128), default="")
    size: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    at: Mapped[datetime]
    """When the message brought it."""


class RouteCorrectionRow(Base):
    """A route that curators decided otherwise than the bridge proposed: a lesson for the mapping.

    Departments are lists of keys, in their order. Of a ticket that is again as it was proposed
    there is no row.
    """

    __tablename__ = "route_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), unique=True)
    proposed: Mapped[list[str]] = mapped_column(JSON)
    chosen: Mapped[list[str]] = mapped_column(JSON)
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """What had spoken for the proposal: `department`, `rule`, `words`."""
    mapping_version: Mapped[str] = mapped_column(String(16))
    model_version: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    """When the bridge saw the last change of what was chosen."""


class ModelTrialRow(Base):
    """One training on the office's own tickets, and what its model was worth against the former."""

    __tablename__ = "model_trial"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    version: Mapped[str] = mapped_column(String(16))
    former_version: Mapped[str] = mapped_column(String(16))
    learnt_from: Mapped[int]
    """The office's own messages among those that it was trained on."""
    held_back: Mapped[int]
    """The office's own messages that both were measured on, and neither was trained on."""
    exact: Mapped[int]
    """Of those, how many it routed exactly as the curators had."""
    former_exact: Mapped[int]
    kept: Mapped[bool]
