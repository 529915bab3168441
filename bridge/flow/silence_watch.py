"""Notices a source from which nothing comes though it usually would, once for each silence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog

from bridge.rhythm import Silence, is_unusual
from bridge.store import channel_switches, silences
from bridge.store.database import Store

log = structlog.get_logger()


@dataclass(frozen=True)
class SilenceWatch:
    """Watches over the channels' events. A lost callback server makes no error of its own."""

    store: Store
    sources: Sequence[str]
    now: Callable[[], datetime]

    def look(self) -> None:
        """Raise the alarm for each source that has gone silent, and end it for who speaks again."""
        for source in self.sources:
            since = self._silent_since(source)
            with self.store.writing() as session:
                if since is None:
                    changed = silences.end(session, source)
                else:
                    changed = silences.begin(session, source, since, self.now())
            if changed and since:
                log.error("source is silent", source=source, since=since.isoformat())
            elif changed:
                log.info("source is heard again", source=source)

    def _silent_since(self, source: str) -> datetime | None:
        with self.store.reading() as session:
            if channel_switches.switch_of(session, source):
                return None
            heard = silences.heard_first_and_last(session, source)
            if heard is None:
                return None
            silence = Silence(*heard, self.now())
            unusual = is_unusual(silence, partial(silences.heard_between, session, source))
        return silence.last if unusual else None
