"""The `vk` section of a channel: how one VK community is reached."""

from pydantic import Field

from bridge.config.document import ConfigModel
from bridge.config.web_address import WebAddress
from bridge.secrets import SecretReference


class VkCallback(ConfigModel):
    """The community's Callback API server.

    https://dev.vk.com/ru/api/callback/getting-started
    """

    secret: SecretReference
    confirmation: str | None = Field(default=None, pattern=r"^[0-9A-Za-z]{1,64}$")
    """The confirmation string that VK's settings page shows. Absent: the bridge asks the API for
    it, which is right only for a server that was added through the API."""


class VkSettings(ConfigModel):
    """One community. Tokens are references; `read_token` may stay away."""

    group_id: int = Field(gt=0)
    token: SecretReference
    """The community's own token: answers comments, sends and reads messages."""
    read_token: SecretReference | None = None
    """A user's or a service token. A community token may not read comments (error 27), so without
    this one an answer whose outcome is unknown goes to a person."""
    callback: VkCallback
    api_version: str = Field(default="5.199", pattern=r"^5\.\d{2,3}$")
    api_url: WebAddress = "https://api.vk.ru/method"
    page_url: WebAddress = "https://vk.com"
