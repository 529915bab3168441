"""What the bridge knows of a ticket's message and channel, as the rules want to hear it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bridge.channels import Channels, ChannelSettings
from bridge.messages import Capabilities, Message, Visibility
from bridge.moderation import Flag, explain_masked, read_record
from bridge.sla.answer_checks import AnswerChecks
from bridge.sla.circumstances import Circumstances
from bridge.sla.moderation import Flagged
from bridge.sla.policy import Importance
from bridge.sla.timeline import AnswerKind
from bridge.store import tickets
from bridge.store.models import MessageRow, TicketRow


class Networks(Protocol):
    """Tells what channels can do."""

    def capabilities(self, channel: ChannelSettings, visibility: Visibility) -> Capabilities:
        """What the channel can do for messages of this visibility."""


class Room(Protocol):
    """Tells how many characters of an answer's text fit."""

    def __call__(self, message: Message, kind: AnswerKind) -> int:
        """The channel's limit less greeting, signature and the like."""


@dataclass(frozen=True)
class Knowledge:
    """Gathers a ticket's circumstances. Makes no connection."""

    channels: Channels
    networks: Networks
    checks: AnswerChecks
    room: Room

    @property
    def channel_titles(self) -> Mapping[str, str]:
        """How staff call the channels, by key."""
        return {channel.key: channel.title for channel in self.channels}

    def of(self, ticket: TicketRow, row: MessageRow) -> Circumstances:
        """The circumstances; of a channel that is no longer configured, the ordinary ones."""
        common = Circumstances(
            checks=self.checks,
            detected_at=row.received_at,
            importance=Importance(ticket.route.get("importance", Importance.NORMAL)),
            flagged=_flagged(ticket),
            why_important=ticket.route.get("why_important", ""),
        )
        if row.channel not in self.channels:
            return common
        return self._with_channel(common, tickets.as_message(row))

    def _with_channel(self, common: Circumstances, message: Message) -> Circumstances:
        channel = self.channels[message.channel]
        able = self.networks.capabilities(channel, message.visibility)
        return common.on_channel(
            self_placement=able.self_placement,
            longest={kind: self.room(message, kind) for kind in AnswerKind},
        )


def _flagged(ticket: TicketRow) -> Flagged | None:
    record = ticket.route.get("moderation")
    if record is None:
        return None
    verdict = read_record(record)
    return Flagged(
        found=explain_masked(verdict.found),
        threat=Flag.THREAT in verdict.flags,
        closes=record["closes"],
    )
