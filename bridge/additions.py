"""What citizens did after their ticket was made, from the store to the rules."""

from collections.abc import Iterable, Mapping

from bridge.attachment_line import attachment_line
from bridge.messages import Attachment
from bridge.sla.additions import Addition, AdditionKind
from bridge.store.models import AdditionRow, MessageRow, SourceRow


def read_additions(
    rows: Iterable[tuple[AdditionRow, MessageRow, SourceRow | None]],
    message_id: int,
    channels: Mapping[str, str],
) -> tuple[Addition, ...]:
    """The stored additions of a ticket; `message_id` is the message that the ticket is for.

    `channels`: how staff call the channels, by key.
    """
    return tuple(
        _read(row, message, message_id) if source is None else _came_again(row, source, channels)
        for row, message, source in rows
    )


def _came_again(row: AdditionRow, source: SourceRow, channels: Mapping[str, str]) -> Addition:
    return Addition(
        number=row.id,
        kind=AdditionKind(row.kind),
        at=row.at,
        link=source.link,
        of_ticket=True,
        text=channels.get(source.channel, source.channel),
    )


def _read(row: AdditionRow, message: MessageRow, message_id: int) -> Addition:
    lines = (attachment_line(Attachment(**attachment)) for attachment in row.attachments)
    return Addition(
        number=row.id,
        kind=AdditionKind(row.kind),
        at=row.at,
        link=message.link,
        of_ticket=message.id == message_id,
        text=row.text,
        text_before=row.text_before,
        suggestion=row.suggestion,
        attachments="\n".join(f"* {line}" for line in lines),
    )
