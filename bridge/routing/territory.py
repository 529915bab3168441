"""Names territorial departments by a district, a microdistrict, a settlement or a street."""

from collections.abc import Iterable, Iterator, Sequence

from bridge.routing.evidence import Evidence
from bridge.routing.mapping import DepartmentMapping
from bridge.routing.matching import Match, PatternIndex
from bridge.routing.morphology import Morphology
from bridge.routing.route import RuleKind
from bridge.routing.tokens import Token
from bridge.routing.vocabulary import Vocabulary

_NAME_GAP = 1
_STREET_GAP = 0
_STREET_WORDS = frozenset({"улица", "проспект", "бульвар", "шоссе", "переулок", "площадь"})
_BEFORE_A_STREET = frozenset({"на", "по", "ул", "пр", "просп", "б", "ш", "пер", "пл"})


class TerritoryRules:
    """Where a message's place is, for the matters that no functional department owns."""

    def __init__(
        self, mapping: DepartmentMapping, vocabulary: Vocabulary, morphology: Morphology
    ) -> None:
        self._morphology = morphology
        self._names = PatternIndex[str](vocabulary, _NAME_GAP)
        self._streets = PatternIndex[str](vocabulary, _STREET_GAP)
        self._matters = PatternIndex[None](vocabulary, mapping.phrase_gap)
        for matter in mapping.territory_matters:
            self._matters.add(None, matter)
        for department in mapping.departments:
            if department.territory is None:
                continue
            for name in department.territory.names:
                self._names.add(department.key, name)
            for street in department.territory.streets:
                self._streets.add(department.key, _as_on_the_plate(street, morphology))

    def find(self, tokens: Sequence[Token]) -> list[Evidence]:
        """Return the territories named; streets count when nothing names the territory itself."""
        named = _evidence(RuleKind.TERRITORY, self._names.find(tokens))
        if named:
            return named
        streets = self._streets.find(tokens)
        return _evidence(RuleKind.STREET, self._used_as_streets(streets, tokens))

    def matters(self, tokens: Sequence[Token]) -> frozenset[int]:
        """Return the words that tell a matter of whichever district is named."""
        return frozenset(index for match in self._matters.find(tokens) for index in match.tokens)

    def _used_as_streets(
        self, matches: Iterable[Match[str]], tokens: Sequence[Token]
    ) -> Iterator[Match[str]]:
        """«мира» is a street in «на Мира», «ул. Мира», «Мира 45», and not in «чемпион мира»."""
        for match in matches:
            first, last = min(match.tokens), max(match.tokens)
            before = tokens[first - 1].text if first > 0 else ""
            after = tokens[last + 1].text if last + 1 < len(tokens) else ""
            if (
                before in _BEFORE_A_STREET
                or after.isdecimal()
                or self._is_street_word(before)
                or self._is_street_word(after)
            ):
                yield match

    def _is_street_word(self, word: str) -> bool:
        return not _STREET_WORDS.isdisjoint(self._morphology.lemmas(word))


def _as_on_the_plate(street: str, morphology: Morphology) -> str:
    """«Подлесная» declines; in «Крупской» or «Мира» the name itself never does."""
    words = street.lower().split()
    if all(morphology.is_nominative_adjective(word) for word in words):
        return street
    return " ".join(word if word.isdecimal() else f"={word}" for word in words)


def _evidence(kind: RuleKind, matches: Iterable[Match[str]]) -> list[Evidence]:
    return [Evidence(match.owner, kind, match.pattern, match.tokens) for match in matches]
