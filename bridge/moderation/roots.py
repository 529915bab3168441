"""The obscene roots of the lexicon, as one search over a normalised word."""

import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator

_LETTERS = r"(?:[а-яё]|\[[а-яё]+\])"
_ROOT = re.compile(rf"\*?{_LETTERS}+|={_LETTERS}+", re.IGNORECASE)
_PREFIX = re.compile(r"[а-яё]+", re.IGNORECASE)
_MOST_PREFIXES = 2
_LETTERS_OF_START = 3


def _checked_root(text: str) -> str:
    if not _ROOT.fullmatch(text):
        raise ValueError(
            f"{text!r} is not understood; right is a root («хуй»), one that may stand anywhere in "
            "a word («*пизд»), a whole word («=бля»); «[аоу]» is any one of these letters"
        )
    return text


def _checked_prefix(text: str) -> str:
    if not _PREFIX.fullmatch(text):
        raise ValueError(f"{text!r} is not understood; right are Russian letters only («за»)")
    return text


Root = Annotated[str, AfterValidator(_checked_root)]
"""A root as the lexicon writes it."""

Prefix = Annotated[str, AfterValidator(_checked_prefix)]
"""What may stand before a root."""


class Roots:
    """Tells whether a word has one of the roots."""

    def __init__(self, roots: Sequence[str], prefixes: Sequence[str]) -> None:
        self._pattern = re.compile("|".join(_as_search(roots, prefixes)))
        self._starts = frozenset(_start(root) for root in roots)

    def are_in(self, word: str) -> bool:
        """`word` is in lower case, without `ё`."""
        if not any(start in word for start in self._starts):
            return False
        return self._pattern.search(word) is not None


def _start(root: str) -> str:
    """The letters that a word must have anyhow: looking for them first saves most searches."""
    letters = _plain(root).lstrip("*=")
    return letters.split("[")[0][:_LETTERS_OF_START]


def _plain(letters: str) -> str:
    return letters.lower().replace("ё", "е")


def _as_search(roots: Sequence[str], prefixes: Sequence[str]) -> list[str]:
    plain = [_plain(root) for root in roots]
    whole = "|".join(root[1:] for root in plain if root[0] == "=")
    anywhere = "|".join(root[1:] for root in plain if root[0] == "*")
    beginnings = "|".join(root for root in plain if root[0] not in "=*")
    before = "|".join(_plain(prefix) for prefix in prefixes)
    searches = (
        (whole, rf"^(?:{whole})$"),
        (anywhere, anywhere),
        (beginnings, rf"^(?:{before}){{0,{_MOST_PREFIXES}}}(?:{beginnings})"),
    )
    # A search for nothing would be met by every word.
    return [search for contents, search in searches if contents] or [r"(?!)"]
