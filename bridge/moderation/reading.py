"""Reads a message as it is meant: masks, look-alikes and words written apart are undone."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from bridge.moderation.grammar import Grammar
from bridge.moderation.lexicon import Lexicon
from bridge.moderation.masks import Masks
from bridge.moderation.mending import Mending
from bridge.moderation.typos import Typos
from bridge.moderation.words import Word, cut


@dataclass(frozen=True)
class Reader:
    """`is_obscene` and `is_listed` tell which spelling of a word the lexicon knows.

    `foreign` are words in Latin letters that are taken as they are.
    """

    grammar: Grammar
    masks: Masks
    is_obscene: Callable[[str], bool]
    is_listed: Callable[[str], bool]
    typos: Typos
    mending: Mending
    foreign: frozenset[str]

    def read(self, text: str) -> tuple[Word, ...]:
        """Return the words of `text`, each with the one reading that it is judged by."""
        whole = cut(text)
        read = tuple(self._read(self._unmasked(word)) for word in whole.words)
        return self.mending.mend(replace(whole, words=read))

    def _unmasked(self, word: Word) -> Word:
        if word.written.lower() in self.foreign:
            return replace(word, readings=())
        if not word.mask or self._is_complete(word):
            return word
        behind = self.masks.behind(word.mask)
        return replace(word, readings=(behind,), mask="") if behind else word

    def _is_complete(self, word: Word) -> bool:
        """Stars around a word stress it, or part it from a footnote."""
        return word.mask.strip("*") == word.text and self.grammar.is_known(word.text)

    def _read(self, word: Word) -> Word:
        if not word.readings:
            return word
        return replace(word, readings=(self._best(word.readings),))

    def _best(self, readings: tuple[str, ...]) -> str:
        first = readings[0]
        if self.is_obscene(first) or self.grammar.is_known(first):
            return first
        for suits in (self.is_obscene, self.is_listed, self.grammar.is_known):
            for reading in readings:
                if suits(reading):
                    return reading
        return self.typos.corrected(first) or first


def maskable(lexicon: Lexicon, grammar: Grammar) -> Iterator[str]:
    """All forms of what people mask, obscene words first."""
    for word in lexicon.obscene.masked:
        yield from grammar.inflected(word.lower().replace("ё", "е"))
    for word in _plain_words((*lexicon.insult.words, *lexicon.threat.harm)):
        yield from grammar.inflected(word)


def _plain_words(patterns: Iterable[str]) -> Iterator[str]:
    return (pattern.replace("ё", "е") for pattern in patterns if pattern.isalpha())
