"""The office with the mapping that rules now: the store's newest version, whoever saved it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bridge.config.document import ConfigError
from bridge.mapping_keeping import KeptVersion, read_version
from bridge.office import Office
from bridge.store import mapping_versions
from bridge.store.database import Store, StoreUnavailable

log = structlog.get_logger()

ASKED_EVERY_SECONDS: Final = 1.0


@dataclass
class OfficeInForce:
    """Asks the store for a newer mapping, at most once a second.

    While the store has no version, or cannot be asked, what was known last rules; at first, that
    is the file's. A version that this program cannot read changes nothing either.
    """

    files: Office
    """As the configuration's folder has it."""
    store: Store
    monotonic: Callable[[], float]
    _number: int = field(default=0, init=False)
    _office: Office | None = field(default=None, init=False)
    _asked_at: float | None = field(default=None, init=False)

    def current(self) -> Office:
        """The office to work with now."""
        now = self.monotonic()
        if self._asked_at is None or now - self._asked_at >= ASKED_EVERY_SECONDS:
            self.refresh()
        return self._office or self.files

    def refresh(self) -> None:
        """Ask now: somebody has just saved a version here."""
        self._asked_at = self.monotonic()
        try:
            self._take_up_newer()
        except (StoreUnavailable, SQLAlchemyError) as error:
            log.warning("newest mapping unknown", error=type(error).__name__)

    def _take_up_newer(self) -> None:
        with self.store.reading() as session:
            newest = mapping_versions.newest_number(session)
            if newest == self._number:
                return
            row = mapping_versions.get(session, newest)
        self._number = newest
        if row is None:
            return
        try:
            self._take_up(read_version(row))
        except ConfigError as error:
            log.error("mapping not readable", version=newest, why=str(error))

    def _take_up(self, version: KeptVersion) -> None:
        if version.mapping.version == (self._office or self.files).mapping.version:
            return
        self._office = self.files.with_mapping(version.mapping)
        log.info("mapping in force", version=version.number)
