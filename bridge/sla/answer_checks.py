"""Looks at a submitted answer as a curator would, and says what gives pause.

The settings are `config/answers.yaml`. A check never decides on an answer's merits: by default it
only tells the curator (clauses 3.5, 3.7.1, 3.7.4).
"""

import re
from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import Field

from bridge.config.document import ConfigModel
from bridge.sla.abbreviations import unexplained

Action = Literal["note", "off", "block"]

_WORD: Final = re.compile(r"\w+")


class ShortCheck(ConfigModel):
    """An answer of fewer words than this is perhaps a formal one (3.7.1)."""

    action: Action = "note"
    """Tell the curator, nothing, or undo the submission."""
    words: Annotated[int, Field(ge=1, le=1000)] = 5
    """Fewer words than this are short."""


class LengthCheck(ConfigModel):
    """An answer that is longer than its channel allows cannot be placed (3.5)."""

    action: Action = "note"
    """Tell the curator, nothing, or undo the submission."""


class AbbreviationCheck(ConfigModel):
    """Abbreviations that are not commonly accepted are to be explained (3.7.4)."""

    action: Action = "note"
    """Tell the curator, nothing, or undo the submission."""
    accepted: frozenset[str] = frozenset()
    """Abbreviations that everybody knows."""


class AnswerChecks(ConfigModel):
    """Contents of `config/answers.yaml`."""

    short: ShortCheck = ShortCheck()
    """Answers of few words."""
    length: LengthCheck = LengthCheck()
    """Answers that the channel would not take."""
    abbreviations: AbbreviationCheck = AbbreviationCheck()
    """Abbreviations that are not explained."""


def findings(
    text: str, checks: AnswerChecks, longest: int | None, action: Action
) -> Mapping[str, str]:
    """What the checks that have this action find, as values of a note; empty for nothing.

    `longest`: characters that the channel leaves for the text; None where it sets no limit.
    """
    found: dict[str, str] = {}
    words = len(_WORD.findall(text))
    if checks.short.action == action and words < checks.short.words:
        found["words"] = str(words)
    if checks.length.action == action and longest is not None and len(text) > longest:
        found |= {"length": str(len(text)), "longest": str(longest)}
    if checks.abbreviations.action == action:
        names = ", ".join(unexplained(text, checks.abbreviations.accepted))
        found |= {"abbreviations": names} if names else {}
    return found
