"""Files that a citizen sent and that are not in the ticket: staff are told once, in a private note.

An answer is to go into all that was asked (clause 3.7.3), so whoever answers must know of them.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bridge.sla.effects import Note, UpdateTicket

KEY_PREFIX: Final = "unattached:"
NOTE_LIMIT: Final = 10
"""How many files one note tells of: the oldest; the others follow in another."""


@dataclass(frozen=True)
class UnattachedFile:
    """A file that is not in the ticket, and that the ticket does not tell of yet.

    `line` says what it is, with its link, safe in the helpdesk's markup; `reason` is the end of a
    sentence.
    """

    number: int
    line: str
    reason: str


def note_on_files(files: Sequence[UnattachedFile]) -> Iterator[UpdateTicket]:
    """One note for the oldest of them. Its key names what it tells."""
    told = files[:NOTE_LIMIT]
    if told:
        lines = "\n".join(f"* {file.line} ({file.reason})" for file in told)
        note = Note("files_not_attached", {"files": lines})
        yield UpdateTicket(_key(told), note=note)


def numbers_told(keys: Collection[str]) -> frozenset[int]:
    """The files that the notes with these keys tell of."""
    return frozenset(
        int(number)
        for key in keys
        if key.startswith(KEY_PREFIX)
        for number in key.removeprefix(KEY_PREFIX).split(",")
    )


def _key(files: Sequence[UnattachedFile]) -> str:
    return KEY_PREFIX + ",".join(str(file.number) for file in files)
