"""The texts for people, from `templates/`: a missing value is an error, not an empty place."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateSyntaxError

from bridge.config.document import ConfigError
from bridge.sla.effects import Note

_OURS = ("notes/", "tickets/")


def open_texts(folder: Path) -> Environment:
    """Templates of plain texts and of the helpdesk's markup. Not for HTML: nothing is escaped."""
    return Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701
    )


def check_texts(folder: Path) -> None:
    """Read every template of notes and tickets. Raises `ConfigError` naming file and line."""
    texts = open_texts(folder)
    for name in texts.list_templates(filter_func=lambda name: name.startswith(_OURS)):
        try:
            texts.get_template(name)
        except TemplateSyntaxError as error:
            where = f"{folder / name}:{error.lineno}"
            raise ConfigError(f"{where}: {error.message}") from error


def note_text(texts: Environment, note: Note) -> str:
    """A note for staff, in Russian."""
    return texts.get_template(f"notes/{note.template}.j2").render(note.values).strip()
