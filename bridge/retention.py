"""How long personal data is kept (152-ФЗ, article 5.7): `config/retention.yaml`, read and checked.

What reports need (times, verdicts, departments, numbers of tickets) is no personal data and stays.
"""

from datetime import datetime, timedelta
from pathlib import Path

from pydantic import Field

from bridge.config.document import ConfigModel, load_document

_DAYS_IN_MONTH = 365.2425 / 12


class Retention(ConfigModel):
    """Periods after which something is forgotten."""

    events_days: int = Field(default=90, ge=7, le=3650)
    """Bodies of processed events: what a network sent, word for word."""
    messages_months: int = Field(default=36, ge=1, le=600)
    """A message with its author, texts, links and answers, after its last ticket was closed."""
    differences_days: int = Field(default=365, ge=30, le=3650)
    """What the nightly reconciliation found: values of tickets' fields are among it."""
    audit_months: int = Field(default=60, ge=12, le=600)
    """Who did what in the bridge."""

    def events_before(self, now: datetime) -> datetime:
        """Bodies of events that were finished before this instant are forgotten."""
        return now - timedelta(days=self.events_days)

    def messages_before(self, now: datetime) -> datetime:
        """Messages whose tickets were closed before this instant are forgotten."""
        return now - timedelta(days=self.messages_months * _DAYS_IN_MONTH)

    def differences_before(self, now: datetime) -> datetime:
        """Nightly differences found before this instant are forgotten."""
        return now - timedelta(days=self.differences_days)

    def audit_before(self, now: datetime) -> datetime:
        """Audit entries made before this instant are forgotten."""
        return now - timedelta(days=self.audit_months * _DAYS_IN_MONTH)


def load_retention(folder: Path) -> Retention:
    """The city's periods, or the usual ones where the file is not there. Raises `ConfigError`."""
    path = folder / "retention.yaml"
    return load_document(path, Retention) if path.exists() else Retention()
