"""The `vk` section of a channel: how one VK community is reached."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from bridge.config.document import ConfigError, ConfigModel
from bridge.config.web_address import WebAddress
from bridge.secrets import SecretReference


class VkCallback(ConfigModel):
    """The community's Callback API server.

    https://dev.vk.com/ru/api/callback/getting-started
    """

    secret: SecretReference
    """The secret key of the Callback API server, which VK sends with each event."""
    confirmation: str | None = Field(default=None, pattern=r"^[0-9A-Za-z]{1,64}$")
    """The confirmation string that VK's settings page shows. Absent: the bridge asks the API for
    it, which is right only for a server that was added through the API."""


class Transport(StrEnum):
    """How VK's events reach the bridge."""

    CALLBACK = "callback"
    """VK calls the bridge, which needs a public address: the Callback API."""
    LONG_POLL = "long_poll"
    """The bridge asks and waits: Bots Long Poll, for an office with no public address."""


class CommentPictures(StrEnum):
    """How the pictures of an answer are shown with a comment."""

    PHOTO = "photo"
    """As photos, which only a user's token may upload to a wall."""
    DOCUMENT = "document"
    """As files, which a community's token may upload. That comments show them follows from VK's
    pages but is written in none: try it once on the real page."""
    BY_HAND = "by_hand"
    """Not at all: such an answer is for a person."""


class VkSettings(ConfigModel):
    """One community. Tokens are references; `read_token` and `user_token` may stay away."""

    group_id: int = Field(gt=0)
    """The community's number, without a minus."""
    token: SecretReference
    """The community's own token: answers comments, sends and reads messages."""
    read_token: SecretReference | None = None
    """A user's or a service token. A community token may not read comments (error 27), so without
    this one an answer whose outcome is unknown goes to a person."""
    user_token: SecretReference | None = None
    """A token of a person who administers the community. Only such a one may answer comments under
    photos, videos, goods and in discussions, take a comment away, and show photos in comments."""
    transport: Transport = Transport.CALLBACK
    """How VK's events come."""
    callback: VkCallback | None = None
    """The Callback API server; needed where `transport` is `callback`."""
    comment_pictures: CommentPictures | None = None
    """Absent: photos where there is a user's token, else documents."""
    api_version: str = Field(default="5.199", pattern=r"^5\.\d{2,3}$")
    """The version of VK's API that is asked for."""
    api_url: WebAddress = "https://api.vk.ru/method"
    """Where VK's methods are called."""
    page_url: WebAddress = "https://vk.com"
    """Where VK's pages are, for links to messages and answers."""

    @model_validator(mode="after")
    def _has_what_its_choices_need(self) -> Self:
        if self.transport is Transport.CALLBACK and self.callback is None:
            raise ValueError(
                "transport callback needs a section `callback:`; without a public address give"
                " `transport: long_poll`"
            )
        if self.comment_pictures is CommentPictures.PHOTO and self.user_token is None:
            raise ValueError(
                "comment_pictures photo needs a `user_token`: VK lets no community token upload"
                " photos to a wall; without one give `document` or `by_hand`"
            )
        return self

    @property
    def callback_section(self) -> VkCallback:
        """The `callback` section of a community that VK calls about."""
        if self.callback is None:
            raise ConfigError(f"community {self.group_id}: has no section `callback:`")
        return self.callback

    @property
    def pictures_in_comments(self) -> CommentPictures:
        """How pictures are shown with comments, with the default filled in."""
        if self.comment_pictures is not None:
            return self.comment_pictures
        return CommentPictures.DOCUMENT if self.user_token is None else CommentPictures.PHOTO
