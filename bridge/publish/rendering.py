"""An approved answer becomes the text that is placed: greeting, answer, signature."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import jinja2

from bridge.config.document import ConfigError
from bridge.messages import Author, Network, Visibility
from bridge.publish.greeting import first_name, greets
from bridge.publish.markup import Markup, to_plain
from bridge.publish.sameness import ends_with_text
from bridge.publish.vk_mentions import without_vk_mentions

Variables = Mapping[str, str | bool]

_SAMPLE: Variables = {
    "greeted": False,
    "first_name": "Анна",
    "text": "Ответ",
    "signature": "Администрация",
    "signed": False,
    "final_by": "24.11.2026 18:30",
}


@dataclass(frozen=True)
class Answer:
    """What goes into a text. `text` is as the department wrote it, in the helpdesk's markup."""

    text: str
    markup: Markup
    author: Author
    signature: str
    limit: int
    """Longest rendered text, in characters."""
    interim: bool = False
    """Whether it is an interim answer, which has templates of its own (clause 3.6)."""
    final_by: str = ""
    """When the final answer comes, as an interim one tells it, in local time."""


class EmptyAnswer(Exception):
    """The answer has no words. Its text is Russian, for staff."""

    def __init__(self) -> None:
        super().__init__("Текст ответа пуст: напишите ответ.")


class TooLong(Exception):
    """The rendered answer is above the limit. Its text is Russian, for staff."""

    def __init__(self, limit: int, length: int) -> None:
        super().__init__(
            f"Ответ слишком длинный: {length} знаков вместе с приветствием и подписью, "
            f"а можно не больше {limit}. Сократите его на {length - limit}."
        )
        self.limit = limit
        self.length = length


class AnswerTemplates:
    """The templates of one folder, checked when loaded.

    `<network>_<visibility>.txt.j2` is for final answers, `…_interim.txt.j2` for interim ones.
    """

    def __init__(self, folder: Path) -> None:
        """Load every template. Raises `ConfigError` naming the file and line that is wrong."""
        self._folder = folder
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(folder),
            undefined=jinja2.StrictUndefined,
            autoescape=False,  # noqa: S701 - answers are plain text, not HTML
        )
        self._environment.filters["without_vk_mentions"] = without_vk_mentions
        self.names = tuple(self._environment.list_templates(extensions=["j2"]))
        for name in self.names:
            self._render(name, _SAMPLE)

    def render(self, network: Network, visibility: Visibility, answer: Answer) -> str:
        """The text to place: plain, greeted and signed once.

        Raises `EmptyAnswer`, `TooLong`, or `ConfigError` when there is no such template.
        """
        text = to_plain(answer.text, answer.markup)
        if not any(character.isalnum() for character in text):
            raise EmptyAnswer
        name = f"{network}_{visibility}{'_interim' if answer.interim else ''}.txt.j2"
        rendered = self._render(name, _variables(text, answer)).strip()
        if len(rendered) > answer.limit:
            raise TooLong(answer.limit, len(rendered))
        return rendered

    def _render(self, name: str, variables: Variables) -> str:
        try:
            return self._environment.get_template(name).render(variables)
        except jinja2.TemplateNotFound:
            raise ConfigError(f"{self._folder / name}: there is no such template") from None
        except jinja2.TemplateSyntaxError as error:
            where = self._folder / (error.name or name)
            raise ConfigError(f"{where}:{error.lineno}: {error.message}") from error
        except jinja2.TemplateError as error:
            raise ConfigError(f"{self._folder / name}: {error}") from error


def _variables(text: str, answer: Answer) -> Variables:
    return {
        "text": text,
        "greeted": greets(text),
        "first_name": first_name(answer.author),
        "signature": answer.signature.strip(),
        "final_by": answer.final_by,
        "signed": ends_with_text(text, answer.signature),
    }
