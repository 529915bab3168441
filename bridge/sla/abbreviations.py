"""Abbreviations of an answer that it leaves unexplained (clause 3.7.4)."""

import re
from collections.abc import Collection, Iterator
from typing import Final

_WORD: Final = re.compile(r"\w+(?:-\w+)*")
_CAPITALS: Final = re.compile(r"[А-ЯЁA-Z]{2,6}")
_ROMAN: Final = re.compile(r"[IVXLCDM]+")
_SHOUTED: Final = 3
"""So many words of capitals in a row are emphasis, not abbreviations."""


def unexplained(text: str, accepted: Collection[str]) -> tuple[str, ...]:
    """Abbreviations in capitals that are neither accepted nor explained, in their order.

    One is explained where words in brackets follow it, «УК (управляющая компания)», or where it
    stands in brackets after words, «управляющая компания (далее – УК)».
    """
    found = dict.fromkeys(_abbreviations(text))
    return tuple(one for one in found if one not in accepted and not _is_explained(one, text))


def _abbreviations(text: str) -> Iterator[str]:
    run: list[str] = []
    for match in _WORD.finditer(text):
        word = match[0].split("-")[0]
        if match[0].isupper() and word.isalpha():
            run.append(word)
            continue
        yield from _of_run(run)
        run = []
    yield from _of_run(run)


def _of_run(run: list[str]) -> Iterator[str]:
    if len(run) >= _SHOUTED:
        return
    for word in run:
        if _CAPITALS.fullmatch(word) and not _ROMAN.fullmatch(word):
            yield word


def _is_explained(abbreviation: str, text: str) -> bool:
    name = re.escape(abbreviation)
    after = rf"\b{name}\b[»\"]?\s*\([^)]*[а-яёa-z]{{3,}}"
    before = rf"[а-яёa-z]{{3,}}[»\"]?\s*\((?:далее)?[\s–—-]*{name}\)"
    return re.search(f"{after}|{before}", text) is not None
