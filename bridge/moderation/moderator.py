"""Judges messages by a lexicon (clause 1.3)."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from bridge.moderation.grammar import Grammar
from bridge.moderation.insults import find_insults
from bridge.moderation.lexicon import Lexicon
from bridge.moderation.marks import MarkIndex
from bridge.moderation.masks import Masks
from bridge.moderation.mending import Mending
from bridge.moderation.obscenity import find_obscenities
from bridge.moderation.passage import Passage
from bridge.moderation.reading import Reader, maskable
from bridge.moderation.roots import Roots
from bridge.moderation.threats import find_threats
from bridge.moderation.typos import Typos
from bridge.moderation.verdict import Flag, Found, Verdict, once_each
from bridge.moderation.words import Word

_CACHED_WORDS = 50_000

Place = tuple[int, ...]


class Moderator:
    """Built once for each version of the lexicon; `check` may be called from many threads."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._version = lexicon.version
        self._grammar = Grammar()
        self._index = MarkIndex(lexicon)
        self._roots = Roots(lexicon.obscene.roots, lexicon.obscene.prefixes)
        self._is_obscene = lru_cache(_CACHED_WORDS)(self._look_for_roots)
        self._reader = self._open_reader(frozenset(maskable(lexicon, self._grammar)))

    def check(self, text: str) -> Verdict:
        """Return what of `text` clause 1.3 names; any text at all has a defined result."""
        words = self._reader.read(text)
        passage = Passage(words, self._index.find(words), self._grammar)
        found = (
            Found(flag, _as_written(words, place))
            for flag, places in self._places(passage)
            for place in _outermost(places)
        )
        return Verdict(once_each(found), self._version)

    def _places(self, passage: Passage) -> Iterator[tuple[Flag, Iterable[Place]]]:
        yield Flag.OBSCENE, find_obscenities(passage, self._is_obscene)
        yield Flag.INSULT, find_insults(passage)
        yield Flag.THREAT, find_threats(passage)

    def _look_for_roots(self, word: str) -> bool:
        return self._roots.are_in(word) and not self._index.is_decent(word)

    def _open_reader(self, bad_words: frozenset[str]) -> Reader:
        masks = Masks(maskable(self.lexicon, self._grammar), self._is_obscene)
        return Reader(
            grammar=self._grammar,
            masks=masks,
            is_obscene=self._is_obscene,
            is_listed=self._index.knows,
            typos=Typos(bad_words, self.lexicon.typo_min_length),
            mending=Mending(
                lambda word: word in bad_words or self._is_obscene(word),
                self._grammar.is_known,
                masks.behind,
            ),
            foreign=frozenset(word.lower() for word in self.lexicon.obscene.latin_exceptions),
        )


def _outermost(places: Iterable[Place]) -> list[Place]:
    """In the text's order, without those that are part of another."""
    found = set(places)
    phrases = [set(place) for place in found if len(place) > 1]
    in_phrases = set().union(*phrases)
    words = [place for place in found if len(place) == 1 and in_phrases.isdisjoint(place)]
    return sorted(
        words
        + [
            place
            for place in found
            if len(place) > 1 and not any(set(place) < other for other in phrases)
        ]
    )


def _as_written(words: tuple[Word, ...], place: Place) -> str:
    """The words of a place; «…» for what stands between them."""
    told = words[place[0]].written
    for before, index in pairwise(place):
        told += (" " if index == before + 1 else " … ") + words[index].written
    return told
