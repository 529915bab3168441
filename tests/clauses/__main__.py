"""Writes `docs/ru/regulation.md` anew: scripts/clauses. Ends with 1 when something has a gap."""

import sys

from bridge.settings import PROJECT
from tests.clauses.evidence import Evidence
from tests.clauses.gaps import gaps
from tests.clauses.page import PAGE, render


def main() -> int:
    """Write the page and tell its gaps."""
    evidence = Evidence(PROJECT)
    (PROJECT / PAGE).write_text(render(evidence), encoding="utf-8")
    found = list(gaps(evidence))
    print("\n".join([f"{PAGE} is written", *found]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
