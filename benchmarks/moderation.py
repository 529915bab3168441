"""Messages moderated a second on one core, and a sweep over the dictionary.

`python -m benchmarks.moderation` measures the speed; the goal is 300, with the caches cold.
`python -m benchmarks.moderation sweep` puts every form of pymorphy3's dictionary (three million)
through the obscene roots and prints what they hit, by lemma: read it after a change of the roots.
The sweep takes a minute or two; tests make a smaller one.
"""

import json
import sys
import time
from collections import defaultdict
from pathlib import Path

from pymorphy3 import MorphAnalyzer

from bridge.moderation import Moderator, load_lexicon
from bridge.moderation.marks import MarkIndex
from bridge.moderation.roots import Roots

ROOT = Path(__file__).resolve().parent.parent
LEXICON = ROOT / "config" / "moderation.yaml"
GOAL_PER_SECOND = 300
ROUNDS = 5
LONGEST_MESSAGE = 16_000


def main() -> None:
    """Measure, or sweep when the first argument says so."""
    if sys.argv[1:] == ["sweep"]:
        sweep()
    else:
        measure()


def measure() -> None:
    """Print the time to load, the rates cold and warm, and the time of the longest message."""
    texts = _texts()
    started = time.perf_counter()
    moderator = Moderator(load_lexicon(LEXICON))
    print(f"loading: {time.perf_counter() - started:.2f} s")

    _report("cold", len(texts), _seconds(moderator, texts))
    _report("warm", len(texts) * ROUNDS, _seconds(moderator, texts * ROUNDS))

    longest = (" ".join(texts) * 2)[:LONGEST_MESSAGE]
    print(f"one message of {len(longest)} characters: {_seconds(moderator, [longest]):.3f} s")


def sweep() -> None:
    """Print each lemma with forms that the roots take for obscene."""
    lexicon = load_lexicon(LEXICON)
    roots = Roots(lexicon.obscene.roots, lexicon.obscene.prefixes)
    index = MarkIndex(lexicon)
    hits: defaultdict[str, set[str]] = defaultdict(set)
    for form, _tag, lemma, *_ in MorphAnalyzer().dictionary.iter_known_words():
        plain = form.replace("ё", "е")
        if roots.are_in(plain) and not index.is_decent(plain):
            hits[lemma].add(plain)
    for lemma in sorted(hits):
        print(f"{lemma}: {', '.join(sorted(hits[lemma])[:5])}")


def _texts() -> list[str]:
    return [
        str(json.loads(line)["text"])
        for part in ("routing", "moderation")
        for path in sorted((ROOT / "tests" / "unit" / part).glob("messages_*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def _seconds(moderator: Moderator, texts: list[str]) -> float:
    started = time.perf_counter()
    for text in texts:
        moderator.check(text)
    return time.perf_counter() - started


def _report(label: str, messages: int, seconds: float) -> None:
    rate = messages / seconds
    print(f"{label}: {rate:.0f} messages/s, {rate / GOAL_PER_SECOND:.1f} of the goal")


if __name__ == "__main__":
    main()
