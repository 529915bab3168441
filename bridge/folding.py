"""Shows staff what a citizen wrote; what clause 1.3 names is folded, with a word of warning."""

from collections.abc import Callable
from dataclasses import dataclass

from bridge.helpdesk.markup import TextFormatting, folded, verbatim
from bridge.moderation import Moderator, explain_masked

LABEL = "Показать текст"


@dataclass(frozen=True)
class Folding:
    """Made once; `formatting` tells what markup the helpdesk has now."""

    moderator: Moderator
    formatting: Callable[[], TextFormatting]

    def __call__(self, text: str) -> str:
        """Markup that shows the text as written, at once or when it is asked for."""
        verdict = self.moderator.check(text)
        if not verdict.found:
            return verbatim(text, self.formatting())
        warning = f"Текст скрыт, пункт 1.3 регламента. Найдены {explain_masked(verdict.found)}."
        return f"{warning}\n\n{folded(text, LABEL, self.formatting())}"
