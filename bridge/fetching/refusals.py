"""Why a file was not fetched, in words for staff."""

from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """What stood in the way."""

    NOT_AN_ADDRESS = "not_an_address"
    INSIDE = "inside"
    """The address, or one that it redirects to, leads into the office's own network."""
    UNREACHABLE = "unreachable"
    NOT_TRUSTED = "not_trusted"
    """The server's certificate is not one for its name."""
    TIMED_OUT = "timed_out"
    INTERRUPTED = "interrupted"
    SERVER_TROUBLE = "server_trouble"
    GONE = "gone"
    FORBIDDEN = "forbidden"
    REFUSED = "refused"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    EMPTY = "empty"
    NOT_ALLOWED = "not_allowed"
    """By its content it is none of the kinds that are taken."""


_MEANINGS: Final = {
    Reason.NOT_AN_ADDRESS: "ссылка записана с ошибкой",
    Reason.INSIDE: "ссылка ведёт во внутреннюю сеть, по таким файлы не скачиваются",
    Reason.UNREACHABLE: "сервер не отвечает",
    Reason.NOT_TRUSTED: "сервер не подтвердил своё имя сертификатом",
    Reason.TIMED_OUT: "файл не удалось скачать за отведённое время",
    Reason.INTERRUPTED: "скачивание обрывается",
    Reason.SERVER_TROUBLE: "на сервере ошибка",
    Reason.GONE: "ссылка больше не действует или файл удалён",
    Reason.FORBIDDEN: "сервер не даёт доступа к файлу",
    Reason.REFUSED: "сервер отклонил запрос",
    Reason.TOO_MANY_REDIRECTS: "ссылка слишком много раз перенаправляет на другую",
    Reason.TOO_LARGE: "файл больше допустимого размера",
    Reason.TOO_MANY_PIXELS: "у изображения слишком много точек",
    Reason.EMPTY: "файл пуст",
    Reason.NOT_ALLOWED: (
        "по содержимому это не изображение (JPEG, PNG, GIF, WebP), не запись (MP3, OGG, MP4)"
        " и не документ (PDF, ZIP, Word, Excel, PowerPoint, OpenDocument)"
    ),
}
_PASSING: Final = frozenset(
    {Reason.UNREACHABLE, Reason.TIMED_OUT, Reason.INTERRUPTED, Reason.SERVER_TROUBLE}
)


class NotFetched(Exception):
    """The file was not fetched. The text names no address: those are citizens' own."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason

    @property
    def meaning(self) -> str:
        """The reason in Russian, as the end of a sentence."""
        return _MEANINGS[self.reason]

    @property
    def is_passing(self) -> bool:
        """Whether it may be fetched later."""
        return self.reason in _PASSING
