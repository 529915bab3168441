"""What to do about an error of a network, and its meaning in Russian for staff."""

from dataclasses import dataclass

from bridge.publish.port import PublishError, Remedy

AGAIN = " Робот повторит попытку сам."
_LATER = " Робот сделает паузу и повторит попытку сам."
_ADMIN = " Размещение на этой странице остановлено. Сообщите администратору: "
_BY_HAND = " Разместите ответ вручную или закройте сообщение без ответа."
_OTHER_WAY = " Ответьте другим способом или закройте сообщение без ответа."
_LOOK = " Неизвестно, размещён ли ответ. Проверьте страницу, прежде чем размещать ответ вручную."


@dataclass(frozen=True)
class ErrorClass:
    """What to do about an error, and its meaning in Russian for staff."""

    remedy: Remedy
    meaning: str

    def error(self, code: str) -> PublishError:
        """The error as the publisher raises it; `code` is the network's own."""
        return PublishError(self.remedy, code, f"{self.meaning} (код: {code})")


def retry(meaning: str) -> ErrorClass:
    """Try again soon."""
    return ErrorClass(Remedy.RETRY, meaning + AGAIN)


def pause(meaning: str) -> ErrorClass:
    """Leave the channel alone for a while."""
    return ErrorClass(Remedy.PAUSE, meaning + _LATER)


def down(meaning: str, remedy: str) -> ErrorClass:
    """Hold the channel until a person has mended it; `remedy` tells the administrator how."""
    return ErrorClass(Remedy.CHANNEL_DOWN, meaning + _ADMIN + remedy)


def by_hand(meaning: str) -> ErrorClass:
    """A person places this answer, or drops it."""
    return ErrorClass(Remedy.BY_HAND, meaning + _BY_HAND)


def other_way(meaning: str) -> ErrorClass:
    """Nobody can answer there: a person answers otherwise, or drops it."""
    return ErrorClass(Remedy.BY_HAND, meaning + _OTHER_WAY)


def look(meaning: str) -> ErrorClass:
    """The answer may be visible: look before trying again."""
    return ErrorClass(Remedy.LOOK, meaning + _LOOK)
