"""How right and how fast messages are routed: `python -m benchmarks.routing`.

Right: the held-out messages, which nothing was tuned on, by rules alone and by both voices, with
the confusion by department and what each confidence was worth. Fast: messages a second on one core,
after loading; the goal is 300.
"""

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bridge.routing import Router, load_mapping
from bridge.routing.examples import Example, read_examples
from bridge.routing.measuring import Measured, measure
from bridge.second_voice import TRAINING, ModelsFolder

ROOT = Path(__file__).resolve().parent.parent
HELD_OUT = ROOT / "tests" / "unit" / "routing"
CONFIDENCES = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
GOAL_PER_SECOND = 300
ROUNDS = 3
LONGEST_MESSAGE = 16_000


def main() -> None:
    """Print how right the routes are, then the times to train and load, and the rates."""
    held_out = read_examples(HELD_OUT)
    rules = Router(load_mapping(ROOT / "config" / "departments.yaml"))
    _print_right("rules alone", measure(rules, held_out))
    with tempfile.TemporaryDirectory() as models:
        both = _with_second_voice(rules, Path(models))
    measured = measure(both, held_out)
    _print_right("both voices", measured)
    _print_confidence(measured)
    _print_rates(both, held_out)


def _with_second_voice(rules: Router, models: Path) -> Router:
    folder = ModelsFolder(models, ROOT / "config" / TRAINING)
    started = time.perf_counter()
    folder.find(rules)
    trained = time.perf_counter()
    voice = folder.find(rules)
    loaded = time.perf_counter()
    print(
        f"\ntraining: {trained - started:.1f} s, loading what was trained: {loaded - trained:.2f} s"
    )
    return rules.with_second_voice(voice)


def _print_right(title: str, measured: Measured) -> None:
    print(f"\n{title}")
    for line in measured.as_lines():
        print(line)


def _print_confidence(measured: Measured) -> None:
    print("\nconfidence from: routes, of them exactly right")
    for confidence in CONFIDENCES:
        count, share = measured.right_from(confidence)
        print(f"  {confidence:.2f}: {count:4}  {share:.1%}")


def _print_rates(router: Router, examples: Sequence[Example]) -> None:
    texts = [example.text for example in examples]
    print()
    _report("routing", len(texts) * ROUNDS, _seconds_to_route(router, texts * ROUNDS))
    longest = (" ".join(texts) * 2)[:LONGEST_MESSAGE]
    seconds = _seconds_to_route(router, [longest])
    print(f"one message of {len(longest)} characters: {seconds * 1000:.0f} ms")


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
