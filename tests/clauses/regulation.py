"""What the regulation asks for, by number: the contents of `regulation.yaml`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import StringConstraints

from bridge.config.document import ConfigModel, load_document

FILE = Path(__file__).with_name("regulation.yaml")

Number = Annotated[str, StringConstraints(pattern=r"^[1-3]\.\d(\.\d)?$")]
Text = Annotated[str, StringConstraints(min_length=1)]


class Demand(ConfigModel):
    """One number of the regulation or of our lists. Empty texts stand for "nothing to say"."""

    text: Text
    rule: bool = True
    no_setting: str = ""
    no_redmine: str = ""
    later: str = ""


class Regulation(ConfigModel):
    """Clauses, readings of clauses, and scenarios that other systems have failed at."""

    clauses: Mapping[Number, Demand]
    readings: Mapping[int, Demand]
    scenarios: Mapping[int, Demand]


def load_regulation() -> Regulation:
    """Read the file. Raises `ConfigError`."""
    return load_document(FILE, Regulation)


def and_above(clause: str) -> tuple[str, ...]:
    """The clause and those it is part of: what is said of 3.7 is said of 3.7.1 too."""
    parts = clause.split(".")
    return tuple(".".join(parts[:length]) for length in range(len(parts), 1, -1))
