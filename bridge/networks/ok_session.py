"""A session of OK's REST API: what signs a call, and how an expired token is renewed.

https://apiok.ru/en/dev/methods/ (signature)
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Self

from pydantic import SecretStr

from bridge.networks.ok_settings import OkRest
from bridge.secrets import SecretReference

_UNSIGNED = frozenset({"access_token", "session_key"})


def signature(parameters: Mapping[str, str], secret: str) -> str:
    """`sig` of a call: MD5 of its sorted parameters and the secret, as OK prescribes."""
    signed = "".join(
        f"{name}={value}" for name, value in sorted(parameters.items()) if name not in _UNSIGNED
    )
    return _md5(signed + secret)


@dataclass(frozen=True)
class OkKeys:
    """The keys of one session. Exactly one of the two secrets is there."""

    application_key: SecretStr
    access_token: SecretStr
    application_secret: SecretStr | None = None
    session_secret: SecretStr | None = None

    @classmethod
    def of_settings(cls, rest: OkRest) -> Self:
        """The keys that the settings refer to. Raises `SecretMissing`."""
        return cls(
            rest.application_key.read("ok.rest.application_key"),
            rest.access_token.read("ok.rest.access_token"),
            _read(rest.application_secret, "ok.rest.application_secret"),
            _read(rest.session_secret, "ok.rest.session_secret"),
        )

    def sign(self, parameters: Mapping[str, str]) -> dict[str, str]:
        """The parameters as they are sent: with the application, the signature and the token."""
        token = self.access_token.get_secret_value()
        named = {
            **parameters,
            "application_key": self.application_key.get_secret_value(),
            "format": "json",
        }
        return {**named, "sig": signature(named, self._signing_secret()), "access_token": token}

    def with_token(self, token: SecretStr) -> Self:
        """The same with a renewed token."""
        return replace(self, access_token=token)

    def _signing_secret(self) -> str:
        if self.session_secret is not None:
            return self.session_secret.get_secret_value()
        secret = self.application_secret.get_secret_value() if self.application_secret else ""
        return _md5(self.access_token.get_secret_value() + secret)


class OkSession:
    """The keys in use. Keep one per client; a renewed token lives as long as it."""

    def __init__(self, keys: OkKeys, renew: Callable[[], SecretStr] | None = None) -> None:
        self._keys = keys
        self._renew = renew

    @property
    def is_renewable(self) -> bool:
        """Whether an expired token can be replaced without a person."""
        return self._renew is not None

    def sign(self, parameters: Mapping[str, str]) -> dict[str, str]:
        """The parameters as they are sent."""
        return self._keys.sign(parameters)

    def renew(self) -> None:
        """Replace the token. Raises `OkFailure` of the call that renews."""
        if self._renew is not None:
            self._keys = self._keys.with_token(self._renew())


def _read(reference: SecretReference | None, setting: str) -> SecretStr | None:
    return reference.read(setting) if reference else None


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
