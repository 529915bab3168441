"""People press Enter in mid-sentence: several direct messages in a row are one.

Nothing waits for the next one, for the clock of clause 3.1 runs; a ticket that is not written yet
is written from all that came until then.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bridge.messages import Message, Visibility


def belongs_to(message: Message, first_posted_at: datetime, window: timedelta) -> bool:
    """Whether a further message is one with the first of its ticket, posted then.

    Only a direct one is: comments stand in public, each by itself.
    """
    since = message.posted_at - first_posted_at
    return message.visibility is Visibility.DIRECT and timedelta(0) <= since < window


def joined(first: Message, following: Sequence[Message]) -> Message:
    """The first message with what its author wrote right after it: a line, and files, for each."""
    messages = [first, *following]
    return replace(
        first,
        text="\n".join(message.text for message in messages if message.text.strip()),
        attachments=tuple(file for message in messages for file in message.attachments),
    )
