"""Finds this installation's second voice: the office's own model, or the shipped messages' one.

Both are files in the models folder. The shipped one is made where it is missing, in a few seconds,
and its name says what it was made of: processes that make it at the same time write the same. The
office's own is made by `bridge learn` and the nightly job. Without the extra `classifier`, rules
alone route: what needs it is imported where it is used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from bridge.routing.examples import Example, read_examples, within
from bridge.routing.mapping import DepartmentMapping
from bridge.routing.route import Route
from bridge.routing.router import Router
from bridge.routing.verdict import SecondVoice, Verdict

if TYPE_CHECKING:
    from bridge.routing.classifier import Classifier

log = structlog.get_logger()

TRAINING: Final = "training"
"""Folder of the shipped messages within the configuration's."""
OFFICE_MODEL: Final = "office.npz"
SHIPPED_KEPT: Final = 5
"""Models of the shipped messages that stay: somebody may return to a version."""
_RECIPE: Final = 1
"""Raised with every change to features or training, so that cached models are made anew."""


class NothingToLearnWith(Exception):
    """The extra `classifier` is not installed, or there is too little to learn from."""


Progress = Callable[[str], None]
"""Hears the label that is learnt next."""


def unheard(label: str) -> None:
    """For training that nobody watches."""


@dataclass(frozen=True)
class ModelsFolder:
    """Where models are, and the messages that the shipped one is made of."""

    models: Path
    training: Path

    @property
    def office_model(self) -> Path:
        """The model of this office's own tickets."""
        return self.models / OFFICE_MODEL

    def examples(self, mapping: DepartmentMapping) -> tuple[Example, ...]:
        """The shipped messages for this office's departments. Raises `ConfigError`."""
        keys = frozenset(each.key for each in mapping.departments)
        return within(read_examples(self.training), keys)

    def find(self, router: Router, progress: Progress = unheard) -> SecondVoice | None:
        """The office's own model, else the shipped one; None where there can be none."""
        if find_spec("numpy") is None:
            return None
        return _loaded(self.office_model, router.mapping) or self.shipped(router, progress)

    def at_hand(self, mapping: DepartmentMapping) -> SecondVoice | None:
        """What is there without learning: as `find`, else what was learnt last; or None.

        What it says of departments that the mapping does not have is left out.
        """
        if find_spec("numpy") is None:
            return None
        own = self.models / f"shipped-{self._shipped_name(mapping)}.npz"
        for path in (self.office_model, own, *_learnt(self.models)):
            voice = _read(path)
            confined = voice and confined_to(mapping, voice)
            if confined:
                return confined
        return None

    def _shipped_name(self, mapping: DepartmentMapping) -> str:
        return training_version(self.examples(mapping), mapping.version, installed_library() or "")

    def shipped(self, router: Router, progress: Progress = unheard) -> SecondVoice | None:
        """The model of the shipped messages, made and kept if it is not there."""
        examples = self.examples(router.mapping)
        library = installed_library()
        if not examples or library is None:
            return None
        name = training_version(examples, router.mapping.version, library)
        path = self.models / f"shipped-{name}.npz"
        return _loaded(path, router.mapping) or _made(router, examples, path, name, progress)


def train(
    router: Router,
    examples: Sequence[Example],
    name: str,
    progress: Progress = unheard,
) -> Classifier:
    """Train on the examples. Raises `NothingToLearnWith`."""
    if installed_library() is None:
        raise NothingToLearnWith("scikit-learn is missing: install the extra `classifier`")
    from bridge.routing.training import Seen, learn

    seen = []
    for example in examples:
        words, mentions = router.features(example.text)
        features = frozenset(name for word in words for name in word).union(mentions)
        seen.append(Seen(features, example.departments))
    classifier = learn(seen, name, progress)
    if classifier is None:
        raise NothingToLearnWith("no messages for any department, or none that concern nobody")
    return classifier


def training_version(examples: Iterable[Example], mapping_version: str, library: str) -> str:
    """A hash of all that a model depends on: messages, mapping, library, recipe."""
    digest = hashlib.sha256(f"{_RECIPE} {library} {mapping_version}".encode())
    for example in examples:
        digest.update(f"\n{','.join(sorted(example.departments))}|{example.text}".encode())
    return digest.hexdigest()[:12]


def installed_library() -> str | None:
    """The version of scikit-learn, without the second that importing it takes."""
    try:
        return version("scikit-learn")
    except PackageNotFoundError:
        return None


@dataclass(frozen=True)
class Confined:
    """A second voice that says nothing of departments which are not there (any longer)."""

    voice: SecondVoice
    departments: frozenset[str]

    @property
    def version(self) -> str:
        """Of the voice itself."""
        return self.voice.version

    def judge(self, words: Sequence[tuple[str, ...]], mentions: Sequence[str]) -> Verdict:
        """As the voice does."""
        verdict = self.voice.judge(words, mentions)
        margins = {
            key: margin for key, margin in verdict.margins.items() if key in self.departments
        }
        return replace(verdict, margins=margins)


def confined_to(mapping: DepartmentMapping, voice: SecondVoice) -> SecondVoice | None:
    """The voice for this mapping's departments; None when it knows none of them."""
    keys = frozenset(each.key for each in mapping.departments)
    known = frozenset(voice.judge((), ()).margins)
    if known <= keys:
        return voice
    return Confined(voice, keys) if known & keys else None


def _read(path: Path) -> Classifier | None:
    from bridge.routing.model_file import ModelDamaged, load

    try:
        return load(path)
    except FileNotFoundError:
        return None
    except ModelDamaged as damage:
        log.warning("model damaged", why=str(damage))
        return None


def _loaded(path: Path, mapping: DepartmentMapping) -> SecondVoice | None:
    classifier = _read(path)
    if classifier is None:
        return None
    keys = {each.key for each in mapping.departments}
    unknown = sorted(key for key in classifier.weights.labels if key and key not in keys)
    if unknown:
        log.warning("model of other departments", file=path.name, departments=unknown)
        return None
    return classifier


def _made(
    router: Router, examples: Sequence[Example], path: Path, name: str, progress: Progress
) -> SecondVoice | None:
    try:
        classifier = train(router, examples, name, progress)
    except NothingToLearnWith as lack:
        log.warning("no second voice", why=str(lack))
        return None
    _keep_if_possible(classifier, path)
    return classifier


def keep_as_the_offices(classifier: Classifier, folder: ModelsFolder) -> None:
    """Put the model in the office's place, where every process takes it up. Raises `OSError`."""
    from bridge.routing.model_file import save

    save(classifier, folder.office_model)


def _keep_if_possible(classifier: Classifier, path: Path) -> None:
    """Write the model; where that cannot be done, the process works with what it has in memory."""
    from bridge.routing.model_file import save

    try:
        save(classifier, path)
        _forget_older(path.parent)
    except OSError as error:
        log.warning("model not kept", file=path.name, why=error.strerror)


def _forget_older(models: Path) -> None:
    """Each version of the mapping has a model of its own: keep those of the last few."""
    for older in _learnt(models)[SHIPPED_KEPT:]:
        older.unlink(missing_ok=True)


def _learnt(models: Path) -> list[Path]:
    """The models of the shipped messages, the newest first."""
    return sorted(models.glob("shipped-*.npz"), key=_modified, reverse=True)


@dataclass
class OfficeRouter:
    """Routes with the newest model: one that was trained meanwhile is taken up at once."""

    folder: ModelsFolder
    rules: Router
    _router: Router | None = field(default=None, init=False)
    _made_at: int = field(default=-1, init=False)

    def route(self, text: str, topics: Sequence[str] = (), district: str = "") -> Route:
        """As `Router.route`."""
        return self.current().route(text, topics, district)

    def current(self, progress: Progress = unheard) -> Router:
        """The rules with the model that is there now."""
        made_at = _modified(self.folder.office_model)
        if self._router is None or made_at != self._made_at:
            self._made_at = made_at
            self._router = self.rules.with_second_voice(self.folder.find(self.rules, progress))
        return self._router


def _modified(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
