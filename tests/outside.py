"""The world for parts of networks that tests make by themselves."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bridge.networks.outside import Outside

NOWHERE = Path("/nonexistent")


def real_time() -> datetime:
    """The present instant, UTC."""
    return datetime.now(UTC)


def outside(now: Callable[[], datetime] = real_time, data: Path = NOWHERE) -> Outside:
    """The bridge at an example's address; nobody is held back."""
    return Outside(public_url="https://bridge.example", now=now, data=data)
