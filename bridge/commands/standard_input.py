"""Texts that a command is given one a line."""

import sys
from collections.abc import Iterable


def lines_of_standard_input() -> Iterable[str]:
    """Each line without its end; bytes that are no UTF-8 are replaced."""
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    return (line.rstrip("\r\n") for line in sys.stdin)
