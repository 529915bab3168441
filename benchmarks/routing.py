"""Messages routed a second on one core, after loading: `python benchmarks/routing.py`.

The goal is 300. Texts are those of the labelled sets, so every word is met in several forms; the
first round, with cold caches, is shown apart from the later ones.
"""

import json
import time
from pathlib import Path

from bridge.routing import Router, load_mapping

ROOT = Path(__file__).resolve().parent.parent
GOAL_PER_SECOND = 300
ROUNDS = 5
LONGEST_MESSAGE = 16_000


def main() -> None:
    """Print the time to load, the rates cold and warm, and the time of the longest message."""
    texts = _texts()
    started = time.perf_counter()
    router = Router(load_mapping(ROOT / "config" / "departments.yaml"))
    print(f"loading: {time.perf_counter() - started:.2f} s")

    _report("cold", len(texts), _seconds_to_route(router, texts))
    _report("warm", len(texts) * ROUNDS, _seconds_to_route(router, texts * ROUNDS))

    longest = (" ".join(texts) * 2)[:LONGEST_MESSAGE]
    seconds = _seconds_to_route(router, [longest])
    print(f"one message of {len(longest)} characters: {seconds * 1000:.0f} ms")


def _texts() -> list[str]:
    folder = ROOT / "tests" / "unit" / "routing"
    return [
        str(json.loads(line)["text"])
        for path in sorted(folder.glob("messages_*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def _seconds_to_route(router: Router, texts: list[str]) -> float:
    started = time.perf_counter()
    for text in texts:
        router.route(text)
    return time.perf_counter() - started


def _report(label: str, messages: int, seconds: float) -> None:
    rate = messages / seconds
    print(f"{label}: {rate:.0f} messages/s, {rate / GOAL_PER_SECOND:.1f} of the goal")


if __name__ == "__main__":
    main()
