"""Says in Russian what was found: to staff with words masked, to the lexicon's editor in full."""

from collections.abc import Callable, Iterable, Iterator

from bridge.moderation.verdict import Flag, Found, Verdict

_TITLES = {
    Flag.OBSCENE: "нецензурные выражения",
    Flag.INSULT: "оскорбления",
    Flag.THREAT: "угрозы",
}
_NOTHING_FOUND = "Ничего из названного в пункте 1.3 регламента не найдено."
_SHORTEST_WITH_END = 4
_MOST_TOLD = 5


def explain_in_russian(verdict: Verdict) -> str:
    """Return a line for each kind with the words as written."""
    told = _by_kind(verdict.found, lambda found: found.text)
    return "\n".join(f"{line[0].upper()}{line[1:]}." for line in told) or _NOTHING_FOUND


def explain_masked(found: Iterable[Found]) -> str:
    """Return the kinds on one line, in letters that mean nothing as markup.

    What is obscene or offends is masked; a threat is told, because somebody must judge it.
    """
    return "; ".join(_by_kind(found, _masked))


def kinds_in_russian(flags: Iterable[Flag]) -> str:
    """Return the kinds alone: «нецензурные выражения, угрозы»."""
    return ", ".join(_TITLES[flag] for flag in flags)


def _by_kind(found: Iterable[Found], told: Callable[[Found], str]) -> Iterator[str]:
    everything = list(found)
    for flag, title in _TITLES.items():
        words = list(dict.fromkeys(told(each) for each in everything if each.flag is flag))
        if words:
            more = " и другие" if len(words) > _MOST_TOLD else ""
            yield f"{title}: {', '.join(f'«{word}»' for word in words[:_MOST_TOLD])}{more}"


def _masked(found: Found) -> str:
    """«х…», «д…л»: enough to know which word it is."""
    words = _without_markup(found.text).split()
    if found.flag is Flag.THREAT:
        return " ".join(words)
    return " ".join(_masked_word(word) for word in words)


def _masked_word(word: str) -> str:
    return word[0] + "…" + (word[-1] if len(word) >= _SHORTEST_WITH_END else "")


def _without_markup(text: str) -> str:
    return "".join(sign if sign.isalnum() else " " for sign in text)
