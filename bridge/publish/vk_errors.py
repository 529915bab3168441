"""What each of VK's error codes calls for, and what staff are told about it.

Codes: https://dev.vk.com/ru/reference/errors. VK documents no retry policy; the remedies are the
bridge's own choice. Three kinds of code are worth a word:

- 36 says that VK interrupted its own work: the answer may be visible, so it is looked for.
- 15 comes both for a key without rights and for one closed post. It is treated as the latter: one
  answer goes to a person, instead of one closed post holding up every answer of the page.
- A code that is not in the table was still answered with an error, so nothing was placed: it is
  tried again, and the bound on tries brings it to a person.
"""

from collections.abc import Mapping

from bridge.networks.vk_api import VkError, VkFailure, VkNoAnswer, VkNotReached
from bridge.publish.error_classes import AGAIN as _AGAIN
from bridge.publish.error_classes import ErrorClass
from bridge.publish.error_classes import by_hand as _by_hand
from bridge.publish.error_classes import down as _down
from bridge.publish.error_classes import other_way as _other_way
from bridge.publish.error_classes import pause as _pause
from bridge.publish.error_classes import retry as _retry
from bridge.publish.port import CannotLook, PublishError, Remedy

_LOOKING = "Не удалось проверить, размещён ли ответ:"

_OWNER_CHECK = _down(
    "ВКонтакте требует подтвердить действие человеком (телефон, пароль или код).",
    "войдите во ВКонтакте владельцем ключа, пройдите проверку и выпустите ключ заново.",
)
_NO_SUCH_UPLOAD = _by_hand("ВКонтакте не принял приложенный файл.")
_DIALOG_CLOSED = _other_way("Написать в этот диалог нельзя.")
_BAD_TIMES = _by_hand("ВКонтакте не принял отметку времени сообщения.")
_BAD_FORWARD = _by_hand("ВКонтакте не принял пересылаемое сообщение.")
_NO_DONATION_INTENT = _by_hand("ВКонтакте не принял назначение сообщения.")

ERROR_CLASSES: Mapping[int, ErrorClass] = {
    1: _retry("Неизвестная ошибка ВКонтакте."),
    2: _down("Приложение ВКонтакте отключено.", "включите приложение или выпустите новый ключ."),
    3: _down(
        "ВКонтакте не знает вызванного метода.", "проверьте api_url и api_version в channels.yaml."
    ),
    5: _down("ВКонтакте не принял ключ доступа.", "выпустите новый ключ сообщества."),
    6: _retry("Слишком много запросов в секунду."),
    7: _down("У ключа нет прав на это действие.", "выпустите ключ сообщества с нужными правами."),
    8: _by_hand("ВКонтакте не понял запрос."),
    9: _pause("ВКонтакте счёл однотипные действия слишком частыми."),
    10: _retry("Внутренняя ошибка сервера ВКонтакте."),
    13: _retry("ВКонтакте не смог выполнить запрос."),
    14: _down(
        "ВКонтакте требует ввести код с картинки.",
        "войдите во ВКонтакте администратором страницы и проверьте ключ.",
    ),
    15: _by_hand("Доступ закрыт: запись или её комментарии недоступны."),
    17: _OWNER_CHECK,
    18: _other_way("Страница автора удалена или заблокирована."),
    19: _by_hand("Материал заблокирован ВКонтакте."),
    20: _down("Ключ этого приложения не подходит.", "выпустите ключ сообщества."),
    21: _down("Ключ этого приложения не подходит.", "выпустите ключ сообщества."),
    22: _retry("Не удалось загрузить файл."),
    23: _down("Метод ВКонтакте отключён.", "проверьте api_version в channels.yaml."),
    24: _OWNER_CHECK,
    27: _down(
        "Ключ сообщества недействителен или не подходит для этого действия.",
        "выпустите новый ключ сообщества.",
    ),
    28: _down("Ключ приложения недействителен.", "выпустите новый ключ."),
    29: _pause("Исчерпан суточный предел вызовов ВКонтакте."),
    30: _other_way("Страница автора закрыта настройками приватности."),
    36: ErrorClass(
        Remedy.LOOK,
        "ВКонтакте прервал выполнение запроса: неизвестно, размещён ли ответ. "
        "Проверьте страницу, прежде чем размещать ответ вручную.",
    ),
    37: _other_way("Автор заблокирован."),
    43: _retry("Раздел ВКонтакте временно недоступен."),
    100: _by_hand("ВКонтакте не принял один из параметров запроса."),
    104: _by_hand("Сообщение не найдено: возможно, его удалили."),
    113: _other_way("ВКонтакте не знает такого пользователя."),
    118: _NO_SUCH_UPLOAD,
    121: _NO_SUCH_UPLOAD,
    129: _NO_SUCH_UPLOAD,
    203: _down(
        "Нет доступа к сообществу.", "проверьте, что ключ выпущен этим сообществом (group_id)."
    ),
    210: _by_hand("Нет доступа к записи: возможно, её удалили."),
    211: _by_hand("Нет доступа к комментарию: возможно, его удалили."),
    212: _by_hand("Нет доступа к комментариям этой записи."),
    213: _by_hand("Комментирование этой записи закрыто."),
    214: _by_hand("Публикация записей на этой стене запрещена."),
    222: _by_hand("ВКонтакте запрещает ссылки в этом комментарии."),
    223: _pause("Слишком много комментариев за короткое время."),
    900: _other_way("Получатель находится в чёрном списке сообщества."),
    901: _other_way("Пользователь запретил сообщения от сообщества."),
    902: _other_way("Настройки приватности получателя не позволяют написать ему."),
    907: _BAD_TIMES,
    908: _BAD_TIMES,
    909: _by_hand("Сообщение уже нельзя изменить: прошло слишком много времени."),
    910: _by_hand("Сообщение слишком велико для ВКонтакте."),
    911: _by_hand("ВКонтакте не принял кнопки сообщения."),
    912: _by_hand("В настройках сообщества выключены возможности чат-бота."),
    913: _by_hand("Слишком много пересылаемых сообщений."),
    914: _by_hand("Ответ слишком длинный для ВКонтакте. Сократите его."),
    917: _DIALOG_CLOSED,
    920: _by_hand("Сообщения такого вида изменить нельзя."),
    921: _BAD_FORWARD,
    922: _other_way("Собеседник покинул беседу."),
    924: _by_hand("Удалить это сообщение у собеседника уже нельзя."),
    925: _by_hand("Сообщество не администратор этой беседы."),
    932: _other_way("Сообществу нельзя написать этому получателю."),
    936: _other_way("Получатель не найден."),
    940: _by_hand("Слишком много записей в сообщении."),
    943: _NO_DONATION_INTENT,
    944: _NO_DONATION_INTENT,
    945: _DIALOG_CLOSED,
    946: _DIALOG_CLOSED,
    950: _other_way("Срок, в который можно ответить в этом диалоге, истёк."),
    984: _pause("ВКонтакте ограничил отправку, приняв её за рассылку."),
    1021: _other_way("Такого диалога нет: пользователь ещё не писал сообществу."),
    3300: _OWNER_CHECK,
    3301: _OWNER_CHECK,
    3302: _OWNER_CHECK,
    3303: _OWNER_CHECK,
    3304: _OWNER_CHECK,
}

UNKNOWN_CODE = _retry("ВКонтакте ответил незнакомой ошибкой.")
NOT_REACHED = _retry("Нет связи с ВКонтакте.")
_PERSON_REFUSED = _by_hand(
    "ВКонтакте не принял ключ пользователя. Сообщите администратору: проверьте user_token командой "
    "bridge check."
)
NO_ANSWER = ErrorClass(
    Remedy.LOOK,
    "Связь с ВКонтакте прервалась: неизвестно, размещён ли ответ. "
    "Проверьте страницу, прежде чем размещать ответ вручную.",
)


def placing_failed(failure: VkFailure) -> PublishError:
    """What a failed call that writes means."""
    if isinstance(failure, VkError):
        return _error(ERROR_CLASSES.get(failure.code, UNKNOWN_CODE), str(failure.code))
    if isinstance(failure, VkNotReached):
        return _error(NOT_REACHED, failure.code)
    if isinstance(failure, VkNoAnswer):
        return _error(NO_ANSWER, failure.code)
    raise TypeError(f"no class for {type(failure).__name__}")


def nothing_visible_failed(failure: VkFailure) -> PublishError:
    """What a failed call means that may be repeated at will: an upload, a deletion.

    Nothing of it is visible, so there is nothing to look for.
    """
    error = placing_failed(failure)
    if error.remedy is not Remedy.LOOK:
        return error
    return PublishError(Remedy.RETRY, error.code, f"{NOT_REACHED.meaning} (код: {error.code})")


def persons_token_failed(error: PublishError) -> PublishError:
    """The same for a call with `user_token`: should that one fail, the page's other answers go on.

    What the community's own token places is not held up by another's.
    """
    if error.remedy is not Remedy.CHANNEL_DOWN:
        return error
    return _error(_PERSON_REFUSED, error.code)


def looking_failed(failure: VkFailure) -> PublishError | CannotLook:
    """What a failed call that only reads means: it may be repeated, or it will never work."""
    if not isinstance(failure, VkError):
        return PublishError(
            Remedy.RETRY, "no answer", _LOOKING + " нет связи с ВКонтакте." + _AGAIN
        )
    error_class = ERROR_CLASSES.get(failure.code, UNKNOWN_CODE)
    if error_class.remedy is Remedy.PAUSE:
        return _error(error_class, str(failure.code))
    if error_class.remedy in {Remedy.RETRY, Remedy.LOOK}:
        return PublishError(
            Remedy.RETRY, str(failure.code), f"{_LOOKING} код {failure.code}.{_AGAIN}"
        )
    return CannotLook(str(failure))


def _error(error_class: ErrorClass, code: str) -> PublishError:
    return PublishError(error_class.remedy, code, f"{error_class.meaning} (код: {code})")
