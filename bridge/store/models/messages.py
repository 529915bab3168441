"""Citizens' messages, the systems that brought them, their files."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.models.base import Base


class MessageRow(Base):
    """One message of a citizen, however often and by whichever way it came."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("network", "visibility", "external_id"),
        Index("ix_message_conversation", "network", "visibility", "conversation", "author_id"),
        Index("ix_message_kept", "erased_at", "received_at"),
        Index("ix_message_author", "network", "author_id"),
        Index("ix_message_event", "inbox_event_id"),
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
    erased_at: Mapped[datetime | None]
    """When all that is personal about it was forgotten."""


class SourceRow(Base):
    """One of the systems that brought a message; its answer goes to each of them."""

    __tablename__ = "message_source"
    __table_args__ = (
        UniqueConstraint("network", "visibility", "external_id"),
        Index("ix_message_source_event", "inbox_event_id"),
    )

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
