"""What each of OK's error codes calls for, and what staff are told about it.

Codes: https://apiok.ru/en/dev/errors. OK documents no retry policy and has no idempotency keys, so
the remedies are the bridge's own choice:

- 1, 30, 31, 5000 and 9999 say that something broke within OK: the answer may be visible, so it is
  looked for before it is sent again. 2 says that nothing was begun.
- 3 (no such method) is how a closed method shows. It goes to a person: answers to comments may be
  closed while direct messages work, and one must not hold up the other.
- A code that is not in the table was still answered with an error, so nothing was placed: it is
  tried again, and the bound on tries brings it to a person.
"""

from collections.abc import Mapping

from bridge.networks.ok_api import OkError, OkFailure, OkNoAnswer, OkNotReached
from bridge.publish.error_classes import (
    AGAIN,
    ErrorClass,
    by_hand,
    down,
    look,
    other_way,
    pause,
    retry,
)
from bridge.publish.port import CannotLook, PublishError, Remedy

_BROKEN = look("Внутренняя ошибка Одноклассников.")
_NO_SUCH_TARGET = by_hand("Сообщение или тема не найдены: возможно, их удалили.")
_BAD_REQUEST = by_hand("Одноклассники не приняли один из параметров запроса.")
_NOT_IN_APPLICATION = other_way("Автор не пользуется приложением или не разрешил его.")
_BAD_PICTURE = by_hand("Одноклассники не приняли фотографию.")
_CLOSED_TO_US = other_way("Настройки автора или группы не позволяют ответить здесь.")
_NEW_SESSION = "получите новый ключ сессии приложения (ok.rest) и запустите bridge check."

ERROR_CLASSES: Mapping[int, ErrorClass] = {
    1: _BROKEN,
    2: retry("Одноклассники временно недоступны."),
    3: by_hand(
        "Одноклассники не знают этого метода или закрыли его. "
        "Если так отвечает лента, администратор выключает её настройкой comments: false."
    ),
    4: by_hand("Одноклассники не поняли запрос."),
    7: pause("Одноклассники временно запретили это действие."),
    8: pause("Одноклассники сочли действия слишком частыми."),
    9: down(
        "Одноклассники заблокировали адрес сервера.", "обратитесь в поддержку: api-support@ok.ru."
    ),
    10: down("У ключа нет прав на это действие.", "проверьте права приложения и ключа группы."),
    11: pause("Исчерпан предел обращений к Одноклассникам."),
    22: _NOT_IN_APPLICATION,
    23: _NOT_IN_APPLICATION,
    24: by_hand("Это действие доступно только владельцу."),
    50: by_hand("Это действие доступно только администратору группы."),
    30: _BROKEN,
    31: _BROKEN,
    100: _BAD_REQUEST,
    101: down("Одноклассники не знают приложения.", "проверьте ok.rest.application_key."),
    102: down("Ключ сессии истёк.", _NEW_SESSION),
    103: down("Одноклассники не приняли ключ сессии.", _NEW_SESSION),
    104: down("Одноклассники не приняли подпись запроса.", "проверьте секретный ключ приложения."),
    106: _NO_SUCH_TARGET,
    140: _NO_SUCH_TARGET,
    141: _NO_SUCH_TARGET,
    160: by_hand("Одноклассники не знают такой группы."),
    200: down("Приложению не разрешено это действие.", "получите разрешения и новый ключ сессии."),
    210: down("Приложение отключено.", "включите приложение или обратитесь в api-support@ok.ru."),
    300: _NO_SUCH_TARGET,
    451: down("Метод нельзя вызывать с этой сессией.", _NEW_SESSION),
    453: down("Для метода нужна сессия пользователя.", _NEW_SESSION),
    454: by_hand("Одноклассники не пропустили текст: сработала проверка слов."),
    455: _CLOSED_TO_US,
    456: _CLOSED_TO_US,
    457: _CLOSED_TO_US,
    458: _CLOSED_TO_US,
    **dict.fromkeys(range(500, 506), _BAD_PICTURE),
    511: by_hand("Одноклассники сочли текст рассылкой."),
    514: down(
        "Одноклассники требуют подтвердить действие человеком.",
        "войдите в Одноклассники владельцем ключа и пройдите проверку.",
    ),
    600: by_hand("Одноклассники не приняли часть записи."),
    601: by_hand("Ответ слишком длинный для Одноклассников. Сократите его."),
    700: by_hand("Комментарий не найден: возможно, его удалили."),
    701: by_hand("Это действие доступно только автору комментария."),
    702: by_hand("Комментарий удалён или скрыт."),
    704: by_hand("Комментарий уже нельзя изменить: прошло слишком много времени."),
    705: other_way("Такого чата нет."),
    706: by_hand("Сообщение удалено или скрыто."),
    1200: _BAD_REQUEST,
    2001: _BAD_REQUEST,
    5000: _BROKEN,
    9999: _BROKEN,
}

UNKNOWN_CODE = retry("Одноклассники ответили незнакомой ошибкой.")
NOT_REACHED = retry("Нет связи с Одноклассниками.")
NO_ANSWER = look("Связь с Одноклассниками прервалась.")
_LOOKING = "Не удалось проверить, размещён ли ответ:"


def placing_failed(failure: OkFailure) -> PublishError:
    """What a failed call that writes means."""
    if isinstance(failure, OkError):
        return ERROR_CLASSES.get(failure.code, UNKNOWN_CODE).error(str(failure.code))
    if isinstance(failure, OkNotReached):
        return NOT_REACHED.error(failure.code)
    if isinstance(failure, OkNoAnswer):
        return NO_ANSWER.error(failure.code)
    raise TypeError(f"no class for {type(failure).__name__}")


def preparing_failed(failure: OkFailure) -> PublishError:
    """What a failed call before the one that writes means: nothing can be visible yet."""
    error = placing_failed(failure)
    if error.remedy is not Remedy.LOOK:
        return error
    return retry("Не удалось передать фотографию Одноклассникам.").error(error.code)


def looking_failed(failure: OkFailure) -> PublishError | CannotLook:
    """What a failed call that only reads means: it may be repeated, or it will never work."""
    if not isinstance(failure, OkError):
        text = f"{_LOOKING} нет связи с Одноклассниками.{AGAIN}"
        return PublishError(Remedy.RETRY, "no answer", text)
    error_class = ERROR_CLASSES.get(failure.code, UNKNOWN_CODE)
    if error_class.remedy is Remedy.PAUSE:
        return error_class.error(str(failure.code))
    if error_class.remedy in {Remedy.RETRY, Remedy.LOOK}:
        text = f"{_LOOKING} код {failure.code}.{AGAIN}"
        return PublishError(Remedy.RETRY, str(failure.code), text)
    return CannotLook(str(failure))
