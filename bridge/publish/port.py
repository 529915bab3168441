"""What the bridge needs of a channel's publisher, and how its failures are told apart."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bridge.messages import Address, Placed, Placement


class Remedy(StrEnum):
    """What a failure calls for."""

    RETRY = "retry"
    """Try again soon, with backoff and the same idempotency key."""
    PAUSE = "pause"
    """Flood control or a quota: leave the whole channel alone for a longer while."""
    CHANNEL_DOWN = "channel_down"
    """Nothing will work until a person mends it (token, rights): hold the queue and alert."""
    BY_HAND = "by_hand"
    """Permanent for this one answer: a person places it by hand or drops it."""
    LOOK = "look"
    """The outcome is unknown: the answer may be visible. Look before trying again."""


class PublishError(Exception):
    """A placement did not succeed, or is not known to have.

    `code` is the network's own error code ("timeout", "http 502" where there is none); `meaning`
    says in plain Russian, to staff, what happened and what to do. Neither carries a token.
    """

    def __init__(self, remedy: Remedy, code: str, meaning: str) -> None:
        super().__init__(f"{remedy} ({code}): {meaning}")
        self.remedy = remedy
        self.code = code
        self.meaning = meaning


class CannotLook(Exception):
    """The channel has no means to say whether an answer is visible (no token that may read)."""


class Publisher(Protocol):
    """One channel's way out."""

    def place(self, placement: Placement) -> Placed:
        """Make the answer visible. Raises `PublishError`."""

    def find(self, placement: Placement, since: datetime) -> Placed | None:
        """The answer if it stands there, posted at or after `since`; None when it does not.

        Raises `CannotLook`, or `PublishError` when looking itself failed.
        """

    def retract(self, address: Address, placed: Placed) -> None:
        """Take a placed answer away again; nothing happens when it is gone.

        It may be repeated. Raises `PublishError`.
        """
