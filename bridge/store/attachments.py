"""Attachments: citizens' files, from the link in a message to every ticket of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, or_, select, update
from sqlalchemy.orm import Session

from bridge.messages import Attachment
from bridge.store import additions
from bridge.store.models import (
    AdditionRow,
    AttachmentRow,
    AttachmentState,
    EffectRow,
    EffectState,
    MessageRow,
    TicketRow,
)

ATTACH: Final = "attach:"
"""How the key of the effect begins that brings an attachment into a ticket."""

_MOST_FILES: Final = 50
"""Above what any network lets a message have."""
_LONGEST_KIND: Final = 64
_HAD: Final = (AttachmentState.FETCHED, AttachmentState.ATTACHED)


@dataclass(frozen=True)
class Stored:
    """A file as it is kept and called."""

    content: bytes = field(repr=False)
    content_type: str
    name: str
    sha256: str


def effect_key(attachment_id: int) -> str:
    """The key of the effect that brings the attachment into a ticket."""
    return f"{ATTACH}{attachment_id}"


def add(session: Session, message: MessageRow, now: datetime) -> None:
    """Have those files of the message downloaded that are new, in the message's transaction.

    A link that is signed anew counts as new: the download tells whether the file is.
    """
    known = set(
        session.scalars(select(AttachmentRow.url).where(AttachmentRow.message_id == message.id))
    )
    for each in message.attachments[:_MOST_FILES]:
        attachment = Attachment(**each)
        if not attachment.is_file or attachment.url in known:
            continue
        known.add(attachment.url)
        session.add(
            AttachmentRow(
                message_id=message.id,
                kind=attachment.kind[:_LONGEST_KIND],
                url=attachment.url,
                title=attachment.title,
                next_attempt_at=now,
                at=now,
            )
        )


def due(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """What is to be downloaded now, the longest waiting first."""
    return session.scalars(
        select(AttachmentRow.id)
        .where(_is_due(now))
        .order_by(AttachmentRow.next_attempt_at, AttachmentRow.id)
        .limit(limit)
    ).all()


def due_of(session: Session, ticket: TicketRow, now: datetime) -> Sequence[int]:
    """What is to be downloaded now for the ticket, in the order of the message."""
    return session.scalars(
        select(AttachmentRow.id).where(_is_due(now), _is_of(ticket)).order_by(AttachmentRow.id)
    ).all()


def claim(
    session: Session, attachment_id: int, now: datetime, until: datetime
) -> AttachmentRow | None:
    """Begin an attempt; None when there is none to be made now. Nobody else begins one `until`."""
    return session.scalars(
        update(AttachmentRow)
        .where(AttachmentRow.id == attachment_id, _is_due(now))
        .values(next_attempt_at=until, attempts=AttachmentRow.attempts + 1)
        .returning(AttachmentRow)
    ).one_or_none()


def keep(session: Session, attachment_id: int, stored: Stored) -> None:
    """Keep a file that was downloaded."""
    _change(
        session,
        attachment_id,
        state=AttachmentState.FETCHED,
        content=stored.content,
        content_type=stored.content_type,
        name=stored.name,
        size=len(stored.content),
        sha256=stored.sha256,
        reason="",
    )


def pass_over(session: Session, attachment_id: int) -> None:
    """The message has brought the same file before."""
    _change(session, attachment_id, state=AttachmentState.KNOWN)


def refuse(session: Session, attachment_id: int, reason: str) -> None:
    """It is not to be had, or not to be taken."""
    _change(session, attachment_id, state=AttachmentState.REFUSED, reason=reason, content=None)


def postpone(session: Session, attachment_id: int, until: datetime, reason: str) -> None:
    """Try again at the given instant."""
    _change(session, attachment_id, next_attempt_at=until, reason=reason)


def hand_over(session: Session, attachment_ids: Collection[int]) -> None:
    """The helpdesk has them: they need not be kept here."""
    session.execute(
        update(AttachmentRow)
        .where(AttachmentRow.id.in_(attachment_ids), AttachmentRow.state.in_(_HAD))
        .values(state=AttachmentState.ATTACHED, content=None)
    )


def place_in_message(session: Session, row: AttachmentRow) -> int:
    """The how-many-eth file of its message it is, from 1."""
    before = select(func.count()).where(
        AttachmentRow.message_id == row.message_id,
        AttachmentRow.id <= row.id,
        AttachmentRow.state != AttachmentState.KNOWN,
    )
    return session.scalars(before).one()


def size_of_message(session: Session, message_id: int) -> int:
    """How many bytes of files the message has brought so far."""
    return session.scalars(
        select(func.coalesce(func.sum(AttachmentRow.size), 0)).where(
            AttachmentRow.message_id == message_id, AttachmentRow.state.in_(_HAD)
        )
    ).one()


def has(session: Session, message_id: int, sha256: str) -> bool:
    """Whether the message has brought this very file."""
    same = exists().where(
        AttachmentRow.message_id == message_id,
        AttachmentRow.sha256 == sha256,
        AttachmentRow.state.in_(_HAD),
    )
    return session.scalars(select(same)).one()


def has_untried(session: Session, message_id: int) -> bool:
    """Whether files of the message wait for their first download."""
    untried = exists().where(
        AttachmentRow.message_id == message_id,
        AttachmentRow.state == AttachmentState.WAITING,
        AttachmentRow.attempts == 0,
    )
    return session.scalars(select(untried)).one()


def ticket_of(session: Session, message_id: int) -> int | None:
    """The ticket that the message's files go to: its own, or the one that it was added to."""
    added_to = additions.ticket_of(session, message_id)
    if added_to is not None:
        return added_to
    return session.scalars(
        select(TicketRow.id)
        .where(TicketRow.message_id == message_id, TicketRow.parent_id.is_(None))
        .order_by(TicketRow.id)
        .limit(1)
    ).one_or_none()


def to_bring(session: Session, ticket: TicketRow) -> Sequence[int]:
    """Files that were downloaded and that the ticket is to have, with no effect for it yet."""
    wanted = exists().where(EffectRow.ticket_id == ticket.id, EffectRow.key == _effect_key())
    return session.scalars(
        select(AttachmentRow.id)
        .where(_is_of(ticket), AttachmentRow.state.in_(_HAD), ~wanted)
        .order_by(AttachmentRow.id)
    ).all()


def by_id(session: Session, attachment_ids: Collection[int]) -> Mapping[int, AttachmentRow]:
    """The attachments with these numbers; their content is to be asked for."""
    rows = session.scalars(select(AttachmentRow).where(AttachmentRow.id.in_(attachment_ids)))
    return {row.id: row for row in rows}


def content(session: Session, attachment_id: int) -> bytes | None:
    """The file itself; None when it is not kept here, or no longer."""
    return session.scalars(
        select(AttachmentRow.content).where(AttachmentRow.id == attachment_id)
    ).one_or_none()


def holders(session: Session, attachment_id: int) -> Sequence[int]:
    """Issues that have got the attachment, as far as the bridge knows, in that order."""
    return [
        issue_id
        for issue_id in session.scalars(
            select(TicketRow.issue_id)
            .join(EffectRow, EffectRow.ticket_id == TicketRow.id)
            .where(EffectRow.key == effect_key(attachment_id), EffectRow.state == EffectState.DONE)
            .order_by(EffectRow.id)
        )
        if issue_id is not None
    ]


def missing(session: Session, ticket: TicketRow) -> Sequence[tuple[AttachmentRow, str]]:
    """Files that the ticket will not have, each with the reason, oldest first.

    Those of a message are told together, when none of its files is waiting any more.
    """
    waits = (
        select(AttachmentRow.message_id)
        .where(AttachmentRow.state == AttachmentState.WAITING)
        .scalar_subquery()
    )
    failed = and_(
        EffectRow.ticket_id == ticket.id,
        EffectRow.key == _effect_key(),
        EffectRow.state == EffectState.FAILED,
    )
    rows = session.execute(
        select(AttachmentRow, EffectRow.meaning)
        .outerjoin(EffectRow, failed)
        .where(
            _is_of(ticket),
            or_(AttachmentRow.state == AttachmentState.REFUSED, EffectRow.id.is_not(None)),
            AttachmentRow.message_id.not_in(waits),
        )
        .order_by(AttachmentRow.id)
    )
    return [(row, row.reason or meaning) for row, meaning in rows]


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(
        AttachmentRow.state == AttachmentState.WAITING, AttachmentRow.next_attempt_at <= now
    )


def _is_of(ticket: TicketRow) -> ColumnElement[bool]:
    """Of the ticket's message, or of a further one that is told in it."""
    further = select(AdditionRow.message_id).where(
        AdditionRow.ticket_id.in_((ticket.id, ticket.parent_id)),
        AdditionRow.kind.in_(additions.WRITTEN),
    )
    return or_(AttachmentRow.message_id == ticket.message_id, AttachmentRow.message_id.in_(further))


def _effect_key() -> ColumnElement[str]:
    return ATTACH + cast(AttachmentRow.id, String)


def _change(session: Session, attachment_id: int, **values: object) -> None:
    session.execute(update(AttachmentRow).where(AttachmentRow.id == attachment_id).values(values))
