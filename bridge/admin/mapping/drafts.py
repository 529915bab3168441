"""What a person has changed in the mapping and not saved: kept in the store, whatever happens."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

import structlog
from pydantic import ValidationError

from bridge.mapping_keeping import (
    FILES_AUTHOR,
    Change,
    KeptVersion,
    keep_version,
    read_version,
)
from bridge.office_in_force import OfficeInForce
from bridge.routing import DepartmentMapping
from bridge.routing.mapping_difference import SectionChange, compare, put_on_top
from bridge.store import mapping_drafts, mapping_versions
from bridge.store.audit import Action
from bridge.store.database import Store

log = structlog.get_logger()


@dataclass(frozen=True)
class Draft:
    """One person's changes: `mapping` is `base` with them, `in_force` is what rules now."""

    base: KeptVersion
    mapping: DepartmentMapping
    in_force: KeptVersion
    changed_at: datetime

    @cached_property
    def changes(self) -> tuple[SectionChange, ...]:
        """What the person changed."""
        return compare(self.base.mapping, self.mapping)

    @cached_property
    def overtaken_by(self) -> tuple[SectionChange, ...]:
        """What others have saved since the person began."""
        return compare(self.base.mapping, self.in_force.mapping)

    @property
    def is_overtaken(self) -> bool:
        """Whether somebody has saved another version since."""
        return self.base.number != self.in_force.number


@dataclass(frozen=True)
class Drafts:
    """Opens, keeps and saves drafts. Raises `ConfigError` for versions of a newer program."""

    store: Store
    offices: OfficeInForce
    now: Callable[[], datetime]

    def in_force(self) -> KeptVersion:
        """The version that rules; number 0 is the file's, where nothing was ever saved."""
        with self.store.reading() as session:
            row = mapping_versions.newest(session)
        if row is None:
            return KeptVersion(0, self.now(), FILES_AUTHOR, "", self.offices.files.mapping)
        return read_version(row)

    def version(self, number: int) -> KeptVersion | None:
        """The version with this number."""
        with self.store.reading() as session:
            row = mapping_versions.get(session, number)
        return read_version(row) if row else None

    def of(self, login: str) -> Draft | None:
        """The person's draft."""
        with self.store.reading() as session:
            row = mapping_drafts.get(session, login)
        if row is None:
            return None
        in_force = self.in_force()
        base = in_force if row.based_on == in_force.number else self.version(row.based_on)
        mapping = _from_json(row.document)
        if base is None or mapping is None:
            return None
        return Draft(base, mapping, in_force, row.changed_at)

    def keep(self, login: str, mapping: DepartmentMapping, base: KeptVersion) -> None:
        """Keep the person's changes; what changes nothing is no draft."""
        with self.store.writing() as session:
            if compare(base.mapping, mapping):
                document = mapping.model_dump_json()
                mapping_drafts.keep(session, login, base.number, document, self.now())
            else:
                mapping_drafts.drop(session, login)

    def drop(self, login: str) -> None:
        """Give up the person's changes."""
        with self.store.writing() as session:
            mapping_drafts.drop(session, login)

    def put_on_top(self, login: str, draft: Draft) -> None:
        """Let the draft begin with the version in force. Raises `BothChanged`, `ValueError`."""
        both = put_on_top(draft.base.mapping, draft.mapping, draft.in_force.mapping)
        self.keep(login, both, draft.in_force)

    def save(self, login: str, draft: Draft, note: str) -> int:
        """Bring the draft into force, and return its number. Raises `Overtaken`."""
        change = Change(draft.mapping, login, note, Action.MAPPING_SAVED)
        with self.store.writing() as session:
            number = keep_version(session, change, draft.base.number, self.now())
            mapping_drafts.drop(session, login)
        self.offices.refresh()
        return number

    def restore(self, change: Change, after: int) -> int:
        """Bring an older version into force again. Raises `Overtaken`."""
        with self.store.writing() as session:
            number = keep_version(session, change, after, self.now())
        self.offices.refresh()
        return number


@lru_cache(8)
def _from_json(document: str) -> DepartmentMapping | None:
    """None for a draft that another release of the program has left behind."""
    try:
        return DepartmentMapping.model_validate_json(document)
    except ValidationError as error:
        log.warning("draft not readable", mistakes=error.error_count())
        return None
