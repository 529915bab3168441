"""Which words of pymorphy3's dictionary the obscene roots hit: only obscene ones.

All three million forms take minutes (`python -m benchmarks.moderation sweep`). Here are those that
begin as a root does, or after one prefix.
"""

import itertools
from collections.abc import Iterator

import pytest
from pymorphy3 import MorphAnalyzer

from bridge.moderation import Lexicon
from bridge.moderation.marks import MarkIndex
from bridge.moderation.roots import Roots

OBSCENE = {
    *("бля", "блядский", "блядь", "выблядок", "гандон", "дрочить", "ебальник", "еблан", "заебись"),
    *("мудак", "мудила", "нахуй", "нехуй", "охуение", "охуенно", "охуенный", "пидарас", "пидор"),
    *("пидорас", "пизда", "пиздец", "пиздобол", "хер", "херня", "херовый", "хуй", "хуйня", "хуево"),
    *("хуевый", "ебаный"),
}
HOMONYMS = {
    "ахуй",  # a name; «в ахуе» is no name
    "дрочнев",
    "хула",  # «хуле»
    "хулить",  # «хули»
    "херить",  # «херь»
}


@pytest.mark.clause("1.3")
def test_roots_hit_no_decent_word_of_the_dictionary(lexicon: Lexicon) -> None:
    roots = Roots(lexicon.obscene.roots, lexicon.obscene.prefixes)
    index = MarkIndex(lexicon)
    hit = {
        lemma.replace("ё", "е")
        for form, lemma in candidates(lexicon)
        if roots.are_in(form) and not index.is_decent(form)
    }
    assert hit - OBSCENE - HOMONYMS == set()
    assert {"хуй", "пизда", "блядь", "ебаный", "мудак", "пидор"} <= hit


def candidates(lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """Forms of the dictionary with their lemmas."""
    dictionary = MorphAnalyzer().dictionary
    plain = {root.lstrip("*=").split("[")[0][:3] for root in lexicon.obscene.roots}
    starts = plain | {start.replace("е", "ё") for start in plain}
    prefixes = ("", *lexicon.obscene.prefixes)
    for parts in itertools.product(prefixes, starts):
        for form, _tag, lemma, *_ in dictionary.iter_known_words("".join(parts)):
            yield form.replace("ё", "е"), lemma
