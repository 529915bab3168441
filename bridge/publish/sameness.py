"""Is a text seen in a network the one that was sent?"""

import html
import re

_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufe0e\ufe0f\ufeff]")


def same_text(seen: str, sent: str) -> bool:
    """Compare as a reader would: networks change blanks, escape characters, drop joiners."""
    return _as_read(seen) == _as_read(sent)


def ends_with_text(text: str, ending: str) -> bool:
    """Does the text end with these words? Blanks and the last full stop do not matter."""
    return _as_read(text).rstrip(".").endswith(_as_read(ending).rstrip("."))


def _as_read(text: str) -> str:
    return " ".join(_INVISIBLE.sub("", html.unescape(text)).split())
