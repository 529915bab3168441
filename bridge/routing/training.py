"""Trains the classifier on labelled messages. Needs scikit-learn (the extra `classifier`)."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from bridge.routing.classifier import NOBODY, Classifier, Weights
from bridge.routing.features import is_mention

# Found by cross-validation over the shipped messages; flat around these values.
_PIECE_GAIN = 0.6
_PAIR_GAIN = 0.3
_MENTION_GAIN = 0.2
_REGULARISATION = 1.0
_LEAST_TEXTS_WITH_A_PIECE = 2


@dataclass(frozen=True)
class Seen:
    """One labelled message as the classifier sees it."""

    features: frozenset[str]
    departments: frozenset[str]


def learn(
    examples: Sequence[Seen], version: str, progress: Callable[[str], None]
) -> Classifier | None:
    """Train one classifier over all departments; `progress` hears the label that is next.

    None when there is too little to learn from: nothing for any department, or for nobody.
    """
    labels = _labels(examples)
    if NOBODY not in labels or len(labels) == 1:
        return None
    features = _features(examples)
    counts = _presence(examples, features)
    gains = _gains(counts, features)
    texts = _scaled(counts, features, gains)
    columns, biases = [], []
    for label in labels:
        progress(label)
        machine = LinearSVC(C=_REGULARISATION, random_state=0)
        machine.fit(texts, [label in _labels_of(each) for each in examples])
        columns.append(machine.coef_[0])
        biases.append(machine.intercept_[0])
    return Classifier(
        version,
        Weights(
            labels=labels,
            features=features,
            gains=gains,
            matrix=np.stack(columns, axis=1).astype(np.float32),
            biases=np.array(biases, dtype=np.float32),
        ),
    )


def _labels_of(example: Seen) -> frozenset[str]:
    return example.departments or frozenset({NOBODY})


def _labels(examples: Sequence[Seen]) -> tuple[str, ...]:
    named = Counter(label for each in examples for label in _labels_of(each))
    return tuple(sorted(label for label, count in named.items() if count < len(examples)))


def _features(examples: Sequence[Seen]) -> tuple[str, ...]:
    """All words and mentions, and the pieces and pairs that more than one text has."""
    texts = Counter(name for each in examples for name in each.features)
    return tuple(
        sorted(
            name
            for name, count in texts.items()
            if count >= _LEAST_TEXTS_WITH_A_PIECE or name.startswith(("w:", "m:"))
        )
    )


def _presence(examples: Sequence[Seen], features: tuple[str, ...]) -> csr_matrix:
    rows = {name: row for row, name in enumerate(features)}
    found = [[rows[name] for name in sorted(each.features) if name in rows] for each in examples]
    indexes = [row for text in found for row in text]
    ends = np.cumsum([0, *(len(text) for text in found)])
    ones = np.ones(len(indexes), dtype=np.float32)
    return csr_matrix((ones, indexes, ends), shape=(len(examples), len(features)))


def _gains(counts: csr_matrix, features: tuple[str, ...]) -> npt.NDArray[np.float32]:
    """Rare features count more (inverse document frequency), and words more than their pieces."""
    texts = counts.shape[0]
    containing = np.asarray(counts.sum(axis=0)).ravel()
    rarity = np.log((1 + texts) / (1 + containing)) + 1
    by_sort = {"w": 1.0, "c": _PIECE_GAIN, "p": _PAIR_GAIN}
    return np.array(
        [
            _MENTION_GAIN if is_mention(name) else by_sort[name[0]] * rare
            for name, rare in zip(features, rarity, strict=True)
        ],
        dtype=np.float32,
    )


def _scaled(
    counts: csr_matrix, features: tuple[str, ...], gains: npt.NDArray[np.float32]
) -> csr_matrix:
    """Bring each text's words to length one, and add its mentions as they are."""
    words = np.array([not is_mention(name) for name in features], dtype=np.float32)
    return (
        normalize(counts.multiply(gains * words).tocsr()) + counts.multiply(gains * (1 - words))
    ).tocsr()
