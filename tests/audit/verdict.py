"""What an audit comes to: fine, to be mended, or not known."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum

from tests.audit.accepted import Acceptance
from tests.audit.advisories import Audit, Vulnerability

_SHOWN = 10


class Verdict(IntEnum):
    """The exit code of `python -m tests.audit`."""

    FINE = 0
    TO_BE_MENDED = 1
    UNKNOWN = 4
    """Nothing is known to be wrong, and not everything could be asked for."""


@dataclass(frozen=True)
class Conclusion:
    """The verdict, and what is to be told of it."""

    verdict: Verdict
    lines: tuple[str, ...]


def conclude(
    objections: Sequence[str], result: Audit, accepted: Collection[Acceptance]
) -> Conclusion:
    """`objections`: what is wrong without any vulnerability, a line each."""
    open_ones = [str(each) for each in result.vulnerabilities if not _is_accepted(each, accepted)]
    waived = len(result.vulnerabilities) - len(open_ones)
    lines = [*objections, *open_ones, *_unasked(result)]
    if waived:
        lines.append(f"accepted for now in requirements/audit.toml: {waived}")
    if objections or open_ones:
        return Conclusion(Verdict.TO_BE_MENDED, tuple(lines))
    if result.unaudited or not result.audited:
        return Conclusion(Verdict.UNKNOWN, tuple(lines))
    lines.append(f"no known vulnerabilities in {len(result.audited)} packages")
    return Conclusion(Verdict.FINE, tuple(lines))


def _is_accepted(found: Vulnerability, accepted: Collection[Acceptance]) -> bool:
    return any(each.is_of(found.package, found.ids) for each in accepted)


def _unasked(result: Audit) -> list[str]:
    if not result.audited:
        return ["COULD NOT BE AUDITED: no advisory source answers, nothing is known of any package"]
    if not result.unaudited:
        return []
    shown = ", ".join(sorted(result.unaudited)[:_SHOWN])
    more = f" and {len(result.unaudited) - _SHOWN} more" if len(result.unaudited) > _SHOWN else ""
    return [f"COULD NOT BE AUDITED: no advisory source knows {shown}{more}"]
