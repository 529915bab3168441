"""Hears both voices, the rules' and the classifier's, and says which departments and how surely.

Rules explain, the classifier proposes. Each department's log-odds are a weighted sum of what speaks
for it and what speaks for others: strong rules outweigh the classifier's doubt, weak ones do not,
and where rules find nothing the classifier alone decides. The weights were fitted, once, on
messages that neither voice had seen (`python -m benchmarks.routing` shows what they come to).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from bridge.routing.verdict import Verdict

_BIAS = -1.13
_RULES = 0.85
"""Of a unit of the rules' evidence; above `_MOST_EVIDENCE` more of it says nothing new."""
_RULES_FOR_OTHERS = -0.66
_LIKENESS = 4.4
_DOUBT = 0.51
"""Of a margin below 0 where rules name the department: they know words that no example had."""
_LIKENESS_TO_OTHERS = -1.28
_LIKENESS_TO_NOBODYS = -0.78
_MOST_EVIDENCE = 3.0

_NOBODY_BIAS = 0.9
"""Below the fitted 1.6: a needless suggestion costs a curator a glance, a missing one a search."""
_NOBODY_LIKENESS = 4.25
_NOBODY_RULES = -2.4

_EVEN = 0.5
_DECIMALS = 3


@dataclass(frozen=True)
class Opinion:
    """What both voices come to: departments, the likeliest first, and the chance that it is so."""

    departments: tuple[str, ...]
    confidence: float


def concluded(scores: Mapping[str, float], verdict: Verdict) -> Opinion:
    """Weigh the rules' `scores` by department against the classifier's verdict.

    Every department that is likelier than not is named; if none is, the likeliest of them, unless
    it is likelier still that the message concerns nobody.
    """
    chances = {key: _chance(key, scores, verdict) for key in {*scores, *verdict.margins}}
    ordered = sorted(chances, key=lambda key: (-chances[key], key))
    named = [key for key in ordered if chances[key] > _EVEN]
    if not named and chances[ordered[0]] > _chance_of_nobody(scores, verdict):
        named = ordered[:1]
    return Opinion(tuple(named), _confidence(named, chances))


def _chance(department: str, scores: Mapping[str, float], verdict: Verdict) -> float:
    margin = verdict.margins.get(department, min(verdict.margins.values()))
    others = [value for key, value in verdict.margins.items() if key != department]
    weight = _DOUBT if department in scores and margin < 0 else _LIKENESS
    return _logistic(
        _BIAS
        + _RULES * min(scores.get(department, 0.0), _MOST_EVIDENCE)
        + _RULES_FOR_OTHERS * min(_best_other(department, scores), _MOST_EVIDENCE)
        + weight * margin
        + _LIKENESS_TO_OTHERS * max(others, default=0.0)
        + _LIKENESS_TO_NOBODYS * verdict.nobody
    )


def _best_other(department: str, scores: Mapping[str, float]) -> float:
    return max((score for key, score in scores.items() if key != department), default=0.0)


def _chance_of_nobody(scores: Mapping[str, float], verdict: Verdict) -> float:
    best = min(max(scores.values(), default=0.0), _MOST_EVIDENCE)
    return _logistic(_NOBODY_BIAS + _NOBODY_LIKENESS * verdict.nobody + _NOBODY_RULES * best)


def _confidence(named: list[str], chances: Mapping[str, float]) -> float:
    """The chance that exactly these departments are concerned; 0 when there are none."""
    if not named:
        return 0.0
    return round(
        math.prod(chance if key in named else 1 - chance for key, chance in chances.items()),
        _DECIMALS,
    )


def _logistic(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))
