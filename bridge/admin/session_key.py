"""The key that signs sessions: the configured one, or one of this machine's own."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from bridge.settings import Settings

_BYTES = 32


def session_key(settings: Settings) -> str:
    """The key; made in the data folder when none is configured. Raises `OSError`."""
    configured = settings.admin_secret.get_secret_value()
    return configured or _own_key(settings.data / "admin_session_key")


def _own_key(path: Path) -> str:
    with suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(_BYTES))
    return path.read_text()
