"""The `ok` section of a channel: how one group of Odnoklassniki is reached."""

from ipaddress import ip_network
from typing import Literal, Self

from pydantic import Field, IPvAnyNetwork, model_validator

from bridge.config.document import ConfigModel
from bridge.config.web_address import WebAddress
from bridge.secrets import SecretReference

SENDER_NETWORKS = tuple(
    ip_network(text) for text in ("217.20.145.192/28", "217.20.151.160/28", "217.20.153.48/28")
)
"""Where OK's webhooks come from: https://apiok.ru/en/dev/graph_api/bot_api"""

LONGEST_COMMENT = 3000
"""Characters that `discussions.editDiscussionComment` documents; none are for new comments."""


class OkWebhook(ConfigModel):
    """How a webhook is known to be OK's, which signs nothing: a secret address, and its networks.

    https://apiok.ru/en/dev/graph_api/bot_api
    """

    key: SecretReference
    """The last part of the webhook's address: letters and digits, made at random."""
    networks: tuple[IPvAnyNetwork, ...] = Field(default=SENDER_NETWORKS, min_length=1)
    """Where OK may send from; the default are the ones that OK documents."""


class OkRefresh(ConfigModel):
    """How an expired session is renewed: https://apiok.ru/en/ext/oauth/server"""

    application_id: str = Field(pattern=r"^\d{1,20}$")
    """The application's number."""
    token: SecretReference
    """The refresh token that came with the session."""


class OkRest(ConfigModel):
    """A session of the group's administrator in an application: reads comments and answers them.

    https://apiok.ru/en/dev/methods/
    """

    application_key: SecretReference
    """The application's public key."""
    access_token: SecretReference
    """The session's token."""
    application_secret: SecretReference | None = None
    """Signs calls together with the token."""
    session_secret: SecretReference | None = None
    """Signs calls by itself: OK gives it with an everlasting token."""
    refresh: OkRefresh | None = None
    """How the session is renewed when it expires; absent: it is not."""

    @model_validator(mode="after")
    def _can_sign(self) -> Self:
        if bool(self.application_secret) == bool(self.session_secret):
            raise ValueError("give application_secret or session_secret, exactly one")
        if self.refresh and not self.application_secret:
            raise ValueError("refresh needs application_secret: a new token is signed with it")
        return self


class OkFeed(ConfigModel):
    """How the comments are polled: OK has no webhook for them and documents no rate."""

    pause_seconds: float = Field(default=60.0, ge=1, le=3600)
    """Seconds between two looks."""
    calls_per_look: int = Field(default=20, ge=6, le=500)
    """Calls of one look at most; what is left waits for the next look."""
    topics_days: int = Field(default=14, ge=1, le=365)
    """Topics older than this, by OK's statistics, are not asked for."""
    reread_hours: int = Field(default=72, ge=1, le=720)
    """For so long after its last comment a topic is read again for edits and deletions."""
    reread_minutes: int = Field(default=10, ge=1, le=1440)
    """How often."""
    backfill_hours: int = Field(default=0, ge=0, le=720)
    """How old a comment may be at the first look of all to become a message."""


class OkSettings(ConfigModel):
    """One group. Without `rest` its feed is neither read nor answered."""

    group_id: int = Field(gt=0, lt=2**63)
    """The group's number."""
    token: SecretReference
    """The group's own key of the Bot API (Graph): direct messages."""
    transport: Literal["webhook", "long_poll"] = "webhook"
    """How direct messages come: sent by OK, or fetched for an office without a public address."""
    webhook: OkWebhook | None = None
    """The address that OK sends to; needed where `transport` is `webhook`."""
    rest: OkRest | None = None
    """The session that reads and answers comments; absent: direct messages only."""
    feed: OkFeed = OkFeed()
    """How comments are polled."""
    comments: bool = True
    """Whether `discussions.addDiscussionComment` may be used; OK may have closed it. Without it
    answers to comments are placed by hand."""
    robot_id: str = Field(default="", pattern=r"^\d{0,20}$")
    """The user whose session `rest` is: what it writes is the group's own, should OK show it as its
    author."""
    graph_url: WebAddress = "https://api.ok.ru/graph"
    """Where the Bot API (Graph) is called."""
    rest_url: WebAddress = "https://api.ok.ru/fb.do"
    """Where OK's REST methods are called."""
    oauth_url: WebAddress = "https://api.ok.ru/oauth/token.do"
    """Where a session is renewed."""
    page_url: WebAddress = "https://ok.ru"
    """Where OK's pages are, for links to messages and answers."""

    @model_validator(mode="after")
    def _knows_its_webhook(self) -> Self:
        if self.transport == "webhook" and self.webhook is None:
            raise ValueError(
                "transport webhook needs a section `webhook:` with a key; "
                "an office without a public address sets `transport: long_poll`"
            )
        return self
