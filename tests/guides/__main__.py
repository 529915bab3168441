"""Puts pictures of pages, as the tests take them, into the guides: scripts/pictures."""

import sys
from pathlib import Path

from tests.guides.pictures import GUIDES, PICTURES, largest, reduced, uses


def main(taken: Path) -> int:
    """Write those that the guides use; 1 when the tests did not take one of them."""
    PICTURES.mkdir(exist_ok=True)
    missing = []
    for name in sorted({use.name for guide in GUIDES for use in uses(guide)}):
        source = taken / f"{name}.png"
        if not source.is_file():
            missing.append(name)
            continue
        picture = reduced(source.read_bytes(), largest(name))
        (PICTURES / source.name).write_bytes(picture)
        print(f"{name}: {len(picture) // 1024} KB")
    if missing:
        print(f"No test takes: {', '.join(missing)}. Add screenshot(…) to one that looks there.")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
