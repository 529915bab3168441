"""Which Cyrillic words a written one may stand for: look-alikes, digits, transliteration."""

import itertools
import re
from collections.abc import Iterable, Iterator

_CYRILLIC = re.compile(r"[а-я]+")
_LATIN = re.compile(r"[a-z0-9']+")
_ANY_CYRILLIC = re.compile(r"[а-я]")
_STRETCHED = re.compile(r"(.)\1{2,}")
_CRIED = re.compile(r"([аеиоуыэюя])\1{2,}$")
_DOUBLED = re.compile(r"(.)\1")
_SOFT_BEFORE_VOWEL = re.compile(r"(?<=[бвгджзклмнпрстфхцчшщ])(?=[юяе])")
_LAST_CONSONANT = re.compile(r"[бвгджзклмнпрстфхцчшщ]$")
_MOST_READINGS = 64

_STANDS_FOR = {
    "a": "а", "b": "вб", "c": "сц", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "хн",
    "i": "и", "j": "й", "k": "к", "l": "л", "m": "м", "n": "нп", "o": "о", "p": "рп",
    "q": "к", "r": "рг", "s": "с", "t": "т", "u": "иу", "v": "в", "w": "шв", "x": "х",
    "y": "уй", "z": "з", "і": "и", "ї": "и", "є": "е", "ў": "у", "ґ": "г", "ј": "й",
    "0": "о", "1": "и", "3": "зе", "4": "ч", "6": "б", "8": "в", "9": "я",
    "@": "ая", "$": "с", "€": "е",
}  # fmt: skip
"""What a sign stands for in a word that has Cyrillic letters, too: by its look or its sound."""

_LOOKS_LIKE = str.maketrans("aceopxykmtbhu0346", "асеорхукмтвни" + "озчб")
"""A whole word in Latin letters that looks like a Cyrillic one («cyka», «xep»)."""

_SOUNDS = (
    ("shch", "щ"), ("sch", "щ"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("tz", "ц"), ("ch", "ч"),
    ("sh", "ш"), ("yu", "ю"), ("ju", "ю"), ("ya", "я"), ("ja", "я"), ("yo", "е"), ("jo", "е"),
    ("ye", "е"), ("je", "е"), ("ia", "я"), ("iu", "ю"), ("iy", "ий"), ("yi", "ый"), ("ey", "ей"),
    ("ay", "ай"), ("oy", "ой"), ("uy", "уй"), ("ij", "ий"), ("yj", "ый"), ("ee", "ее"),
    ("a", "а"), ("b", "б"), ("v", "в"), ("w", "в"), ("g", "г"), ("d", "д"), ("e", "е"), ("z", "з"),
    ("i", "и"), ("y", "ы"), ("j", "й"), ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"),
    ("p", "п"), ("r", "р"), ("s", "с"), ("t", "т"), ("u", "у"), ("f", "ф"), ("h", "х"), ("x", "х"),
    ("c", "ц"), ("q", "к"), ("'", "ь"), ("4", "ч"), ("6", "ш"), ("0", "о"), ("3", "з"), ("1", "и"),
)  # fmt: skip
_BY_SOUND = dict(_SOUNDS)
_SOUND = re.compile("|".join(re.escape(latin) for latin, _ in _SOUNDS))


def readings(written: str) -> tuple[str, ...]:
    """Return the Cyrillic spellings that a word may mean, the likeliest first.

    `written` is in lower case, without `ё` and without signs that only hide letters. Digits alone
    and words that nothing is known of have no reading.
    """
    if _CYRILLIC.fullmatch(written):
        return tuple(_with_variants([written]))
    if _ANY_CYRILLIC.search(written):
        return tuple(_with_variants(_mixed(written)))
    if _LATIN.fullmatch(written) and not written.isdecimal():
        return tuple(_with_variants(_latin(written)))
    return ()


def _mixed(written: str) -> Iterator[str]:
    letters = [letter for letter in written if letter.isalpha()]
    if len(letters) < 2 or len(letters) < len(written) / 2:
        return
    choices = [_STANDS_FOR.get(sign, sign if _CYRILLIC.match(sign) else "") for sign in written]
    known = [choice for choice in choices if choice]
    for combination in itertools.islice(itertools.product(*known), _MOST_READINGS):
        yield "".join(combination)


def _latin(written: str) -> Iterator[str]:
    sounding = _by_sound(written)
    yield sounding
    if written.endswith("ye"):
        yield _by_sound(written[:-2]) + "ые"
    yield _SOFT_BEFORE_VOWEL.sub("ь", sounding)
    yield _LAST_CONSONANT.sub(lambda met: met.group() + "ь", sounding)
    looking = written.translate(_LOOKS_LIKE)
    if _CYRILLIC.fullmatch(looking):
        yield looking


def _by_sound(written: str) -> str:
    return _SOUND.sub(lambda met: _BY_SOUND[met.group()], written)


def _with_variants(spellings: Iterable[str]) -> Iterator[str]:
    """Each spelling with stretched letters shortened, left off at the end, or none doubled."""
    seen: set[str] = set()
    for spelling in spellings:
        short = _STRETCHED.sub(r"\1", spelling)
        cried = _CRIED.sub("", spelling)
        for variant in (short, cried, _DOUBLED.sub(r"\1", short), short.replace("ъ", "ь")):
            if variant and variant not in seen:
                seen.add(variant)
                yield variant
