"""A verdict as a ticket keeps it: what was found, by which lexicon."""

from collections.abc import Mapping
from typing import Any

from bridge.moderation.verdict import Flag, Found, Verdict


def to_record(verdict: Verdict) -> dict[str, Any]:
    """The verdict as JSON keeps it."""
    return {
        "flags": list(verdict.flags),
        "found": [{"flag": each.flag, "text": each.text} for each in verdict.found],
        "lexicon_version": verdict.lexicon_version,
    }


def read_record(record: Mapping[str, Any]) -> Verdict:
    """The verdict that was kept."""
    found = tuple(Found(Flag(each["flag"]), each["text"]) for each in record["found"])
    return Verdict(found, record["lexicon_version"])
