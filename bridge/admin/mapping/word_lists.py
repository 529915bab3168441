"""Lists of words as people type them: one a line; mistakes are told with line and remedy."""

from collections.abc import Callable
from typing import Final

from bridge.routing.pattern import WrongWord, parse_pattern

LONGEST: Final = 300
"""Characters of one line: nobody means a longer one."""


def read_lines(
    text: str, check: Callable[[str], str | None]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines, each once, blank ones left out, and what is wrong with them.

    `check` says in Russian what is wrong with a line, or None.
    """
    lines: dict[str, None] = {}
    mistakes = []
    for number, line in enumerate(text.splitlines(), start=1):
        written = " ".join(line.split())
        if not written:
            continue
        wrong = check(written)
        if wrong:
            mistakes.append(f"Строка {number}: {wrong}")
        lines[written] = None
    return tuple(lines), tuple(mistakes)


def check_pattern(line: str) -> str | None:
    """What is wrong with a line of words, in Russian."""
    if len(line) > LONGEST:
        return f"длиннее {LONGEST} знаков; разбейте её на несколько"
    try:
        parse_pattern(line)
    except WrongWord as wrong:
        return f"«{line}» — не понятно «{wrong.word}». {_remedy(wrong.word)}"
    return None


def _remedy(word: str) -> str:
    if "," in word or ";" in word:
        return "Каждое слово или словосочетание пишется с новой строки, без запятых."
    if not word or word.startswith("|") or word.endswith("|"):
        return "Варианты соединяет знак «|» без пробелов: «снег чистить|вывезти»."
    if word.endswith("*"):
        return "Перед «*» нужны хотя бы три буквы: «обледен*»."
    return (
        "Годится русское слово («снег»), его начало («обледен*»), точная форма («=парковом»),"
        " число или «№»; знаки препинания не нужны."
    )
