"""Findings that are accepted for a time: requirements/audit.toml."""

import tomllib
from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class Acceptance(BaseModel):
    """One finding that the project lives with until a day, and why it may."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=5)
    package: str = Field(min_length=1)
    reason: str = Field(min_length=20)
    until: date

    def is_of(self, package: str, ids: Collection[str]) -> bool:
        """Whether it is this finding, by any of its names."""
        return self.package == package and self.id in ids


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    accepted: tuple[Acceptance, ...] = ()


def read_accepted(path: Path) -> tuple[Acceptance, ...]:
    """The file's entries. Raises `ValueError` saying what is wrong with it."""
    try:
        return _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).accepted
    except ValidationError as error:
        mistakes = error.errors(include_url=False, include_input=False)
        told = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in mistakes)
        raise ValueError(f"{path.name}: {told}") from None


def expired(accepted: Collection[Acceptance], today: date) -> Iterator[str]:
    """A line for each acceptance whose time is over."""
    for each in accepted:
        if each.until < today:
            yield (
                f"{each.package}: {each.id} was accepted until {each.until:%d.%m.%Y}:"
                " update the package, or give a reason for longer in requirements/audit.toml"
            )
