"""A linear classifier of texts: what it learnt, and what that says of one text. Pure.

Weights are learnt by `training`; here they are only multiplied, so that routing needs numpy alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bridge.routing.features import is_mention
from bridge.routing.verdict import Verdict

Floats = npt.NDArray[np.float32]

NOBODY = ""
"""The label of texts that concern no department."""


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
        weights, rows = self.weights, self._rows
        known = [[rows[name] for name in word if name in rows] for word in words]
        length = self._length({row for word in known for row in word})
        seen: set[int] = set()
        shares = []
        for word in known:
            fresh = [row for row in dict.fromkeys(word) if row not in seen]
            seen.update(fresh)
            gains = weights.gains[fresh] / length
            shares.append(gains @ weights.matrix[fresh])
        topics = [rows[name] for name in mentions if name in rows]
        sums = weights.biases + weights.gains[topics] @ weights.matrix[topics]
        for share in shares:
            sums = sums + share
        return Verdict(
            margins={label: float(sums[column]) for label, column in self._departments},
            nobody=float(sums[self._nobody]),
            weights_by_word=tuple(
                {label: float(share[column]) for label, column in self._departments}
                for share in shares
            ),
        )

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.weights.features)}

    @cached_property
    def _departments(self) -> tuple[tuple[str, int], ...]:
        labels = enumerate(self.weights.labels)
        return tuple((label, column) for column, label in labels if label != NOBODY)

    @cached_property
    def _nobody(self) -> int:
        return self.weights.labels.index(NOBODY)

    def _length(self, rows: set[int]) -> np.float32:
        gains = self.weights.gains[list(rows)]
        return np.float32(np.sqrt(np.sum(gains * gains)) or 1.0)


def lexical(features: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which features are words and pieces of words, and so part of a text's length."""
    return np.array([not is_mention(name) for name in features], dtype=bool)
