"""Instants as the helpdesk's fields carry them: the office's local time, 23.11.2026 18:30."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

_FORM: Final = "%d.%m.%Y %H:%M"


def field_moment(instant: datetime | None, zone: ZoneInfo) -> str:
    """The instant as a field shows it; seconds are left out. Empty for none."""
    return instant.astimezone(zone).strftime(_FORM) if instant else ""


def parse_field_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """The instant that a field tells; None when it tells none."""
    try:
        # The zone is the field's, which has no room for it.
        return datetime.strptime(text, _FORM).replace(tzinfo=zone)
    except ValueError:
        return None
