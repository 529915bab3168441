"""Keeps Redmine's numbers at hand, and reads them again when something new shows up."""

import time
from collections.abc import Callable, Mapping
from typing import TypeVar

from bridge.helpdesk.ids import KeyMissing, RedmineIds
from bridge.helpdesk.ids_by_name import ids_by_name
from bridge.helpdesk.layout import HelpdeskLayout
from bridge.helpdesk.plugin_layout import departments_of, ids_of, read_plugin_layout
from bridge.helpdesk.redmine_session import PageMissing, RedmineSession

Built = TypeVar("Built")

_REFRESH_SECONDS = 60.0


class RedmineDirectory:
    """The numbers of one Redmine: from the plugin, or by name where it is not installed.

    `department_groups`: the Redmine group's name by the department's key. Read when first asked
    for, and again, at most once a minute, when Redmine shows a number, or the bridge asks for a
    key, that is not among them: somebody has set something up meanwhile.
    """

    def __init__(
        self,
        session: RedmineSession,
        layout: HelpdeskLayout,
        department_groups: Mapping[str, str],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._layout = layout
        self._department_groups = department_groups
        self._monotonic = monotonic
        self._ids: RedmineIds | None = None
        self._read_at = 0.0

    def ids(self) -> RedmineIds:
        """The numbers as last read."""
        return self._ids or self._read()

    def refreshed(self) -> RedmineIds:
        """The numbers read again, unless that was less than a minute ago."""
        if self._monotonic() - self._read_at < _REFRESH_SECONDS:
            return self.ids()
        return self._read()

    def resolve(self, build: Callable[[RedmineIds], Built]) -> Built:
        """What `build` makes of the numbers; read again when it misses a key."""
        try:
            return build(self.ids())
        except KeyMissing:
            return build(self.refreshed())

    def _read(self) -> RedmineIds:
        self._read_at = self._monotonic()
        try:
            found = read_plugin_layout(self._session)
        except PageMissing:
            self._ids = ids_by_name(self._session, self._layout, self._department_groups)
            return self._ids
        departments = departments_of(self._session, found, self._layout, self._department_groups)
        self._ids = ids_of(found, self._layout, self._department_groups, departments)
        return self._ids
