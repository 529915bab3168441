"""Audits the dependencies: `python -m tests.audit`, which `scripts/test audit` runs.

Exit code 0: nothing is wrong; 1: something is to be mended; 4: not everything could be audited,
because no advisory source answers here.
"""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tests.audit.accepted import expired, read_accepted
from tests.audit.advisories import audit
from tests.audit.locks import lock_objections
from tests.audit.verdict import Conclusion, Verdict, conclude

PROJECT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Print what there is to say; the exit code."""
    try:
        conclusion = _conclusion()
    except ValueError as error:
        conclusion = Conclusion(Verdict.TO_BE_MENDED, (str(error),))
    print("\n".join(conclusion.lines))
    return conclusion.verdict


def _conclusion() -> Conclusion:
    accepted = read_accepted(PROJECT / "requirements" / "audit.toml")
    today = datetime.now(UTC).date()
    objections = [*lock_objections(PROJECT), *_environment(), *expired(accepted, today)]
    # Everything of the runtime lock is in the dev lock, in the same versions.
    return conclude(objections, audit(PROJECT / "requirements" / "dev.lock"), accepted)


def _environment() -> Iterator[str]:
    """What installed packages ask for and the locks do not have."""
    command = [sys.executable, "-m", "pip", "check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        yield from done.stdout.splitlines()


if __name__ == "__main__":
    sys.exit(main())
