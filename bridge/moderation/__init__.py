"""What of a message is obscene, an insult or a threat (clause 1.3): pure, given the lexicon."""

from bridge.moderation.explanation import explain_in_russian, explain_masked, kinds_in_russian
from bridge.moderation.lexicon import Lexicon, load_lexicon
from bridge.moderation.moderator import Moderator
from bridge.moderation.record import read_record, to_record
from bridge.moderation.verdict import Flag, Found, Verdict

__all__ = [
    "Flag",
    "Found",
    "Lexicon",
    "Moderator",
    "Verdict",
    "explain_in_russian",
    "explain_masked",
    "kinds_in_russian",
    "load_lexicon",
    "read_record",
    "to_record",
]
