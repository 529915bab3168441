"""Reads a guide: the files that its code blocks make, and the edits that its diffs ask for.

A block that is a file begins with the file's path: `# path` in Python and YAML, `{#- path -#}` in
templates. A block in the language `diff` changes files that are there; where, its lines of context
say, for numbers of lines would soon be wrong. Other blocks are only to be read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_BLOCK: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PATH: Final = re.compile(r"\A(?:# |\{#- )([\w./-]+\.\w+)(?: -#\})?\n")


@dataclass(frozen=True)
class NewFile:
    """A file that the reader makes. The line with its path stays: it is a comment."""

    path: Path
    text: str


@dataclass(frozen=True)
class Edit:
    """A change that the reader makes in a file: one text in place of another."""

    path: Path
    old: str
    new: str

    def applied(self, text: str) -> str:
        """The file's text with the change. Raises `ValueError` where it does not fit."""
        if text.count(self.old) != 1:
            raise ValueError(f"{self.path}: is there {text.count(self.old)} times:\n{self.old}")
        return text.replace(self.old, self.new)


@dataclass(frozen=True)
class Guide:
    """What the reader of one guide does to the tree."""

    files: tuple[NewFile, ...]
    edits: tuple[Edit, ...]

    @classmethod
    def of(cls, page: Path) -> "Guide":
        """The guide on this page."""
        blocks = _BLOCK.findall(page.read_text(encoding="utf-8"))
        diffs = [text for language, text in blocks if language == "diff"]
        edits = (edit for diff in diffs for edit in _edits(diff))
        return cls(tuple(_files(blocks)), tuple(edits))

    @property
    def modules(self) -> list[str]:
        """The modules of the program that the reader makes or changes."""
        made, changed = (each.path for each in self.files), (each.path for each in self.edits)
        touched = dict.fromkeys((*made, *changed))
        return [str(path) for path in touched if path.match("bridge/**/*.py")]

    @property
    def tests(self) -> list[str]:
        """The tests that the reader makes."""
        return [str(each.path) for each in self.files if each.path.name.startswith("test_")]


def _files(blocks: list[tuple[str, str]]) -> Iterator[NewFile]:
    for language, text in blocks:
        named = _PATH.match(text)
        if language != "diff" and named:
            yield NewFile(Path(named[1]), text)


def _edits(diff: str) -> Iterator[Edit]:
    for of_file in diff.split("--- a/")[1:]:
        head, *hunks = re.split(r"^@@.*\n", of_file, flags=re.MULTILINE)
        path = Path(head.split("\n", 1)[0])
        for hunk in hunks:
            lines = hunk.splitlines()
            old = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("+"))
            new = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("-"))
            yield Edit(path, old, new)
