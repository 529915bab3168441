"""Secrets by reference: configuration names where a secret is, never the secret itself."""

import json
import os
from pathlib import Path
from typing import Final, Self
from urllib.parse import quote

from pydantic import SecretStr, model_validator

from bridge.config.document import ConfigError, ConfigModel

SHORTEST_HIDDEN: Final = 6
"""A shorter secret would be found in half of all lines by chance."""
HIDDEN: Final = "***"

_known: set[str] = set()


def remember_secret(secret: SecretStr) -> SecretStr:
    """Have it never shown in a log line, however it is written there; returns it."""
    value = secret.get_secret_value()
    if len(value) >= SHORTEST_HIDDEN:
        _known.update((value, quote(value, safe=""), json.dumps(value, ensure_ascii=False)[1:-1]))
    return secret


def hide_secrets(text: str) -> str:
    """The text without any secret that was remembered in this process."""
    for secret in sorted(_known, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


class SecretMissing(ConfigError):
    """A secret that the configuration refers to is not there. Its text says what to set."""


class SecretReference(ConfigModel):
    """Where a secret is: `{env: NAME}`, an environment variable, or `{file: /path}`, a file.

    A file suits systemd's LoadCredential and container secrets; blanks around its contents are
    dropped, because editors end a file with a line break.
    """

    env: str | None = None
    """Name of the environment variable with the secret."""
    file: Path | None = None
    """Path of the file with the secret."""

    @model_validator(mode="after")
    def _names_one_place(self) -> Self:
        if bool(self.env) == bool(self.file):
            raise ValueError("give a secret as {env: NAME} or as {file: /path}, exactly one")
        return self

    def read(self, setting: str) -> SecretStr:
        """Return the secret; `setting` names its key in the configuration, for the error.

        Raises `SecretMissing` when the variable or the file is absent or empty.
        """
        secret = self._from_environment(setting) if self.env else self._from_file(setting)
        if not secret:
            raise SecretMissing(f"{setting}: {self._place()} is empty: put the secret there")
        return remember_secret(SecretStr(secret))

    def _from_environment(self, setting: str) -> str:
        value = os.environ.get(self.env or "")
        if value is None:
            raise SecretMissing(f"{setting}: {self._place()} is not set: set it to the secret")
        return value.strip()

    def _from_file(self, setting: str) -> str:
        try:
            return Path(self.file or "").read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SecretMissing(
                f"{setting}: {self._place()} cannot be read ({type(error).__name__}): "
                "put the secret there as UTF-8 text, readable for the bridge's account"
            ) from None

    def _place(self) -> str:
        return f"environment variable {self.env}" if self.env else f"file {self.file}"
