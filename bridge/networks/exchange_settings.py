"""The `exchange` section of a channel: how cards come from a system and answers go back to it.

«Инцидент менеджмент» and the module «Мониторинг социальных сетей» have no public API. So each way
that such a system may have is a transport here, and what its cards look like is configuration.
"""

from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, HttpUrl, model_validator

from bridge.config.document import ConfigModel
from bridge.networks.canonical_links import LinkHosts
from bridge.secrets import SecretReference


def _as_names(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Name = Annotated[str, Field(min_length=1, max_length=200)]
Names = Annotated[
    tuple[Name, ...], BeforeValidator(_as_names, json_schema_input_type=Name | tuple[Name, ...])
]
"""A column's title or a dotted path into JSON; several are looked for in this order."""


def _web_address(text: str) -> str:
    HttpUrl(text.replace("{number}", "1").replace("{key}", "1"))
    return text


WebAddress = Annotated[
    str, AfterValidator(_web_address), Field(json_schema_extra={"format": "uri-template"})
]
"""An http(s) address; `{number}` and `{key}` in it stand for a card's and an answer's."""
HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")]
ParameterName = Annotated[str, Field(pattern=r"^[\w.-]{1,64}$")]


class CardFields(ConfigModel):
    """Where the parts of a card stand in a row or a JSON object.

    Names are compared without regard to case, `ё` and blanks. Of the names of `links`, `topics` and
    `attachments` all that are there count, of the others the first that is not empty.
    """

    number: Names = ("Номер", "number")
    """The card's number, unique in its system; needed."""
    text: Names = ("Текст", "text")
    """What the citizen wrote; needed."""
    registered_at: Names = ("Зарегистрировано", "registered_at")
    """When the card was registered, from which its deadlines run (clause 3.1); needed."""
    links: Names = ("Ссылка", "links")
    """Links to the posts or comments that the card is about."""
    card_link: Names = ("Ссылка на карточку", "card_link")
    """The card's own page."""
    network: Names = ("Источник", "network")
    """The name of the network that the citizen wrote in."""
    author: Names = ("Автор", "author.name")
    """The citizen's name."""
    author_id: Names = ("Номер автора", "author.id")
    """The citizen's number in that network."""
    author_link: Names = ("Ссылка на автора", "author.link")
    """The citizen's page."""
    topics: Names = ("Тема", "topics")
    """Rubrics; `topic_codes` of departments name them."""
    district: Names = ("Район", "district")
    """The district, in the words of the system."""
    deadline: Names = ("Срок", "deadline")
    """The due that the system itself shows: told in the ticket, never counted with."""
    visibility: Names = ("Вид", "visibility")
    """Whether the message is public or private, see `direct_words`."""
    attachments: Names = ("Вложения", "attachments")
    """Addresses of files."""
    changed_at: Names = ("Изменено", "changed_at")
    """Only compared: with it, a card that is put back to earlier words is an edit, too."""


class SourceHosts(ConfigModel):
    """Hosts that count as VK's or OK's own, beside the ones that everybody knows."""

    vk: tuple[str, ...] = ()
    """Further hosts of VK's pages, with the port if it is not the usual one."""
    ok: tuple[str, ...] = ()
    """Further hosts of OK's pages, likewise."""


class FolderTransport(ConfigModel):
    """A watched folder with exports: XLSX, CSV or JSON."""

    folder: Path
    """Absolute, or below the data folder."""
    pause: float = Field(default=10.0, gt=0, le=3600)
    """Seconds between two looks. A file is read when it has not changed between two of them."""

    def place(self, data: Path) -> Path:
        """The folder's path, given the data folder."""
        return data / self.folder


class PushTransport(ConfigModel):
    """A webhook that the system signs.

    The signature is the HMAC-SHA256 of the timestamp, a full stop and the raw body, as hexadecimal
    digits after `sha256=`. The timestamp is in Unix seconds.
    """

    secret: SecretReference
    """What the system signs with."""
    signature_header: HeaderName = "X-Signature-256"
    """The header with the signature."""
    timestamp_header: HeaderName = "X-Timestamp"
    """The header with the timestamp."""
    tolerance: float = Field(default=300.0, gt=0, le=3600)
    """Seconds by which the timestamp may differ from the bridge's clock."""


class PullTransport(ConfigModel):
    """A JSON page that is read again and again, from a cursor on."""

    url: WebAddress
    """Where the list of cards is read."""
    token: SecretReference | None = None
    """Sent as `Authorization: Bearer …`."""
    cursor_parameter: ParameterName = "cursor"
    """The parameter of the address that takes the last page's cursor."""
    next_cursor: Name = "next_cursor"
    """Where the answer tells the cursor of the next page. An answer without one ends the list: it
    is read from the same cursor next time."""
    size_parameter: ParameterName = "limit"
    """The parameter of the address that takes the size of a page."""
    size: int = Field(default=100, ge=1, le=1000)
    """Cards on one page."""
    pause: float = Field(default=30.0, gt=0, le=3600)
    """Seconds between two looks."""


class AnswerNames(ConfigModel):
    """What the parts of an answer are called where it is written: titles of columns, JSON keys."""

    number: Name
    """The card's number."""
    answer: Name
    """The answer's text."""
    link: Name
    """Where the answer stands on a page of the city; empty for a private message."""
    answered_at: Name
    """When it was placed, in the time zone of the system."""
    pictures: Name
    """The pictures of the answer."""


class AnswerFiles(ConfigModel):
    """Answers as files for import, one for each."""

    folder: Path
    """Absolute, or below the data folder."""
    format: Literal["csv", "xlsx", "json"] = "csv"
    """What the files are."""
    names: AnswerNames = AnswerNames(
        number="Номер",
        answer="Ответ",
        link="Ссылка",
        answered_at="Размещено",
        pictures="Файлы",
    )
    """What the columns or keys are called."""

    def place(self, data: Path) -> Path:
        """The folder's path, given the data folder."""
        return data / self.folder


class AnswerHttp(ConfigModel):
    """Answers over HTTP: `POST` with a key by which the system knows a repeated one."""

    url: WebAddress
    """Where an answer is sent; `{number}` stands for the card."""
    status_url: WebAddress | None = None
    """Where an answer is looked up by its `{key}`: 200 when it is there, 404 when it is not."""
    token: SecretReference | None = None
    """Sent as `Authorization: Bearer …`."""
    key_header: HeaderName = "Idempotency-Key"
    """The header with the answer's key, the same at each try."""
    pictures: bool = False
    """Whether the system takes pictures, as base64 within the JSON."""
    names: AnswerNames = AnswerNames(
        number="number",
        answer="answer",
        link="link",
        answered_at="answered_at",
        pictures="pictures",
    )
    """What the keys of the JSON are called."""


class Answers(ConfigModel):
    """How answers get into the system; none of the two: a person enters them."""

    files: AnswerFiles | None = None
    """Write files for import."""
    http: AnswerHttp | None = None
    """Send over HTTP."""

    @model_validator(mode="after")
    def _go_one_way(self) -> Self:
        if self.files and self.http:
            raise ValueError("answers go out by `files:` or by `http:`; keep one of the two")
        return self


class ExchangeSettings(ConfigModel):
    """One system: its cards, the ways they come by, the way answers go out."""

    time_zone: ZoneInfo
    """The zone in which the system writes its times."""
    day_begins: str | None = Field(default=None, pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    """From when a card counts as registered whose system tells the day only. Absent: such a card
    cannot be read, because its first deadline is an hour (clause 3.1)."""
    fields: CardFields = CardFields()
    """Where the parts of a card stand."""
    cards_at: str = ""
    """Dotted path to the list of cards in a JSON document; empty: the document itself is the list,
    or one card, or has the list as `cards`."""
    direct_words: tuple[str, ...] = ("личн", "личк", "лс", "direct", "private")
    """A card is a private message (clause 1.2.4) when a word of its `visibility` begins so."""
    own_authors: tuple[str, ...] = ()
    """Names or page links of the city's own pages: their texts are no citizen's message."""
    card_link: WebAddress | None = None
    """The page of a card, with `{number}`, where cards do not tell it themselves."""
    source_hosts: SourceHosts = SourceHosts()
    """What counts as a page of VK or OK, beside their own."""
    files: FolderTransport | None = None
    """Read exports from a watched folder."""
    push: PushTransport | None = None
    """Take a signed webhook."""
    pull: PullTransport | None = None
    """Read a list over HTTP."""
    answers: Answers = Answers()
    """How answers go back; none: a person enters them (clause 2.1.4)."""

    @property
    def link_hosts(self) -> LinkHosts:
        """`source_hosts` for canonical links."""
        return LinkHosts(vk=self.source_hosts.vk, ok=self.source_hosts.ok)
