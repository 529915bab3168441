"""The community whose events are read."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bridge.channels import ChannelSettings
from bridge.ingest.port import MessageArrived, MessageEdited, MessageRestored, Parsed
from bridge.messages import Author
from bridge.networks import vk_links
from bridge.networks.vk_settings import VkSettings


@dataclass(frozen=True)
class Page:
    """One community as an author, as an owner, and as a channel of the bridge."""

    channel: str
    vk: VkSettings

    @classmethod
    def of_channel(cls, channel: ChannelSettings) -> "Page":
        """The community of a channel."""
        return cls(channel.key, channel.vk_section)

    @property
    def owner_id(self) -> int:
        """The community as an author and as the owner of its wall."""
        return -self.vk.group_id

    def author(self, author_id: int) -> Author:
        """The author, whose name no event tells."""
        link = vk_links.profile(self.vk.page_url, author_id)
        return Author(external_id=str(author_id), link=link)


def instant(seconds: int) -> datetime:
    """VK's time, seconds since 1970, UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def as_edit(parsed: Parsed) -> Parsed:
    """What arrived, as an edit of what is known."""
    return MessageEdited(parsed.message) if isinstance(parsed, MessageArrived) else parsed


def as_restoration(parsed: Parsed) -> Parsed:
    """What arrived, as there again."""
    return MessageRestored(parsed.message) if isinstance(parsed, MessageArrived) else parsed
