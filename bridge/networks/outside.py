"""What the parts of a network are told of the world: addresses, time, a place on disk, a pace."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bridge.networks.rate_limit import Pace, Unhurried


@dataclass(frozen=True)
class Outside:
    """The world as a network's parts may know it; they read no clock and no environment."""

    public_url: str
    """The bridge's address as the networks reach it."""
    now: Callable[[], datetime]
    """The present instant, UTC."""
    data: Path
    """The folder below which relative folders of channels lie."""
    pace: Pace = field(default_factory=Unhurried)
    """The pace at which networks let their tokens call."""

    def callback_url(self, network: str, channel: str) -> str:
        """Where a channel's callbacks go, without a slash at its end."""
        return f"{self.public_url.rstrip('/')}/hooks/{network}/{channel}"
