"""How often routes are right, on labelled messages: counts, shares, confusion. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bridge.routing.examples import Example
from bridge.routing.route import Route, Routes

Departments = frozenset[str]


@dataclass
class Measured:
    """Counts over labelled messages. Shares of nothing are 1: nothing was wrong."""

    messages: int = 0
    exact: int = 0
    concerning_somebody: int = 0
    with_one_right: int = 0
    concerning_nobody: int = 0
    left_alone: int = 0
    confusion: Counter[tuple[Departments, Departments]] = field(default_factory=Counter)
    """(missed, named wrongly) → messages."""
    by_confidence: list[tuple[float, bool]] = field(default_factory=list)
    """Of each message for which departments were named: confidence, and whether it was right."""

    def add(self, expected: Departments, route: Route) -> None:
        """Count one message."""
        got = frozenset(route.departments)
        self.messages += 1
        self.exact += expected == got
        if expected:
            self.concerning_somebody += 1
            self.with_one_right += not expected.isdisjoint(got)
        else:
            self.concerning_nobody += 1
            self.left_alone += not got
        if expected != got:
            self.confusion[expected - got, got - expected] += 1
        if got:
            self.by_confidence.append((route.confidence, expected == got))

    @property
    def exact_share(self) -> float:
        """Of all messages: exactly the expected departments."""
        return _share(self.exact, self.messages)

    @property
    def one_right_share(self) -> float:
        """Of messages that concern somebody: at least one department is right."""
        return _share(self.with_one_right, self.concerning_somebody)

    @property
    def left_alone_share(self) -> float:
        """Of messages that concern nobody: no department was named."""
        return _share(self.left_alone, self.concerning_nobody)

    def right_from(self, confidence: float) -> tuple[int, float]:
        """Of the routes at least so sure: how many, and which share is exactly right."""
        sure = [right for each, right in self.by_confidence if each >= confidence]
        return len(sure), _share(sum(sure), len(sure))

    def as_lines(self) -> Iterator[str]:
        """The figures and the confusion for people, the most frequent mistakes first."""
        yield (
            f"exact {self.exact_share:.1%} ({self.exact}/{self.messages}), at least one right "
            f"{self.one_right_share:.1%} ({self.with_one_right}/{self.concerning_somebody}), "
            f"none left alone {self.left_alone_share:.1%} "
            f"({self.left_alone}/{self.concerning_nobody})"
        )
        mistakes = sorted(self.confusion.items(), key=lambda each: (-each[1], _sorted(each[0])))
        for (missed, added), count in mistakes:
            yield f"  {count} × missed: {_named(missed):30} named instead: {_named(added)}"


def measure(router: Routes, examples: Iterable[Example]) -> Measured:
    """Route every example and count."""
    measured = Measured()
    for example in examples:
        measured.add(example.departments, router.route(example.text))
    return measured


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _sorted(pair: tuple[Departments, Departments]) -> list[list[str]]:
    return [sorted(each) for each in pair]


def _named(departments: Departments) -> str:
    return ", ".join(sorted(departments)) or "–"
