"""Shows a citizen's words in Redmine exactly as written, whatever they would mean as markup.

Both forms are blocks that Redmine shows as they are: no markup, no HTML, no `{{macro}}`, no
`#123`, no `[[page]]`, no picture, and line breaks kept. What stands outside of a block (an
attachment's title and address) keeps only characters that mean nothing in any markup. What staff
should not have to read stands in a fold.
"""

import re
from enum import StrEnum
from urllib.parse import quote

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_TEXTILE_BLOCK_TAG = re.compile(r"<(?=/?(?:pre|code|kbd|notextile)\b)", re.IGNORECASE)
_BACKTICKS = re.compile(r"`+")
_START_OF_MACRO = re.compile(r"\{(?=\{\w)")
_END_OF_MACRO = re.compile(r"^\}\}", re.MULTILINE)
_WORD_JOINER = "\u2060"
_NOT_OF_CAPTIONS = re.compile(r"[^\w.,]|_")
_NEUTRAL_IN_ADDRESSES = "-._~:/?#&=+,;%$"
_LONGEST_CAPTION = 80


class TextFormatting(StrEnum):
    """Redmine's setting «Форматирование текста», in its own words."""

    PLAIN = ""
    TEXTILE = "textile"
    MARKDOWN = "markdown"
    COMMON_MARK = "common_mark"


def printable(text: str) -> str:
    """`text` without control characters and broken pairs, which databases refuse; CRLF as LF."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def verbatim(text: str, formatting: TextFormatting) -> str:
    """Markup that shows `text` as it is.

    Redmine looks for macros before anything else: one that began in this text and ended in another
    below it would swallow the ends of both blocks. So none begins here.
    """
    text = _START_OF_MACRO.sub("{" + _WORD_JOINER, printable(text))
    match formatting:
        case TextFormatting.PLAIN:
            return text
        case TextFormatting.TEXTILE:
            return f"<pre>\n{_without_block_tags(text)}\n</pre>"
        case TextFormatting.MARKDOWN | TextFormatting.COMMON_MARK:
            fence = _fence(text)
            return f"{fence}\n{text}\n{fence}"


def folded(text: str, label: str, formatting: TextFormatting) -> str:
    """Markup that shows `text` as it is once somebody clicks on the label; plain text cannot fold.

    `label` is ours: letters, spaces and dots only.
    """
    block = verbatim(text, formatting)
    if formatting is TextFormatting.PLAIN:
        return block
    # Redmine ends the fold at the first line that begins so, whatever stands around it.
    inside = _END_OF_MACRO.sub(_WORD_JOINER + "}}", block)
    return f"{{{{collapse({label})\n{inside}\n}}}}"


def caption(title: str) -> str:
    """The letters and digits of a title, on one line, at most 80 characters."""
    return " ".join(_NOT_OF_CAPTIONS.sub(" ", title).split())[:_LONGEST_CAPTION].rstrip()


def web_address(url: str) -> str:
    """The same address with everything percent-encoded that some markup gives a meaning."""
    return quote(printable(url), safe=_NEUTRAL_IN_ADDRESSES)


def _without_block_tags(text: str) -> str:
    """An invisible character after `<` keeps Textile from ending the block at the text's own tag.

    Entities are no way out: inside of a block Redmine shows them letter by letter.
    """
    return _TEXTILE_BLOCK_TAG.sub("<" + _WORD_JOINER, text)


def _fence(text: str) -> str:
    """Longer than any run of backticks in the text, so that none of them ends the block."""
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    return "`" * max(3, longest + 1)
