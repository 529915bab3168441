"""Who is who in a group of OK: ids come bare (`123`), or with their kind (`user:123`)."""

from bridge.networks.ok_settings import OkSettings


def author_of(reference: str) -> str:
    """An author's id as the bridge keeps it: a number, with a minus for groups."""
    kind, _, number = reference.rpartition(":")
    return f"-{number}" if kind == "group" else number


def is_own(ok: OkSettings, reference: str) -> bool:
    """Whether this is the group itself, or the user whose session the bridge uses.

    OK shows a group as the author by its bare number.
    """
    number = author_of(reference).removeprefix("-")
    return number == str(ok.group_id) or (number == ok.robot_id != "")
