"""A classifier as a file: numbers and text in numpy's archive; nothing in it runs when read."""

import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bridge.routing.classifier import NOBODY, Classifier, Weights


class ModelDamaged(Exception):
    """The file is no model, or not all of one. Its text names the file and what is wrong."""


def save(classifier: Classifier, path: Path) -> None:
    """Write the file so that others see all of it or none. Raises `OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    weights = classifier.weights
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(
                file,
                version=_packed((classifier.version,)),
                labels=_packed(weights.labels),
                features=_packed(weights.features),
                gains=weights.gains,
                matrix=weights.matrix,
                biases=weights.biases,
            )
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def load(path: Path) -> Classifier:
    """Read a file. Raises `FileNotFoundError`, `ModelDamaged`."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            [version] = _unpacked(archive["version"])
            weights = Weights(
                labels=_unpacked(archive["labels"]),
                features=_unpacked(archive["features"]),
                gains=archive["gains"],
                matrix=archive["matrix"],
                biases=archive["biases"],
            )
    except FileNotFoundError:
        raise
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ModelDamaged(f"{path}: {error}") from error
    _check_shapes(weights, path)
    return Classifier(version, weights)


def _check_shapes(weights: Weights, path: Path) -> None:
    expected = (len(weights.features), len(weights.labels))
    found = (weights.matrix.shape, weights.gains.shape, weights.biases.shape)
    if found != (expected, expected[:1], expected[1:]) or NOBODY not in weights.labels:
        raise ModelDamaged(f"{path}: features, labels and weights do not fit together")


def _packed(words: tuple[str, ...]) -> npt.NDArray[np.uint8]:
    """As UTF-8 with a line for each: numpy's own strings take several times the room."""
    return np.frombuffer("\n".join(words).encode(), dtype=np.uint8)


def _unpacked(letters: npt.NDArray[np.uint8]) -> tuple[str, ...]:
    return tuple(letters.tobytes().decode().split("\n"))
