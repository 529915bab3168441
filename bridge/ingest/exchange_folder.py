"""Exports in a watched folder become events.

A file is read when it has not changed between two looks, and put away into `done` at the look after
the one that made its events durable. What could not be read is told in a file beside it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict

from bridge.channels import ChannelSettings
from bridge.ingest.exchange_events import events_of
from bridge.ingest.exchange_exports import Export, read_export
from bridge.ingest.exchange_refusal import NoExport
from bridge.ingest.exchange_report import bad_rows, refused_file
from bridge.ingest.port import Event, Polled, PollFailed
from bridge.ingest.watched_folder import Fingerprint, WatchedFolder
from bridge.networks.exchange_settings import ExchangeSettings, FolderTransport

PORTION: Final = 2000
"""Cards that become events at one look: what a transaction holds stays bounded."""


class FolderState(BaseModel):
    """What a look leaves to the next one, of files that are there, by name."""

    model_config = ConfigDict(frozen=True)

    seen: dict[str, Fingerprint] = {}
    read: dict[str, Fingerprint] = {}
    """All of their events are durable when this state is."""
    refused: dict[str, Fingerprint] = {}
    """They cannot be read until they change."""
    progress: dict[str, int] = {}
    """Of the file that is being read, how many cards have become events."""


class FolderPoller:
    """Looks into one channel's folder."""

    name = "files"

    def __init__(self, exchange: ExchangeSettings, transport: FolderTransport, data: Path) -> None:
        self._exchange = exchange
        self._transport = transport
        self._place = transport.place(data)

    @classmethod
    def of_channel(cls, channel: ChannelSettings, data: Path) -> Self | None:
        """The channel's poller, None when it gets no files; `data` is the data folder."""
        exchange = channel.exchange_section
        return cls(exchange, exchange.files, data) if exchange.files else None

    @property
    def pause(self) -> timedelta:
        """How long to rest between two looks."""
        return timedelta(seconds=self._transport.pause)

    def poll(self, state: Mapping[str, Any]) -> Polled:
        """Look once, reading one file at most. Raises `PollFailed` when the folder is no use."""
        before = FolderState.model_validate(state)
        try:
            folder = WatchedFolder.opened(self._place)
            folder.put_away(before.read)
            return _Look(self._exchange, folder, folder.present(), before).polled()
        except OSError as error:
            raise PollFailed(
                type(error).__name__,
                f"Папка выгрузок {self._transport.folder} недоступна ({error.strerror}). Дайте "
                "учётной записи моста право читать её и писать в неё.",
                down=True,
            ) from None


@dataclass(frozen=True)
class _Portion:
    """A part of a file: its events, and which card comes next, None at the end."""

    file: str
    events: tuple[Event, ...]
    next: int | None


@dataclass
class _Look:
    """One look: which file is read, and what the next look is to know."""

    exchange: ExchangeSettings
    folder: WatchedFolder
    present: Mapping[str, Fingerprint]
    before: FolderState
    refused: dict[str, Fingerprint] = field(default_factory=dict)

    def polled(self) -> Polled:
        """Read the first file that can be; those that cannot are told and passed over."""
        self.refused = self._still(self.before.refused)
        ready = list(self._ready())
        for place, name in enumerate(ready, 1):
            portion = self._read(name)
            if portion:
                more = portion.next is not None or place < len(ready)
                return Polled(portion.events, self._state(portion), more)
        return Polled((), self._state(None))

    def _ready(self) -> Iterator[str]:
        for name, fingerprint in self.present.items():
            is_done = fingerprint in (self.before.read.get(name), self.before.refused.get(name))
            if self.before.seen.get(name) == fingerprint and not is_done:
                yield name

    def _read(self, name: str) -> _Portion | None:
        export = self._export(name)
        if export is None:
            return None
        start = self.before.progress.get(name, 0)
        end = start + PORTION
        events = (events_of(found, self.exchange).events for found in export.found[start:end])
        flat = tuple(chain.from_iterable(events))
        if end < len(export.found):
            return _Portion(name, flat, end)
        self.folder.tell(name, self._report(name, export))
        return _Portion(name, flat, None)

    def _export(self, name: str) -> Export | None:
        """The file's contents; None, and a report beside it, when it cannot be read."""
        try:
            return read_export(self.folder.path / name, self.exchange)
        except FileNotFoundError:
            return None
        except NoExport as refusal:
            self.refused[name] = self.present[name]
            self.folder.tell(name, refused_file(name, str(refusal)))
        except OSError as error:
            # Rights are mended without touching the file, so it is tried at each look.
            self.folder.tell(name, refused_file(name, f"нет доступа ({error.strerror})"))
        return None

    def _report(self, name: str, export: Export) -> str:
        troubles = export.troubles_with(self.exchange)
        readable = len(export.found) + len(export.troubles) - len(troubles)
        return bad_rows(name, readable, troubles) if troubles else ""

    def _state(self, portion: _Portion | None) -> Mapping[str, Any]:
        read = self._still(self.before.read)
        progress: dict[str, int] = {}
        if portion and portion.next is not None:
            progress[portion.file] = portion.next
        elif portion:
            read[portion.file] = self.present[portion.file]
        return FolderState(
            seen=dict(self.present), read=read, refused=self.refused, progress=progress
        ).model_dump()

    def _still(self, known: Mapping[str, Fingerprint]) -> dict[str, Fingerprint]:
        """What was known of files that are still there as they were: the state stays bounded."""
        return {name: each for name, each in known.items() if self.present.get(name) == each}
