"""How a citizen is addressed, and whether the department did so already."""

import re

from bridge.messages import Author

_FIRST_NAME = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_GREETING = re.compile(
    r"\W*(?:[А-ЯЁA-Z][\w-]*(?: [А-ЯЁA-Z][\w-]*){0,2}, *)?"
    r"(?:здравствуй|добр(?:ый|ое|ой|ого) (?:день|дня|утро|утра|вечер|вечера|ночи|времени)"
    r"|доброго времени|приветству|уважаем(?:ый|ая|ые|ое)\b)",
    re.IGNORECASE,
)
_DELETED = "DELETED"
"""VK's first name of a page that was deleted."""


def first_name(author: Author) -> str:
    """The first name to greet with; empty for communities and for names that are not names."""
    words = author.name.split()
    if not words or author.external_id.startswith("-") or words[0] == _DELETED:
        return ""
    name = words[0]
    return name[0].upper() + name[1:] if _FIRST_NAME.fullmatch(name) else ""


def greets(text: str) -> bool:
    """Does the text begin with a greeting of its own?"""
    return _GREETING.match(text) is not None
