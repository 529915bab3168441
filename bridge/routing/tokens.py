"""Cuts a message into words as the rules see them: lower case, `е` for `ё`, one script a word."""

import re
import unicodedata
from dataclasses import dataclass

_PIECE = re.compile(r"[^\W\d_]+|\d+|[.!?…\n]+")
_STRETCHED = re.compile(r"(.)\1{2,}")
_LATIN = re.compile(r"[a-z]")
_CYRILLIC = re.compile(r"[а-я]")
_LOOK_ALIKES = str.maketrans("aceopxykmtbhn", "асеорхукмтвнп")
_SENTENCE_BREAK = 2
_LONGEST_WORD = 40


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a number of the message."""

    text: str
    """Normalised, ready for morphology."""
    written: str
    """As the citizen wrote it."""
    position: int
    """Place in the text, in words; the end of a sentence counts as a few words' distance."""


def tokenize(text: str) -> tuple[Token, ...]:
    """Return the words and numbers of `text` in order; emoji and punctuation are left out."""
    tokens: list[Token] = []
    position = 0
    for piece in _PIECE.finditer(unicodedata.normalize("NFKC", text)):
        written = piece.group()
        if not written[0].isalnum():
            position += _SENTENCE_BREAK
            continue
        # No Russian word is longer, and guessing at such a string's lemma would be slow.
        if len(written) <= _LONGEST_WORD:
            tokens.append(Token(normalize_word(written), written, position))
        position += 1
    return tuple(tokens)


def normalize_word(word: str) -> str:
    """Fold case, `ё`, stretched letters («снееег») and Latin look-alikes in a Cyrillic word."""
    folded = _STRETCHED.sub(r"\1", word.lower()) if word.isalpha() else word
    folded = folded.replace("ё", "е")
    if _LATIN.search(folded) and _CYRILLIC.search(folded):
        folded = folded.translate(_LOOK_ALIKES)
    return folded
