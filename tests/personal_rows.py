"""A message with everything that may be kept of it, each text of it recognisable."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import JSON, LargeBinary, MetaData, String, Table, Text, select, update
from sqlalchemy.orm import Session

from bridge.effects import EffectKind
from bridge.store.models import (
    AdditionRow,
    AttachmentRow,
    AttachmentState,
    Base,
    ClockRow,
    DecisionRow,
    DeliveryRow,
    EffectRow,
    EffectState,
    EventState,
    InboxEvent,
    NightlyDifferenceRow,
    NightlyRunRow,
    NumberRow,
    RouteCorrectionRow,
    SourceRow,
    TicketRow,
)
from tests.store_contract.rows import add_ticket

MARK: Final = "ПРИМЕТА"

IMPERSONAL: Final = frozenset(
    {
        "inbox_event.source",
        "inbox_event.external_id",
        "inbox_event.kind",
        "inbox_event.state",
        "inbox_event.reason",
        "message.channel",
        "message.network",
        "message.visibility",
        "message.topics",
        "message.district",
        "message_source.channel",
        "message_source.network",
        "message_source.visibility",
        "ticket.department",
        "ticket.policy",
        "ticket.status",
        "ticket.lease_owner",
        "addition.kind",
        "attachment.kind",
        "attachment.state",
        "attachment.content_type",
        "clock.key",
        "clock.kind",
        "clock.clause",
        "clock.holder",
        "clock.policy",
        "clock.policy_version",
        "clock.calendar_version",
        "clock.verdict",
        "clock.cause",
        "clock.explanation",
        "decision.trigger",
        "decision.summary",
        "outbox.key",
        "outbox.kind",
        "outbox.channel",
        "outbox.state",
        "outbox.code",
        "outbox.meaning",
        "delivery.state",
        "delivery.code",
        "delivery.meaning",
        "nightly_difference.side",
        "nightly_difference.what",
        "nightly_difference.cause",
        "nightly_difference.outcome",
        "nightly_run.phase",
        "nightly_run.reason",
        "nightly_run.lease_owner",
        "route_correction.proposed",
        "route_correction.chosen",
        "route_correction.mapping_version",
        "route_correction.model_version",
    }
)
"""Columns of these tables that hold no word of a citizen's, no answer, and nothing that leads to a
person: what is not here must be empty when a message is forgotten."""

_TABLES: Final = tuple(dict.fromkeys(name.split(".")[0] for name in sorted(IMPERSONAL)))


def add_whole_message(session: Session, number: int, at: datetime, *, closed: bool) -> TicketRow:
    """A ticket with a row of every kind that belongs to a message."""
    ticket = add_ticket(session, number)
    source = session.query(SourceRow).filter_by(message_id=ticket.message_id).one()
    event = InboxEvent(
        source="vk-head",
        external_id=f"later{number}",
        kind="wall_reply_edit",
        body=b"{}",
        received_at=at,
        state=EventState.PROCESSED,
        finished_at=at,
    )
    effects = [
        EffectRow(
            ticket_id=ticket.id,
            key=kind,
            kind=kind,
            payload=payload,
            state=EffectState.DONE,
            created_at=at,
            next_attempt_at=at,
            finished_at=at,
        )
        for kind, payload in _PAYLOADS.items()
    ]
    run = NightlyRunRow(started_at=at, since=at, finished_at=at)
    session.add_all([event, *effects, run])
    session.flush()
    session.add_all(
        [
            AdditionRow(
                ticket_id=ticket.id,
                message_id=ticket.message_id,
                inbox_event_id=event.id,
                kind="edited",
                at=at,
                attachments=[],
            ),
            AttachmentRow(
                message_id=ticket.message_id,
                kind="photo",
                url="",
                title="",
                state=AttachmentState.WAITING,
                next_attempt_at=at,
                at=at,
            ),
            NumberRow(number=f"{MARK}{number}", message_id=ticket.message_id),
            DeliveryRow(
                effect_id=effects[0].id,
                source_id=source.id,
                part=1,
                text="",
                state=EffectState.DONE,
                next_attempt_at=at,
                finished_at=at,
            ),
            ClockRow(
                ticket_id=ticket.id,
                key="answer:1",
                kind="answer",
                clause="3.2.1",
                holder="roads",
                policy="head-feed",
                policy_version="p",
                calendar_version="c",
                start=at,
                due=at + timedelta(hours=4),
                stop=at,
                verdict="in_time",
            ),
            DecisionRow(ticket_id=ticket.id, at=at, trigger="webhook", summary={"effects": []}),
            NightlyDifferenceRow(
                run_id=run.id,
                ticket_id=ticket.id,
                at=at,
                side="store",
                what="status",
                was="",
                became="",
                cause="unknown",
                outcome="mended",
            ),
            RouteCorrectionRow(
                ticket_id=ticket.id,
                proposed=["roads"],
                chosen=["housing"],
                reasons=[],
                mapping_version="m",
                model_version="",
                at=at,
            ),
        ]
    )
    session.flush()
    _mark_everything(session)
    ticket.closed, ticket.observed_update = closed, at
    session.flush()
    return ticket


_PAYLOADS: Final[dict[str, dict[str, Any]]] = {
    EffectKind.PLACE_ANSWER: {"key": "place:1", "approval": 1, "text": MARK, "kind": "final"},
    EffectKind.UPDATE_TICKET: {
        "key": "undo:1",
        "status": "revision",
        "fields": {"answer_text": MARK},
        "due_date": None,
        "note": {"template": "answer_blocked", "values": {"text": MARK}},
    },
    EffectKind.CREATE_TICKET: {},
    EffectKind.ATTACH_FILE: {"attachment": 1},
}


def _mark_everything(session: Session) -> None:
    """Put the mark into each column of new rows that may hold something personal."""
    metadata: MetaData = Base.metadata
    for name in _TABLES:
        table = metadata.tables[name]
        for row in session.execute(select(table)).mappings().all():
            values = {
                column.name: _marked(column.type, row["id"])
                for column in table.columns
                if f"{name}.{column.name}" not in IMPERSONAL | {"outbox.payload"}
                and isinstance(column.type, String | Text | JSON | LargeBinary)
            }
            if values and not any(map(_has_the_mark, row.values())):
                session.execute(update(table).where(table.c.id == row["id"]).values(values))
    session.expire_all()


def _marked(kind: object, row_id: int) -> Any:
    match kind:
        case LargeBinary():
            return f"{MARK} {row_id}".encode()
        case JSON():
            return {MARK: MARK}
        case _:
            return f"{MARK} {row_id}"


def places_of_the_mark(session: Session) -> list[str]:
    """Every column in which it is still to be found."""
    found: set[str] = set()
    tables: list[Table] = list(Base.metadata.tables.values())
    for table in tables:
        for row in session.execute(select(table)).mappings():
            found.update(
                f"{table.name}.{name}" for name, value in row.items() if _has_the_mark(value)
            )
    return sorted(found)


def _has_the_mark(value: object) -> bool:
    text = value.decode(errors="replace") if isinstance(value, bytes) else repr(value)
    return MARK in text
