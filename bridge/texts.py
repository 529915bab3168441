"""The texts for people, from `templates/`: a missing value is an error, not an empty place."""

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateSyntaxError

from bridge.config.document import ConfigError
from bridge.helpdesk.markup import web_address
from bridge.sla.effects import Note

_OURS = ("notes/", "tickets/")


Verbatim = Callable[[str], str]
"""Makes a citizen's text safe in the helpdesk's markup, shown exactly as written."""


def open_texts(folder: Path, verbatim: Verbatim) -> Environment:
    """Templates of plain texts and of the helpdesk's markup. Not for HTML: nothing is escaped.

    What a citizen wrote goes through their filter `verbatim`, links through `address`.
    """
    texts = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701
    )
    texts.filters["verbatim"] = verbatim
    texts.filters["address"] = web_address
    return texts


def check_texts(folder: Path) -> None:
    """Read every template of notes and tickets. Raises `ConfigError` naming file and line."""
    texts = open_texts(folder, str)
    for name in texts.list_templates(filter_func=lambda name: name.startswith(_OURS)):
        try:
            texts.get_template(name)
        except TemplateSyntaxError as error:
            where = f"{folder / name}:{error.lineno}"
            raise ConfigError(f"{where}: {error.message}") from error


def note_text(texts: Environment, note: Note) -> str:
    """A note for staff, in Russian."""
    return texts.get_template(f"notes/{note.template}.j2").render(note.values).strip()
