"""`config/moderation.yaml` as typed data: which words are not answered (clause 1.3)."""

import hashlib
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from bridge.config.document import ConfigModel, load_document
from bridge.moderation.roots import Prefix, Root
from bridge.moderation.verdict import Flag
from bridge.routing.pattern import PatternText

Patterns = tuple[PatternText, ...]
PlainWord = Annotated[str, StringConstraints(pattern=r"^[А-ЯЁа-яё]+$")]
LatinWord = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]+$")]


class Obscenities(ConfigModel):
    """Words that are obscene whomever they are said to."""

    prefixes: tuple[Prefix, ...] = ()
    """What may stand before a root, twice at most («на-вы-…»)."""
    roots: tuple[Root, ...] = ()
    """Roots in the notation of `bridge.moderation.roots`."""
    words: Patterns = ()
    """Further words and phrases."""
    masked: tuple[PlainWord, ...] = ()
    """What people write with letters hidden («п***ц»), in all its forms."""
    exceptions: Patterns = ()
    """Decent words with such a root, and phrases in which a word is decent."""
    latin_exceptions: tuple[LatinWord, ...] = ()
    """Foreign words and names that only sound so."""


class Insults(ConfigModel):
    """Words that offend somebody."""

    words: Patterns = ()
    """An insult whoever is called so."""
    addressed: Patterns = ()
    """An insult only to somebody's face («вы бараны»): animals, things, weaker words."""
    addressed_with: Patterns = ()
    """Adjectives that make an insult of an `addressed` word («тупой баран»)."""
    qualities: Patterns = ()
    """Adjectives that offend when said of people («тупые чиновники»), not of things."""
    people: Patterns = ()
    """Whom messages are about: officials, services, neighbours."""
    phrases: Patterns = ()
    """Turns of speech that offend."""
    reporting: Patterns = ()
    """Verbs by which somebody tells how others are called («обозвала меня …»)."""
    exceptions: Patterns = ()
    """Turns of speech in which these words offend nobody."""


class Threats(ConfigModel):
    """What the author says to be about to do to people or their property."""

    harm: Patterns = ()
    """Verbs of harm to people, clear without an object («убью!»)."""
    harm_somebody: Patterns = ()
    """Verbs that mean harm when the object is a person («порву вас»)."""
    destroy: Patterns = ()
    """Verbs of destruction, clear without an object («взорву!»)."""
    damage: Patterns = ()
    """Verbs that mean harm when the object is somebody's property («разобью вам окна»)."""
    property: Patterns = ()
    """What may be destroyed or damaged, private or not."""
    offices: Patterns = ()
    """Property that is never the author's own («контора»)."""
    animals: Patterns = ()
    """Living beings that are no people."""
    first_person: Patterns = ()
    """Phrases that are a threat when the author says so of himself («набить морду»)."""
    to_another: Patterns = ()
    """The same where it must also be somebody else's («переломать ноги», not his own)."""
    approach: Patterns = ()
    """Verbs by which the author comes for somebody («найду …»)."""
    intent: Patterns = ()
    """Words that make an intention of an infinitive («хочу», «готов», «сейчас приеду»)."""
    calls: Patterns = ()
    """Words that make a call of an infinitive («вас … надо»)."""
    phrases: Patterns = ()
    """Threats whoever says them."""
    reporting: Patterns = ()
    """Verbs by which the author tells what others say («кричит, что убьёт»)."""
    fears: Patterns = ()
    """Words that make a fear of it («боюсь», «чуть не»)."""
    figurative: Patterns = ()
    """Turns of speech that mean no harm («убить время», «порвать в суде»)."""


class Lexicon(ConfigModel):
    """The whole lexicon. Its `version` changes whenever anything in it does."""

    close_without_curator: tuple[Flag, ...] = ()
    """Kinds that close a ticket without a curator (reading 12)."""
    phrase_gap: int = Field(default=2, ge=0, le=20)
    """How many other words may stand among the words of a phrase."""
    typo_min_length: int = Field(default=6, ge=5)
    """From this length on an unknown word may differ by one letter from one of the lexicon."""
    obscene: Obscenities = Obscenities()
    """Obscene words."""
    insult: Insults = Insults()
    """Insults."""
    threat: Threats = Threats()
    """Threats."""

    @property
    def version(self) -> str:
        """A hash of the contents: the same for the same words wherever they are loaded."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]


def load_lexicon(path: Path) -> Lexicon:
    """Read a lexicon file. Raises `ConfigError` naming the file, the line and the mistake."""
    return load_document(path, Lexicon)
