"""Cards that a system sends: a signed webhook with one card or a list of them."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, Self

from bridge.channels import ChannelSettings
from bridge.ingest.exchange_documents import NoDocument, cards_in, read_document
from bridge.ingest.exchange_events import events_of, found_cards
from bridge.ingest.port import Callback, Event, Refused
from bridge.networks.exchange_settings import ExchangeSettings, PushTransport
from bridge.secrets import SecretMissing

MOST_CARDS: Final = 1000

_SCHEME: Final = "sha256="
_LONGEST_TIMESTAMP: Final = 12


class PushReader:
    """Verifies one channel's webhook. The web edge bounds the size of a body.

    A signature holds for its time and body only, so a stranger who has seen a request can send it
    again within the tolerance at most; that brings no card a second time.
    """

    def __init__(self, exchange: ExchangeSettings, push: PushTransport) -> None:
        self._exchange = exchange
        self._push = push

    @classmethod
    def of_channel(cls, channel: ChannelSettings) -> Self | None:
        """The channel's reader, None when nothing is sent to it."""
        exchange = channel.exchange_section
        return cls(exchange, exchange.push) if exchange.push else None

    def read(self, callback: Callback) -> tuple[Event, ...]:
        """The events of every card, also of one that cannot be read: it is kept.

        Raises `Refused`: 403 for a wrong signature or time, 400 for a body without cards, 413 for
        too many of them, 503 while the bridge has no secret to verify with.
        """
        self._require_signature(callback)
        try:
            document = read_document(callback.body.decode("utf-8-sig"))
            cards = cards_in(document, self._exchange.cards_at)
        except UnicodeDecodeError:
            raise Refused(400, "body is not UTF-8") from None
        except NoDocument as error:
            raise Refused(400, str(error)) from None
        if len(cards) > MOST_CARDS:
            raise Refused(413, f"more than {MOST_CARDS} cards: send them in parts")
        found = found_cards(cards, "карточка")
        return tuple(event for each in found for event in events_of(each, self._exchange).events)

    def _require_signature(self, callback: Callback) -> None:
        timestamp = _header(callback.headers, self._push.timestamp_header)
        given = _header(callback.headers, self._push.signature_header)
        signed = timestamp.encode("utf-8", "replace") + b"." + callback.body
        expected = hmac.new(self._secret(), signed, hashlib.sha256).hexdigest()
        plain = given.strip().lower().removeprefix(_SCHEME).encode("utf-8", "replace")
        if not hmac.compare_digest(plain, expected.encode()):
            raise Refused(403, f"{self._push.signature_header} does not sign this body and time")
        self._require_fresh(timestamp, callback.received_at)

    def _require_fresh(self, timestamp: str, now: datetime) -> None:
        if not timestamp.isascii() or not timestamp.isdecimal():
            raise Refused(403, f"{self._push.timestamp_header} must be Unix seconds")
        if len(timestamp) > _LONGEST_TIMESTAMP:
            raise Refused(403, f"{self._push.timestamp_header} must be Unix seconds")
        age = now.astimezone(UTC).timestamp() - int(timestamp)
        if abs(age) > self._push.tolerance:
            raise Refused(403, f"{self._push.timestamp_header} is {age:.0f} s off")

    def _secret(self) -> bytes:
        try:
            secret = self._push.secret.read("exchange.push.secret")
        except SecretMissing:
            raise Refused(503, "the bridge has no secret to verify with") from None
        return secret.get_secret_value().encode()


def _header(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name.lower())
    if not value:
        raise Refused(403, f"the header {name} is missing")
    return value
