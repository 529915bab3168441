"""A linear classifier of texts: what it learnt, and what that says of one text. Pure.

Weights are learnt by `training`; here they are only multiplied, so that routing needs numpy alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import numpy.typing as npt

from bridge.routing.verdict import Verdict

Floats = npt.NDArray[np.float32]

NOBODY = ""
"""The label of texts that concern no department."""
_WORDS_TOLD = 3


@dataclass(frozen=True)
class Weights:
    """What was learnt. `matrix` has a row for each feature and a column for each label.

    `gains` is how much a feature's presence counts before a text is brought to length one;
    mentions of the mapping's topics are not part of that length. `NOBODY` is among the labels.
    """

    labels: tuple[str, ...]
    features: tuple[str, ...]
    gains: Floats
    matrix: Floats
    biases: Floats


@dataclass(frozen=True)
class Classifier:
    """Ready to be asked. `version` says which training on which messages made it."""

    version: str
    weights: Weights

    def judge(self, words: Sequence[tuple[str, ...]], mentions: Sequence[str]) -> Verdict:
        """Judge a text by the features of each of its words and by its mentions."""
        by_word = self._rows_by_word(words)
        rows = np.array([row for word in by_word for row in word], dtype=np.intp)
        gains = self.weights.gains[rows]
        length = np.sqrt(gains @ gains) or 1.0
        topics = [self._rows[name] for name in mentions if name in self._rows]
        sums = (
            self.weights.biases
            + (gains / length) @ self.weights.matrix[rows]
            + self.weights.gains[topics] @ self.weights.matrix[topics]
        )
        return Verdict(
            margins={label: float(sums[column]) for label, column in self._departments.items()},
            nobody=float(sums[self._nobody]),
            words_for=partial(self._words_for, by_word),
        )

    def _words_for(self, by_word: list[list[int]], department: str) -> tuple[int, ...]:
        column = self._departments.get(department)
        if column is None:
            return ()
        weights = [
            float(self.weights.gains[rows] @ self.weights.matrix[rows, column]) for rows in by_word
        ]
        heaviest = sorted(range(len(weights)), key=lambda place: (-weights[place], place))
        return tuple(sorted(place for place in heaviest[:_WORDS_TOLD] if weights[place] > 0))

    def _rows_by_word(self, words: Sequence[tuple[str, ...]]) -> list[list[int]]:
        """What each word adds: a feature that the text has already shown counts once."""
        known, seen = self._rows, set[int]()
        by_word = []
        for word in words:
            fresh = {known[name] for name in word if name in known} - seen
            seen |= fresh
            by_word.append(sorted(fresh))
        return by_word

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.weights.features)}

    @cached_property
    def _departments(self) -> dict[str, int]:
        labels = enumerate(self.weights.labels)
        return {label: column for column, label in labels if label != NOBODY}

    @cached_property
    def _nobody(self) -> int:
        return self.weights.labels.index(NOBODY)
