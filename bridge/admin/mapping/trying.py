"""Where a message would go by a mapping, and why: by the same rules and the same second voice."""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from bridge.routing import DepartmentMapping, Route, Router, explain_alerts_in_russian
from bridge.routing.destination import at_once
from bridge.routing.explanation import grounds
from bridge.second_voice import ModelsFolder, confined_to
from bridge.store.department_load import RoutedText

_ROUTERS_KEPT: Final = 6


@dataclass(frozen=True)
class Named:
    """A department that a message names, and by what."""

    name: str
    grounds: tuple[str, ...]


@dataclass(frozen=True)
class Tried:
    """A message by one mapping. `outcome` is what happens to it, in a sentence."""

    outcome: str
    is_sent: bool
    percent: int
    named: tuple[Named, ...]
    important: str
    by_rules_alone: bool


@dataclass(frozen=True)
class ChangedRoute:
    """A real message that would go elsewhere."""

    message: RoutedText
    before: str
    after: str


@dataclass
class Routers:
    """Routers by mapping: a second to make, so the last few are kept."""

    folder: ModelsFolder
    _kept: OrderedDict[tuple[str, str], Router] = field(default_factory=OrderedDict, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def of(self, mapping: DepartmentMapping, in_force: DepartmentMapping) -> Router:
        """The mapping's rules with the second voice that the mapping in force has.

        The voice learns anew only when a version is saved.
        """
        name = (mapping.version, in_force.version)
        with self._lock:
            if name not in self._kept:
                self._kept[name] = self._made(mapping, in_force)
            self._kept.move_to_end(name)
            while len(self._kept) > _ROUTERS_KEPT:
                self._kept.popitem(last=False)
            return self._kept[name]

    def _made(self, mapping: DepartmentMapping, in_force: DepartmentMapping) -> Router:
        voice = self.folder.at_hand(in_force)
        return Router(mapping, voice and confined_to(mapping, voice))


def tried(router: Router, text: str) -> Tried:
    """Where the text would go, if it came by a page that has no department of its own."""
    route, mapping = router.route(text), router.mapping
    return Tried(
        outcome=_outcome(route, mapping, ""),
        is_sent=bool(at_once(route, mapping, "")),
        percent=round(route.confidence * 100),
        named=tuple(
            Named(mapping.department(key).name, tuple(grounds(route, key)))
            for key in route.departments
        ),
        important=explain_alerts_in_russian(route),
        by_rules_alone=not route.model_version,
    )


def changed_routes(
    messages: Sequence[RoutedText], before: Router, after: Router
) -> Iterator[ChangedRoute]:
    """Those of the messages that `after` sends elsewhere than `before`, in whatever order."""
    for message in messages:
        was, becomes = _routed(message, before), _routed(message, after)
        if _destination(message, was, before.mapping) != _destination(
            message, becomes, after.mapping
        ):
            yield ChangedRoute(
                message,
                _outcome(was, before.mapping, message.channel),
                _outcome(becomes, after.mapping, message.channel),
            )


def _routed(message: RoutedText, router: Router) -> Route:
    return router.route(message.text, message.topics, message.district)


def _destination(
    message: RoutedText, route: Route, mapping: DepartmentMapping
) -> tuple[frozenset[str], frozenset[str]]:
    """Who gets it at once, and who is proposed to the curator otherwise."""
    sent = frozenset(at_once(route, mapping, message.channel))
    return sent, frozenset() if sent else frozenset(route.departments)


def _outcome(route: Route, mapping: DepartmentMapping, channel: str) -> str:
    sent = at_once(route, mapping, channel)
    if sent:
        return f"сразу: {_names(sent, mapping)}"
    if route.departments:
        return f"решает куратор, предлагается: {_names(route.departments, mapping)}"
    return "решает куратор, предложений нет"


def _names(keys: Sequence[str], mapping: DepartmentMapping) -> str:
    return "; ".join(mapping.department(key).name for key in keys)
