"""Finds obscene words (clause 1.3), by root or by being listed."""

from collections.abc import Callable, Iterator

from bridge.moderation.marks import Role
from bridge.moderation.passage import Passage


def find_obscenities(
    passage: Passage, is_obscene: Callable[[str], bool]
) -> Iterator[tuple[int, ...]]:
    """Yield the indexes of each obscene word or phrase."""
    decent = passage.marks.words(Role.DECENT)
    for index, word in enumerate(passage.words):
        if index not in decent and is_obscene(word.text):
            yield (index,)
    for place in passage.marks.places(Role.OBSCENE):
        if decent.isdisjoint(place):
            yield place
