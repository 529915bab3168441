"""Writes `docs/configuration.md` anew: scripts/reference."""

from bridge.settings import PROJECT
from tests.reference.page import PAGE, render

(PROJECT / PAGE).write_text(render(), encoding="utf-8")
print(f"{PAGE} is written")
