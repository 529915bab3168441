"""Which number each key of the configuration has in one Redmine."""

from collections.abc import Mapping
from dataclasses import dataclass

from bridge.helpdesk.markup import TextFormatting
from bridge.helpdesk.port import HelpdeskRefused


class KeyMissing(HelpdeskRefused):
    """Redmine has nothing for a key of the configuration. Text (Russian): what, and the remedy."""


class Numbered:
    """Keys of one kind of thing and their Redmine numbers, both ways.

    `kind` and `names` (by key) are the Russian words for an administrator.
    """

    def __init__(self, kind: str, ids: Mapping[str, int], names: Mapping[str, str]) -> None:
        self._kind = kind
        self._names = names
        self._ids = dict(ids)
        self._keys = {number: key for key, number in ids.items()}

    def id(self, key: str) -> int:
        """The number of `key`. Raises `KeyMissing`."""
        if key not in self._ids:
            raise KeyMissing(
                f"{self._kind} «{self._names.get(key, key)}» в Redmine не найдено:"
                " выполните настройку (rake bridge:setup)"
            )
        return self._ids[key]

    def missing(self) -> tuple[str, ...]:
        """Names of what is configured and has no number."""
        return tuple(name for key, name in self._names.items() if key not in self._ids)

    def key(self, number: int | None) -> str | None:
        """The key of `number`; None when it is not of the configuration."""
        return None if number is None else self._keys.get(number)

    def knows(self, number: int) -> bool:
        """Whether `number` has a key."""
        return number in self._keys


@dataclass(frozen=True)
class RedmineIds:
    """The numbers in one Redmine, as read at one moment.

    `curators_group` is the group that holds a ticket with no department; None when Redmine does
    not allow it to be an assignee. `leaders_group` is None where the office has none. `priorities`
    are those from the usual one upwards. `has_plugin`: the bridge's own pages (`/bridge/…`) are
    there.
    """

    project: int
    tracker: int
    robot: int
    statuses: Numbered
    fields: Numbered
    departments: Numbered
    curators_group: int | None
    text_formatting: TextFormatting
    has_plugin: bool
    leaders_group: int | None = None
    priorities: tuple[int, ...] = ()
