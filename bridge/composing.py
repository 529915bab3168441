"""One answer of several departments' (clause 2.1.2), by a template: one greeting, one signature."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from jinja2 import Environment

from bridge.channels import Channels
from bridge.publish.greeting import greets
from bridge.publish.sameness import ends_with_text
from bridge.sla.parts import Compose, PartAnswer

_TEMPLATE = "tickets/common_answer.j2"
_GREETING = re.compile(r"(?:[^\s.!?]+[ ]*){1,5}(?:[.!]+|,?\n)\s*")
"""A sentence of a few words: a longer one that begins with a greeting says more than that."""


@dataclass(frozen=True)
class Composer:
    """Composes by `templates/tickets/common_answer.j2`; greeting and signature come at placement.

    `departments`: names by key.
    """

    texts: Environment
    channels: Channels
    departments: dict[str, str]

    def for_channel(self, channel: str) -> Compose:
        """Composes answers that are placed there."""
        signature = self.channels[channel].signature if channel in self.channels else ""
        return partial(self._compose, signature)

    def _compose(self, signature: str, answers: Sequence[PartAnswer]) -> str:
        paragraphs = [
            {
                "department": self.departments.get(answer.department or "", ""),
                "text": _bare(answer.text, signature),
            }
            for answer in answers
        ]
        return self.texts.get_template(_TEMPLATE).render(answers=paragraphs).strip()


def _bare(text: str, signature: str) -> str:
    """A department's answer without the greeting and the page's signature."""
    text = text.strip()
    if greets(text):
        greeting = _GREETING.match(text)
        text = text[greeting.end() :] if greeting else text
    if signature.strip() and ends_with_text(text, signature):
        text = _without_ending(text, signature)
    return text.strip()


def _without_ending(text: str, ending: str) -> str:
    """The blanks between the words of an ending are the writer's own."""
    words = r"\s+".join(re.escape(word) for word in ending.strip().rstrip(".").split())
    return re.sub(rf"{words}\.?\s*$", "", text)
