"""Known vulnerabilities of what is locked, asked of whichever advisory source answers.

pip-audit tells of a package that its source does not know in a field only, and ends well: a source
that knows nothing at all must not be taken for one that found nothing.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

SOURCES: Final = ("pypi", "osv")
"""pip-audit's names; a mirror of OSV is named by its variable `PIP_AUDIT_OSV_URL`."""

_SECONDS_FOR_A_REQUEST: Final = 10
_SECONDS_IN_ALL: Final = 240

Ask = Callable[[Path, str], str]
"""What pip-audit prints for a lock and a source; empty when the source did not answer."""


@dataclass(frozen=True)
class Vulnerability:
    """A finding; `ids` are all its names, the first is shown."""

    package: str
    version: str
    ids: tuple[str, ...]
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        """What a person has to know to mend it."""
        fixed = ", ".join(self.fixed_in) or "no version yet"
        return f"{self.package} {self.version}: {self.ids[0]}, fixed in: {fixed}"


@dataclass(frozen=True)
class Audit:
    """What the sources said. `unaudited`: packages that none of them knows."""

    vulnerabilities: tuple[Vulnerability, ...] = ()
    audited: frozenset[str] = field(default_factory=frozenset)
    unaudited: frozenset[str] = field(default_factory=frozenset)

    def with_report(self, report: Iterable[Mapping[str, Any]]) -> "Audit":
        """This and what one more source said of packages that were not audited yet."""
        new = [each for each in report if each["name"] not in self.audited]
        known = [each for each in new if "skip_reason" not in each]
        audited = self.audited | {each["name"] for each in known}
        return Audit(
            self.vulnerabilities + tuple(found for each in known for found in _of(each)),
            audited,
            (self.unaudited | {each["name"] for each in new}) - audited,
        )


def ask_pip_audit(lock: Path, source: str) -> str:
    """Run pip-audit on a lock; it resolves and installs nothing."""
    command = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip"]
    options = ["--format=json", "--progress-spinner=off", f"--timeout={_SECONDS_FOR_A_REQUEST}"]
    try:
        done = subprocess.run(
            [*command, *options, f"--vulnerability-service={source}", "--requirement", str(lock)],
            capture_output=True,
            text=True,
            timeout=_SECONDS_IN_ALL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout


def audit(lock: Path, ask: Ask = ask_pip_audit) -> Audit:
    """Ask the sources in turn until every package is known to one."""
    result = Audit()
    for source in SOURCES:
        result = result.with_report(_report(ask(lock, source)))
        if result.audited and not result.unaudited:
            break
    return result


def _report(printed: str) -> list[Mapping[str, Any]]:
    try:
        return list(json.loads(printed)["dependencies"])
    except (ValueError, KeyError, TypeError):
        return []


def _of(dependency: Mapping[str, Any]) -> list[Vulnerability]:
    return [
        Vulnerability(
            dependency["name"],
            dependency["version"],
            (found["id"], *found.get("aliases", ())),
            tuple(found["fix_versions"]),
        )
        for found in dependency["vulns"]
    ]
