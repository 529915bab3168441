"""Grammatical forms of single words by pymorphy3."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pymorphy3 import MorphAnalyzer

if TYPE_CHECKING:
    from collections.abc import Callable

_CACHED_WORDS = 50_000
_READABLE = re.compile(r"[а-яёa-z\d-]+", re.IGNORECASE)
_CERTAINLY_A_NAME = ("Surn", "Patr", "Geox")


@dataclass(frozen=True, slots=True)
class Form:
    """One way to parse a word; parts of speech and the rest are OpenCorpora's tags."""

    lemma: str
    part: str
    person: str | None
    tense: str | None
    case: str | None
    number: str | None
    animate: bool
    name: bool
    first_name: bool

    @property
    def is_first_person(self) -> bool:
        """«убью», «сожжём», «бью»: what the author does or will do."""
        return self.person == "1per" and self.tense in ("pres", "futr")

    @property
    def is_past_of_one(self) -> bool:
        """«убил», «убила»."""
        return self.tense == "past" and self.number == "sing" and self.part == "VERB"

    @property
    def is_infinitive(self) -> bool:
        """«убить»."""
        return self.part == "INFN"

    @property
    def is_noun(self) -> bool:
        """Nouns, not pronouns."""
        return self.part == "NOUN"


_FOREIGN = Form("", "", None, None, None, None, animate=False, name=False, first_name=False)


class Grammar:
    """Answers questions about normalised words, and remembers the answers."""

    def __init__(self) -> None:
        self._analyzer = MorphAnalyzer()
        self.forms: Callable[[str], tuple[Form, ...]] = lru_cache(_CACHED_WORDS)(self._forms)
        self.is_known: Callable[[str], bool] = lru_cache(_CACHED_WORDS)(self._is_known)

    def lemmas(self, word: str) -> frozenset[str]:
        """Every parse's lemma."""
        return frozenset(form.lemma for form in self.forms(word))

    def inflected(self, word: str) -> frozenset[str]:
        """All forms of a word that is its own lemma, or of the likeliest that it is a form of."""
        parses = self._analyzer.parse(word)
        own = [each for each in parses if _plain(each.normal_form) == word] or parses[:1]
        return frozenset(_plain(form.word) for each in own for form in each.lexeme)

    def _forms(self, word: str) -> tuple[Form, ...]:
        if not _READABLE.fullmatch(word):
            # pymorphy fails on letters that have no name.
            return (_FOREIGN,)
        return tuple(_as_form(parse) for parse in self._analyzer.parse(word))

    def _is_known(self, word: str) -> bool:
        return bool(self._analyzer.word_is_known(word))


def _as_form(parse: Any) -> Form:
    tag = parse.tag
    return Form(
        lemma=_plain(parse.normal_form),
        part=str(tag.POS),
        person=tag.person,
        tense=tag.tense,
        case=tag.case,
        number=tag.number,
        animate=tag.animacy == "anim",
        name=any(name in tag for name in _CERTAINLY_A_NAME),
        first_name="Name" in tag,
    )


def _plain(word: str) -> str:
    return str(word).replace("ё", "е")
