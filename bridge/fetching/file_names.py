"""File names that mean the same to every system: no paths, no marks that turn the text around."""

import re
import unicodedata
from typing import Final

LONGEST: Final = 80
"""Characters without the end; file systems count bytes, of which Cyrillic letters have two."""

_NOT_OF_NAMES: Final = re.compile(r"[^\w .,()+№-]")
_END: Final = re.compile(r"\.[A-Za-z0-9]{1,5}$")


def safe_file_name(wanted: str, suffix: str) -> str:
    """A name made of the wanted one's letters and digits, with the end of the real kind."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", wanted))[-1]
    words = _NOT_OF_NAMES.sub(" ", _END.sub("", last)).split()
    stem = " ".join(words)[:LONGEST].strip(" .,")
    return (stem or "файл") + suffix
