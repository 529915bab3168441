"""Redmine's webhook: is it really Redmine's, and what does it hint at.

The format is that of Redmine 7.0 (app/models/webhook.rb, webhook_payload.rb of redmine/redmine);
for older versions the plugin sends the same. The only time in a delivery is inside of the signed
body, and there is no delivery id: a replayed delivery is genuine. It does no harm, because a
delivery is a hint to read the issue again and never a source of values; `WebhookHint.age` lets the
web edge refuse what is older than it likes.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import AwareDatetime, BaseModel, Field, PositiveInt, ValidationError

SIGNATURE_HEADER = "X-Redmine-Signature-256"
TEST_TYPE = "bridge.test"

_SCHEME = "sha256="


class ForgedWebhook(Exception):
    """The delivery is not signed with the shared secret."""


class UnreadableWebhook(Exception):
    """The delivery is signed, but is not what Redmine sends. Text: where, without the values."""


@dataclass(frozen=True)
class WebhookHint:
    """What a delivery points at. `issue_id` is None for types that are not about an issue."""

    type: str
    issue_id: int | None = None
    parent_id: int | None = None
    """The issue that it stands below."""
    journal_id: int | None = None
    timestamp: datetime | None = None
    test_token: str | None = None

    def age(self, now: datetime) -> timedelta | None:
        """How long before `now` (aware) it happened; None when the delivery does not say."""
        return None if self.timestamp is None else now - self.timestamp


def sign(body: bytes, secret: str) -> str:
    """The header's value for `body`."""
    return _SCHEME + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def verify(body: bytes, header: str | None, secret: str) -> None:
    """Raise `ForgedWebhook` unless `header` signs exactly these bytes; takes constant time.

    An empty `secret` verifies nothing: everything is refused.
    """
    if not secret:
        raise ForgedWebhook("no webhook secret is configured: no delivery can be verified")
    if not header:
        raise ForgedWebhook(f"the header {SIGNATURE_HEADER} is missing")
    expected = sign(body, secret).encode()
    if not hmac.compare_digest(expected, header.encode(errors="replace")):
        raise ForgedWebhook(f"the header {SIGNATURE_HEADER} does not sign this body")


def read_webhook(body: bytes) -> WebhookHint:
    """The hint in a verified delivery. Raises `UnreadableWebhook`."""
    try:
        delivery = _Delivery.model_validate_json(body)
    except ValidationError as error:
        raise UnreadableWebhook(_places(error)) from None
    if delivery.type.startswith("issue.") and delivery.data.issue is None:
        raise UnreadableWebhook("data.issue: Field required")
    return WebhookHint(
        type=delivery.type,
        issue_id=delivery.data.issue.id if delivery.data.issue else None,
        parent_id=delivery.data.issue.parent_id if delivery.data.issue else None,
        journal_id=delivery.data.journal.id if delivery.data.journal else None,
        timestamp=delivery.timestamp,
        test_token=delivery.data.token if delivery.type == TEST_TYPE else None,
    )


class _Reference(BaseModel):
    id: PositiveInt


class _Issue(_Reference):
    parent: _Reference | None = None

    @property
    def parent_id(self) -> int | None:
        return self.parent.id if self.parent else None


class _Data(BaseModel):
    issue: _Issue | None = None
    journal: _Reference | None = None
    token: str | None = None


class _Delivery(BaseModel):
    type: str = Field(min_length=1, max_length=100)
    timestamp: AwareDatetime | None = None
    data: _Data = _Data()


def _places(error: ValidationError) -> str:
    mistakes = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(
        f"{'.'.join(str(part) for part in mistake['loc']) or 'body'}: {mistake['msg']}"
        for mistake in mistakes
    )
