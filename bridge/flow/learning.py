"""Learns routing from the office's own tickets, and keeps what is better than what there was.

A fifth of them, always the same ones, is held back: no model is trained on these, and the new one
is kept only if it routes more of them exactly as the curators had than the present one.
"""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import structlog

from bridge.routing.examples import Example, within
from bridge.routing.measuring import measure
from bridge.second_voice import (
    NothingToLearnWith,
    OfficeRouter,
    installed_library,
    keep_as_the_offices,
    train,
    training_version,
    unheard,
)
from bridge.store import model_trials, routed_messages
from bridge.store.database import Store
from bridge.store.models import ModelTrialRow
from bridge.store.routed_messages import RoutedMessage

if TYPE_CHECKING:
    from bridge.routing.classifier import Classifier

log = structlog.get_logger()

PORTION: Final = 500
NEWEST: Final = 20_000
"""So many of the newest tickets are learnt from: departments' duties change over the years."""
HELD_BACK_ONE_OF: Final = 5
LEAST_HELD_BACK: Final = 30
"""With fewer, chance would decide which model is the better one."""


class Lesson(StrEnum):
    """How an attempt to learn ended."""

    KEPT = "kept"
    NOT_BETTER = "not_better"
    NOTHING_NEW = "nothing_new"
    """This very training was tried before."""
    TOO_FEW = "too_few"
    """Not enough closed tickets to tell which model is better."""
    IMPOSSIBLE = "impossible"
    """The extra `classifier` is not installed."""


@dataclass(frozen=True)
class LearningReport:
    """What became of it. Of `held_back` messages `exact` and `former_exact` were routed right."""

    lesson: Lesson
    learnt_from: int = 0
    held_back: int = 0
    exact: int = 0
    former_exact: int = 0
    version: str = ""
    former_version: str = ""


@dataclass(frozen=True)
class Learning:
    """Trains on the shipped messages together with the office's own."""

    store: Store
    router: OfficeRouter
    now: Callable[[], datetime]

    def run(self, progress: Callable[[str], None] = unheard) -> LearningReport:
        """Learn, compare, and keep the better model; `progress` hears each department.

        Raises `StoreUnavailable`, `ConfigError` when a shipped message cannot be read, and
        `OSError` when the model cannot be written.
        """
        library = installed_library()
        if library is None:
            return LearningReport(Lesson.IMPOSSIBLE)
        own, held_back = self._tickets()
        if len(held_back) < LEAST_HELD_BACK:
            return LearningReport(Lesson.TOO_FEW, len(own), len(held_back))
        mapping = self.router.rules.mapping
        examples = (*self.router.folder.examples(mapping), *own)
        version = training_version(examples, mapping.version, library)
        if self._was_tried(version):
            return LearningReport(Lesson.NOTHING_NEW, len(own), len(held_back), version=version)
        try:
            classifier = train(self.router.rules, examples, version, progress)
        except NothingToLearnWith:
            return LearningReport(Lesson.TOO_FEW, len(own), len(held_back))
        return self._keep_the_better(classifier, len(own), held_back)

    def _tickets(self) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
        """The office's own messages: to learn from, and held back."""
        with self.store.reading() as session:
            newest = deque(routed_messages.every(session, PORTION), maxlen=NEWEST)
        keys = frozenset(each.key for each in self.router.rules.mapping.departments)
        apart = [(_is_held_back(each), Example(each.text, each.departments)) for each in newest]
        return (
            within((example for held, example in apart if not held), keys),
            within((example for held, example in apart if held), keys),
        )

    def _was_tried(self, version: str) -> bool:
        with self.store.reading() as session:
            return model_trials.has_tried(session, version)

    def _keep_the_better(
        self, classifier: Classifier, learnt_from: int, held_back: tuple[Example, ...]
    ) -> LearningReport:
        present = self.router.current()
        exact = measure(present.with_second_voice(classifier), held_back).exact
        former_exact = measure(present, held_back).exact
        better = exact > former_exact
        if better:
            keep_as_the_offices(classifier, self.router.folder)
        report = LearningReport(
            Lesson.KEPT if better else Lesson.NOT_BETTER,
            learnt_from,
            len(held_back),
            exact,
            former_exact,
            classifier.version,
            present.model_version,
        )
        self._record(report)
        return report

    def _record(self, report: LearningReport) -> None:
        with self.store.writing() as session:
            model_trials.add(
                session,
                ModelTrialRow(
                    at=self.now(),
                    version=report.version,
                    former_version=report.former_version,
                    learnt_from=report.learnt_from,
                    held_back=report.held_back,
                    exact=report.exact,
                    former_exact=report.former_exact,
                    kept=report.lesson is Lesson.KEPT,
                ),
            )
        log.info("model tried", lesson=report.lesson, version=report.version)


def _is_held_back(message: RoutedMessage) -> bool:
    """The same ones every time, whatever else is added."""
    return zlib.crc32(str(message.ticket_id).encode()) % HELD_BACK_ONE_OF == 0
