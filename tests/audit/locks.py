"""The locks: is every package pinned by hash, and is what is locked what the project asks for."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

_CONTINUED: Final = re.compile(r"\\\n\s*")
_HASH: Final = re.compile(r"--hash=sha256:[0-9a-f]{64}(?=\s|$)")


@dataclass(frozen=True)
class Locked:
    """A line of a lock."""

    requirement: Requirement
    hashes: int

    @property
    def name(self) -> str:
        """As every spelling of the name is written once it is normal."""
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str:
        """The one version that it allows; empty when it allows several."""
        pins = list(self.requirement.specifier)
        return pins[0].version if len(pins) == 1 and pins[0].operator == "==" else ""


def read_lock(path: Path) -> list[Locked]:
    """The lines of a lock. Raises `ValueError` naming one that is no requirement."""
    text = _CONTINUED.sub(" ", path.read_text(encoding="utf-8"))
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return [_locked(path.name, line) for line in lines if line]


def _locked(file: str, line: str) -> Locked:
    written = line.split(" --hash")[0].strip()
    try:
        return Locked(Requirement(written), len(_HASH.findall(line)))
    except InvalidRequirement as error:
        raise ValueError(f"{file}: {written}: is no requirement: {error}") from None


def lock_objections(project: Path) -> Iterator[str]:
    """What is wrong with the two locks of a project; a line each, with what would be right."""
    wanted = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = read_lock(project / "requirements" / "runtime.lock")
    dev = read_lock(project / "requirements" / "dev.lock")
    yield from _unpinned("runtime.lock", runtime)
    yield from _unpinned("dev.lock", dev)
    yield from _unsatisfied("runtime.lock", _for_production(wanted), runtime)
    yield from _unsatisfied("dev.lock", wanted["dependency-groups"]["dev"], dev)
    yield from _different(runtime, dev)


def _unpinned(file: str, locked: Iterable[Locked]) -> Iterator[str]:
    for each in locked:
        if each.requirement.url or not each.version:
            yield f"{file}: {each.requirement}: pin one version with ==, from an index"
        if not each.hashes:
            yield f"{file}: {each.requirement}: has no sha256 hash: run scripts/lock"


def _for_production(wanted: Mapping[str, Any]) -> list[str]:
    extras: Mapping[str, list[str]] = wanted["project"].get("optional-dependencies", {})
    return [*wanted["project"]["dependencies"], *(one for some in extras.values() for one in some)]


def _unsatisfied(file: str, wanted: Iterable[str], locked: Iterable[Locked]) -> Iterator[str]:
    versions = _versions(locked)
    for requirement in map(Requirement, wanted):
        found = versions.get(canonicalize_name(requirement.name), set())
        if not found:
            yield f"{file}: {requirement.name}: pyproject.toml asks for it: run scripts/lock"
        for version in sorted(found):
            if not requirement.specifier.contains(version, prereleases=True):
                yield f"{file}: {requirement.name} {version}: pyproject.toml asks for {requirement}"


def _different(runtime: Iterable[Locked], dev: Iterable[Locked]) -> Iterator[str]:
    tested = _versions(dev)
    for name, versions in _versions(runtime).items():
        for version in sorted(versions - tested.get(name, set())):
            yield f"runtime.lock: {name} {version}: tests do not run with it: run scripts/lock"


def _versions(locked: Iterable[Locked]) -> dict[str, set[str]]:
    """Of one package there may be several, for several versions of Python."""
    versions: defaultdict[str, set[str]] = defaultdict(set)
    for each in locked:
        versions[each.name].add(each.version)
    return versions
