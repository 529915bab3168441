"""Private dialogs between communities and people (messages.* of the API, A3 of the facts)."""

import itertools
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from sandbox.clock import Clock
from sandbox.vk.errors import VkError, bad_parameter
from sandbox.vk.model import JsonObject, PrivateMessage
from sandbox.vk.payloads import CLIENT_INFO, message_event, message_object
from sandbox.vk.wall import Publish

MESSAGE_LIMIT = 9000
"""Longest text of a message in characters."""

_RANDOM_ID_WINDOW = timedelta(hours=1)
_RANDOM_ID_MESSAGES = 100
"""A repeated random_id is recognised within the last hour, among the last 100 messages."""


class Permission(StrEnum):
    """Whether a community may write to a person, and if not, why."""

    NEVER_WROTE = "never_wrote"
    ALLOWED = "allowed"
    DENIED = "denied"
    BLACKLISTED = "blacklisted"
    PRIVACY = "privacy"


_REFUSALS = {
    Permission.NEVER_WROTE: 901,
    Permission.DENIED: 901,
    Permission.BLACKLISTED: 900,
    Permission.PRIVACY: 902,
}


@dataclass(frozen=True)
class MessageDraft:
    """A community's message before it is sent; `random_id` 0: repetitions are not recognised."""

    group_id: int
    user_id: int
    text: str
    random_id: int
    attachments: tuple[JsonObject, ...] = ()
    admin_author_id: int | None = None


@dataclass(frozen=True)
class IncomingMessage:
    """What a person writes to a community; see `PrivateMessage`."""

    text: str
    attachments: tuple[JsonObject, ...] = ()
    extra: JsonObject = field(default_factory=dict)
    cropped: bool = False


@dataclass
class _Dialog:
    permission: Permission = Permission.NEVER_WROTE
    messages: list[PrivateMessage] = field(default_factory=list)
    written: int = 0
    """The newest number that a message ever had: deleted ones keep theirs."""


class Dialogs:
    """All dialogs by community and person; the messages of each are numbered from `first_id`."""

    def __init__(self, clock: Clock, publish: Publish, first_id: int = 1) -> None:
        self._clock = clock
        self._publish = publish
        self._first_id = first_id
        self._ids = itertools.count(first_id)
        self._dialogs: dict[tuple[int, int], _Dialog] = {}

    def permission(self, group_id: int, user_id: int) -> Permission:
        """Whether the community may write to the person."""
        return self._dialog(group_id, user_id).permission

    def set_permission(self, group_id: int, user_id: int, permission: Permission) -> None:
        """Let the person allow or deny the community's messages."""
        self._dialog(group_id, user_id).permission = permission

    def messages(self, group_id: int, user_id: int) -> list[PrivateMessage]:
        """The messages of a dialog, oldest first."""
        return list(self._dialog(group_id, user_id).messages)

    def find_message(self, group_id: int, message_id: int) -> PrivateMessage | None:
        """The community's message with this id, or None."""
        mine = (d for (group, _), d in self._dialogs.items() if group == group_id)
        found = (m for dialog in mine for m in dialog.messages if m.id == message_id)
        return next(found, None)

    def of_community(self, group_id: int) -> list[list[PrivateMessage]]:
        """The dialogs of a community that have messages, the one with the newest first."""
        mine = [d.messages for (group, _), d in self._dialogs.items() if group == group_id]
        return sorted(filter(None, mine), key=lambda messages: messages[-1].id, reverse=True)

    def delete(self, group_id: int, message_id: int) -> bool:
        """Delete a message for both sides; False when there is none."""
        message = self.find_message(group_id, message_id)
        if message is None:
            return False
        self._dialog(group_id, message.peer_id).messages.remove(message)
        return True

    def receive(self, group_id: int, user_id: int, incoming: IncomingMessage) -> PrivateMessage:
        """A person writes to the community: from then on it may answer, with no time limit."""
        if self.permission(group_id, user_id) is Permission.NEVER_WROTE:
            self.set_permission(group_id, user_id, Permission.ALLOWED)
        draft = MessageDraft(group_id, user_id, incoming.text, 0, incoming.attachments)
        message = self._append(draft, user_id, incoming)
        event = {"message": message_event(message), "client_info": CLIENT_INFO}
        self._publish("message_new", -group_id, event)
        return message

    def send(self, draft: MessageDraft) -> PrivateMessage:
        """The community writes to a person; a repeated random_id returns the first message.

        Raises errors 100, 900, 901, 902 and 914 as messages.send does.
        """
        repeated = self._sent_before(draft)
        if repeated is not None:
            return repeated
        if not draft.text and not draft.attachments:
            raise bad_parameter("message is empty or invalid")
        if len(draft.text) > MESSAGE_LIMIT:
            raise VkError(914)
        permission = self.permission(draft.group_id, draft.user_id)
        if permission in _REFUSALS:
            raise VkError(_REFUSALS[permission])
        message = self._append(draft, -draft.group_id, IncomingMessage(draft.text))
        self._publish("message_reply", -draft.group_id, message_object(message))
        return message

    def _dialog(self, group_id: int, user_id: int) -> _Dialog:
        return self._dialogs.setdefault((group_id, user_id), _Dialog(written=self._first_id - 1))

    def _sent_before(self, draft: MessageDraft) -> PrivateMessage | None:
        if draft.random_id == 0:
            return None
        since = self._clock() - _RANDOM_ID_WINDOW
        recent = self.messages(draft.group_id, draft.user_id)[-_RANDOM_ID_MESSAGES:]
        same = (m for m in recent if m.out and m.random_id == draft.random_id and m.date > since)
        return next(same, None)

    def _append(
        self, draft: MessageDraft, from_id: int, incoming: IncomingMessage
    ) -> PrivateMessage:
        dialog = self._dialog(draft.group_id, draft.user_id)
        dialog.written += 1
        message = PrivateMessage(
            id=next(self._ids),
            conversation_message_id=dialog.written,
            peer_id=draft.user_id,
            from_id=from_id,
            date=self._clock(),
            text=draft.text,
            out=from_id < 0,
            random_id=draft.random_id,
            attachments=draft.attachments,
            admin_author_id=draft.admin_author_id,
            extra=incoming.extra,
            cropped=incoming.cropped,
        )
        dialog.messages.append(message)
        return message
