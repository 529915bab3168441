"""Who gets a message at once: the mapping's rule on what a route is worth (clause 2.1.2)."""

from bridge.routing.mapping import DepartmentMapping
from bridge.routing.route import Route


def is_sure(route: Route, mapping: DepartmentMapping) -> bool:
    """Whether the route is sure enough to be followed without the curator."""
    return route.confidence >= mapping.confidence_threshold


def at_once(route: Route, mapping: DepartmentMapping, channel: str) -> tuple[str, ...]:
    """The departments that get the message of this channel without asking; else the curator does.

    The one that the route is sure of; a part for each of several; the page's own department where
    nothing is named.
    """
    if not route.departments:
        usual = mapping.default_departments.get(channel)
        return (usual,) if usual else ()
    if not is_sure(route, mapping):
        return ()
    is_split = len(route.departments) == 1 or mapping.several == "split"
    return route.departments if is_split else ()
