"""Keeps parts of a text out of a converter's reach, and puts them back afterwards."""

import re

_OPEN, _CLOSE = "\ue000", "\ue001"
_TOKEN = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_BARE_ADDRESS = re.compile(r"""(?<!\]\()(?<!":)(?<!=")(?<!<)https?://\S*[^\s*_~.,;:!?)»"'>\]|]""")


class Shield:
    """Parts taken out of one text; each stands there as a token of private-use characters."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def hide(self, part: str) -> str:
        """Return the token that stands for the part."""
        self._parts.append(part)
        return f"{_OPEN}{len(self._parts) - 1}{_CLOSE}"

    def hide_addresses(self, text: str) -> str:
        """Hide web addresses that stand by themselves: their `_` and `*` are no markup."""
        return _BARE_ADDRESS.sub(lambda match: self.hide(match.group()), text)

    def restore(self, text: str) -> str:
        """Put every part back. What looks like a token and is none was an escaped character."""
        return _TOKEN.sub(lambda match: self._part(int(match.group(1))), text)

    def _part(self, number: int) -> str:
        return self._parts[number] if number < len(self._parts) else ""


def without_tokens(text: str) -> str:
    """The text without the private-use characters that tokens are made of."""
    return text.replace(_OPEN, "").replace(_CLOSE, "")
