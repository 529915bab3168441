"""Settings of one installation, from environment variables `BRIDGE_…` or files with secrets.

A secret may be given by value (`BRIDGE_REDMINE_KEY`) or as a file named after its setting in the
folder `BRIDGE_SECRETS` (`bridge_redmine_key`), as systemd's LoadCredential and containers give it.
"""

import os
from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bridge.config.document import ConfigError
from bridge.fetching.refusals import NotFetched
from bridge.fetching.targets import Origin, read_origin
from bridge.secrets import remember_secret

CONNECT_SECONDS: Final = 3.05
PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Every setting has a default that suits one machine; secrets have none."""

    model_config = SettingsConfigDict(
        env_prefix="BRIDGE_", frozen=True, extra="forbid", use_attribute_docstrings=True
    )

    config: Path = PROJECT / "config"
    """Folder with channels.yaml, departments.yaml, sla.yaml, calendar.yaml, helpdesk.yaml,
    answers.yaml, moderation.yaml."""
    templates: Path = PROJECT / "templates"
    """Folder with the texts: answers per channel and notes."""
    data: Path = PROJECT / "var"
    """Folder for what the bridge keeps on this machine: the SQLite file, the embedded Redis."""
    models: str = ""
    """Folder for the models of the routing's second voice; empty: `models` in the data folder."""
    store_url: str = ""
    """SQLAlchemy URL; empty: SQLite in the data folder."""
    redis_url: str = ""
    """Redis URL; empty: the server embedded by `bridge up` in the data folder."""

    redmine_url: str = "http://127.0.0.1:3000"
    """Redmine's address as the bridge reaches it, without redirections."""
    redmine_public_url: str = ""
    """Redmine's address as staff open it, for links in reports; empty: `redmine_url`."""
    redmine_key: SecretStr = SecretStr("")
    """API key of the robot's account."""
    redmine_webhook_secret: SecretStr = SecretStr("")
    """What signs the helpdesk's webhooks."""
    redmine_timeout: float = Field(default=20.0, gt=0, le=120)
    """Seconds to wait for one answer of Redmine."""

    host: str = "127.0.0.1"
    """The address that the bridge listens on."""
    port: int = Field(default=8790, ge=1, le=65535)
    """The port that it listens on."""
    public_url: str = ""
    """How the networks and Redmine reach the bridge; empty: `http://host:port`."""
    trusted_proxies: int = Field(default=0, ge=0, le=10)
    """Reverse proxies between the networks and the bridge, each of which adds the caller's address
    to X-Forwarded-For; 0: the header is not believed."""
    web_threads: int = Field(default=8, ge=1, le=64)
    """Requests that are answered at once."""
    workers: int = Field(default=2, ge=1, le=64)
    """Worker processes that `bridge up` runs."""

    admin_host: str = "127.0.0.1"
    """The address that the administrator's pages listen on."""
    admin_port: int = Field(default=8791, ge=0, le=65535)
    """Where the administrator's pages are served; 0: `bridge up` serves none."""
    admin_url: str = ""
    """How people open them; empty: `http://admin_host:admin_port`."""
    admin_secret: SecretStr = SecretStr("")
    """What signs the pages' sessions; empty: a key of this machine's own in the data folder. Where
    several machines serve the pages, they need the same."""
    admin_session_hours: float = Field(default=12.0, gt=0, le=168)
    """After so many hours one logs in anew, whatever one did meanwhile."""
    admin_idle_minutes: float = Field(default=60.0, gt=0, le=1440)
    """After so many minutes without a page opened one logs in anew."""

    callback_limit: int = Field(default=1_048_576, ge=1024)
    """Largest accepted body of a callback or webhook, in bytes."""
    requests_per_minute: int = Field(default=30_000, ge=600)
    """Callbacks and webhooks that one address may send to one channel."""
    refusals_per_minute: int = Field(default=30, ge=1)
    """After so many with a wrong secret the address is turned away until the minute ends."""
    webhook_hours: float = Field(default=24.0, ge=1, le=168)
    """How old a signed webhook of Redmine's may be; an older one is taken for a replay."""
    sweep_seconds: float = Field(default=60.0, gt=0)
    """How often the sweep runs."""
    sweep_patience: float = Field(default=5.0, ge=0)
    """Seconds for which the sweep leaves a fresh event to the queue, and after which a webhook that
    has not come counts as lost."""
    nightly_at: time = time(2)
    """Local time of the office at which the nightly reconciliation is due."""
    nightly_reread_days: int = Field(default=7, ge=1, le=365)
    """Within so many nights every open ticket is read with its journal, changed or not."""
    nightly_portion_seconds: float = Field(default=20.0, gt=0, le=600)
    """After so many seconds of the nightly reconciliation a worker looks for other work."""
    lease_seconds: float = Field(default=90.0, gt=0)
    """How long a worker holds a ticket; must exceed every external call's time limit, because what
    a killed worker has sent may still be on its way until then."""
    backoff_first_seconds: float = Field(default=2.0, gt=0)
    """Seconds until the second try of what failed; doubled for each further one."""
    backoff_longest_seconds: float = Field(default=300.0, gt=0)
    """Seconds between two tries at most."""
    pause_seconds: float = Field(default=300.0, gt=0)
    """How long a channel rests after flood control or a used-up quota."""
    attachment_kb: int = Field(default=5120, ge=1, le=51_200)
    """Largest file of a citizen's that is attached; Redmine's own limit is 5120 KB unless set."""
    attachments_per_message: int = Field(default=10, ge=0, le=50)
    """Files of one message that are attached at most."""
    attachments_total_kb: int = Field(default=20_480, ge=1)
    """Size of all files of one message at most."""
    fetch_allowed: str = ""
    """Servers inside, separated by blanks, from which files may be downloaded all the same."""
    log_level: str = "INFO"
    """How much is logged: DEBUG, INFO, WARNING or ERROR."""

    @model_validator(mode="after")
    def _lease_outlasts_the_longest_call(self) -> Self:
        """A write to Redmine and its read-back are the longest that a worker may be away."""
        if self.lease_seconds <= self._longest_call:
            raise ValueError(
                f"BRIDGE_LEASE_SECONDS must be above {self._longest_call:g}: twice"
                " BRIDGE_REDMINE_TIMEOUT and the time to connect"
            )
        return self

    @field_validator("fetch_allowed")
    @classmethod
    def _names_servers(cls, servers: str) -> str:
        for server in servers.split():
            try:
                read_origin(server)
            except NotFetched as error:
                raise ValueError(
                    f"{server} is not the address of a server: write http://host:port"
                ) from error
        return servers

    @property
    def fetch_origins(self) -> frozenset[Origin]:
        """`fetch_allowed`, read."""
        return frozenset(read_origin(server) for server in self.fetch_allowed.split())

    @property
    def effective_models(self) -> Path:
        """The models' folder with the default filled in."""
        return Path(self.models) if self.models else self.data / "models"

    def secrets(self) -> Iterator[SecretStr]:
        """Every secret among the settings, and the passwords within addresses."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, SecretStr):
                yield value
        for address in (self.effective_store_url, self.effective_redis_url):
            yield SecretStr(unquote(urlsplit(address).password or ""))

    @property
    def counters(self) -> Path:
        """The folder in which this machine's processes keep what they count for Prometheus."""
        return self.data / "metrics"

    @property
    def effective_store_url(self) -> str:
        """The store's URL with the default filled in."""
        return self.store_url or f"sqlite:///{self.data / 'bridge.db'}"

    @property
    def effective_redis_url(self) -> str:
        """The queue's URL with the default filled in: a socket that only this account can open."""
        return self.redis_url or f"unix://{self.data / 'redis.sock'}"

    @property
    def effective_redmine_public_url(self) -> str:
        """Redmine's address for people, with the default filled in."""
        return (self.redmine_public_url or self.redmine_url).rstrip("/")

    @property
    def effective_public_url(self) -> str:
        """The bridge's address as others see it, with the default filled in."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def effective_admin_url(self) -> str:
        """The address of the administrator's pages, with the default filled in."""
        return self.admin_url.rstrip("/") or f"http://{self.admin_host}:{self.admin_port}"

    @property
    def _longest_call(self) -> float:
        """Seconds for which a worker may be away under a lease."""
        return 2 * (self.redmine_timeout + CONNECT_SECONDS)

    @property
    def lease_spare(self) -> timedelta:
        """By how much a lease outlasts the longest call."""
        return timedelta(seconds=self.lease_seconds - self._longest_call)

    @property
    def lease(self) -> timedelta:
        """`lease_seconds` as a duration."""
        return timedelta(seconds=self.lease_seconds)


def load_settings(**overrides: Any) -> Settings:
    """Read the settings. Raises `ConfigError` naming each wrong variable and what is wrong."""
    try:
        settings = Settings(_secrets_dir=_secrets_folder(), **overrides)  # type: ignore[call-arg]
    except ValidationError as error:
        lines = (
            f"{_variable(mistake['loc'])}: {mistake['msg']}"
            for mistake in error.errors(include_url=False, include_input=False)
        )
        raise ConfigError("environment:\n" + "\n".join(lines)) from None
    for secret in settings.secrets():
        remember_secret(secret)
    return settings


def _variable(location: tuple[int | str, ...]) -> str:
    """The variable's name; several, where they do not fit together, are named by the message."""
    return ".".join(f"BRIDGE_{part}".upper() for part in location) or "together"


def _secrets_folder() -> Path | None:
    name = os.environ.get("BRIDGE_SECRETS")
    if not name:
        return None
    if not Path(name).is_dir():
        raise ConfigError(
            f"environment:\nBRIDGE_SECRETS: {name} is not a folder: name the one"
            " that holds the files with secrets, or leave the variable out"
        )
    return Path(name)
