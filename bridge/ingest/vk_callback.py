"""VK's Callback API at the door: is it VK, is it our community, what came.

https://dev.vk.com/ru/api/callback/getting-started
"""

import hmac
import time
from collections.abc import Callable, Mapping
from typing import Any

from bridge.channels import ChannelSettings
from bridge.ingest.callback_body import json_object
from bridge.ingest.port import Callback, Confirmation, Event, Refused
from bridge.ingest.vk_event import LONGEST_ID, LONGEST_KIND, body_of, fingerprint, is_name
from bridge.networks.vk_api import VkClient, VkFailure
from bridge.networks.vk_settings import Transport, VkSettings
from bridge.secrets import SecretMissing

CONFIRMATION = "confirmation"
CODE_LIFETIME = 60.0
"""Seconds for which a fetched confirmation string is kept: the request that asks for it needs no
secret, and must not let a stranger use up the community's calls."""


class VkConfirmationCode:
    """The string that the handshake expects: from the settings, or asked of VK."""

    def __init__(self, vk: VkSettings, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._vk = vk
        self._monotonic = monotonic
        self._code = ""
        self._fetched_at = -CODE_LIFETIME

    def current(self) -> str:
        """Return the string. Raises `Refused` with 503 when VK does not tell it now."""
        if self._vk.callback_section.confirmation is not None:
            return self._vk.callback_section.confirmation
        if self._monotonic() - self._fetched_at >= CODE_LIFETIME:
            self._code = self._fetch()
            self._fetched_at = self._monotonic()
        return self._code

    def _fetch(self) -> str:
        try:
            client = VkClient.of_community(self._vk)
            answer = client.call("groups.getCallbackConfirmationCode", group_id=self._vk.group_id)
        except (VkFailure, SecretMissing) as error:
            raise Refused(503, f"confirmation code cannot be fetched: {error}") from None
        code = answer.get("code") if isinstance(answer, dict) else None
        if not isinstance(code, str) or not code.isalnum():
            raise Refused(503, "confirmation code cannot be fetched: unreadable answer")
        return code


class VkCallbackReader:
    """Verifies the callbacks of one community. The web edge bounds the size of a body."""

    def __init__(
        self, channel: ChannelSettings, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._vk = channel.vk_section
        self._confirmation_code = VkConfirmationCode(self._vk, monotonic)

    def read(self, callback: Callback) -> Confirmation | Event:
        """Tell what came.

        Raises `Refused`: 400 for what is not a callback, 403 for a wrong secret or community, 503
        while the bridge itself cannot tell (its secret is not there, VK does not answer).
        """
        envelope = json_object(callback.body)
        kind = _kind(envelope)
        self._require_own_community(envelope)
        if kind == CONFIRMATION and "secret" not in envelope:
            # Documented without the secret; nothing of ours is told that VK does not show anyway.
            return Confirmation(self._confirmation_code.current())
        self._require_secret(envelope)
        if kind == CONFIRMATION:
            return Confirmation(self._confirmation_code.current())
        return Event(_external_id(envelope, callback.body), kind, _without_secret(envelope))

    def _require_own_community(self, envelope: Mapping[str, Any]) -> None:
        group_id = envelope.get("group_id")
        if not isinstance(group_id, int) or isinstance(group_id, bool):
            raise Refused(400, "group_id must be an integer")
        if group_id != self._vk.group_id:
            raise Refused(403, "group_id is another community's")

    def _require_secret(self, envelope: Mapping[str, Any]) -> None:
        given = envelope.get("secret")
        if not isinstance(given, str):
            raise Refused(403, "secret is missing")
        if not hmac.compare_digest(_bytes(given), _bytes(self._expected_secret())):
            raise Refused(403, "secret is wrong")

    def _expected_secret(self) -> str:
        try:
            return self._vk.callback_section.secret.read("vk.callback.secret").get_secret_value()
        except SecretMissing:
            raise Refused(503, "the bridge has no secret to compare with") from None


def _kind(envelope: Mapping[str, Any]) -> str:
    kind = envelope.get("type")
    if not is_name(kind, LONGEST_KIND):
        raise Refused(400, f"type must be a name of 1 to {LONGEST_KIND} letters")
    return kind


def _external_id(envelope: Mapping[str, Any], body: bytes) -> str:
    """VK's event_id, or, for API versions that have none, a hash of the body."""
    if "event_id" not in envelope:
        return fingerprint(body)
    event_id = envelope["event_id"]
    if not is_name(event_id, LONGEST_ID):
        raise Refused(400, f"event_id must be a name of 1 to {LONGEST_ID} letters")
    return event_id


def _without_secret(envelope: Mapping[str, Any]) -> bytes:
    return body_of({key: envelope[key] for key in envelope if key != "secret"})


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def callback_reader(channel: ChannelSettings) -> VkCallbackReader | None:
    """The reader of a community that VK calls about; None where the bridge asks itself."""
    if channel.vk_section.transport is not Transport.CALLBACK:
        return None
    return VkCallbackReader(channel)
