"""What a system's failure to take an answer means, for the machine and for staff."""

from collections.abc import Mapping
from typing import Final

from bridge.networks.exchange_api import ExchangeAnswer, ExchangeFailure, ExchangeNotReached
from bridge.publish.port import CannotLook, PublishError, Remedy

_AGAIN: Final = " Робот повторит попытку сам."
_BY_HAND: Final = " Внесите ответ в систему вручную и подтвердите ссылкой или заметкой."
_UNKNOWN: Final = "Система не подтвердила приём ответа: неизвестно, записан ли он."
_ADMIN: Final = " Передача ответов остановлена. Сообщите администратору: "

_CLASSES: Final[Mapping[int, tuple[Remedy, str]]] = {
    400: (Remedy.BY_HAND, "Система не поняла ответ." + _BY_HAND),
    401: (
        Remedy.CHANNEL_DOWN,
        "Система не приняла ключ." + _ADMIN + "замените exchange.answers.http.token.",
    ),
    403: (
        Remedy.CHANNEL_DOWN,
        "У ключа нет права записывать ответы." + _ADMIN + "выпустите ключ с этим правом.",
    ),
    404: (Remedy.BY_HAND, "Система не знает такой карточки." + _BY_HAND),
    405: (
        Remedy.CHANNEL_DOWN,
        "Этот адрес не принимает ответы." + _ADMIN + "проверьте exchange.answers.http.url.",
    ),
    408: (Remedy.LOOK, _UNKNOWN),
    409: (Remedy.LOOK, "Система говорит, что ответ с этим ключом уже есть."),
    410: (Remedy.BY_HAND, "Карточка в системе удалена или закрыта." + _BY_HAND),
    413: (Remedy.BY_HAND, "Ответ с приложениями слишком велик для системы." + _BY_HAND),
    422: (Remedy.BY_HAND, "Система не приняла ответ." + _BY_HAND),
    423: (Remedy.RETRY, "Карточка занята другим пользователем." + _AGAIN),
    425: (Remedy.RETRY, "Система просит повторить позже." + _AGAIN),
    429: (Remedy.PAUSE, "Слишком много запросов. Робот сделает паузу и повторит попытку сам."),
}
_REDIRECT: Final = (
    Remedy.CHANNEL_DOWN,
    "Система отсылает на другой адрес." + _ADMIN + "исправьте exchange.answers.http.url.",
)
_OTHER: Final = (Remedy.BY_HAND, "Система отклонила ответ." + _BY_HAND)


def placing_failed(failure: ExchangeFailure) -> PublishError:
    """What a request that writes and got no answer means."""
    if isinstance(failure, ExchangeNotReached):
        return PublishError(Remedy.RETRY, failure.code, "Нет связи с системой." + _AGAIN)
    return PublishError(Remedy.LOOK, failure.code, _UNKNOWN)


def refused(answer: ExchangeAnswer) -> PublishError:
    """What an answer means that is no plain success."""
    remedy, meaning = _class_of(answer.status)
    code = f"http {answer.status}"
    return PublishError(remedy, code, f"{meaning} (код: {answer.status})")


def looking_failed(failure: ExchangeFailure) -> PublishError:
    """Looking got no answer: it may be repeated."""
    return PublishError(Remedy.RETRY, failure.code, "Не удалось проверить, записан ли ответ.")


def looking_refused(answer: ExchangeAnswer) -> PublishError | CannotLook:
    """Looking was refused: for now, or for good."""
    code = f"http {answer.status}"
    if answer.status == 429:
        return PublishError(Remedy.PAUSE, code, _CLASSES[429][1])
    if answer.status >= 500 or answer.is_success:
        return PublishError(Remedy.RETRY, code, "Не удалось проверить, записан ли ответ.")
    return CannotLook(code)


def _class_of(status: int) -> tuple[Remedy, str]:
    if status < 300 or status >= 500:
        return Remedy.LOOK, _UNKNOWN
    if status < 400:
        return _REDIRECT
    return _CLASSES.get(status, _OTHER)
