"""What a failed look at OK means to whoever runs the pollers."""

from bridge.ingest.port import PollFailed
from bridge.networks.ok_api import OkError, OkFailure, OkNoAnswer, OkNotReached
from bridge.networks.ok_codes import TOKEN_REFUSED

_REFUSED = (
    "Одноклассники не приняли ключ или не дали прав. Сообщения оттуда не поступают. "
    "Проверьте ключи канала командой bridge check."
)
_ERROR = "Одноклассники ответили ошибкой. Мост повторит попытку сам."
_NO_ANSWER = "Нет связи с Одноклассниками. Мост повторит попытку сам."


def polling_failed(failure: OkFailure) -> PollFailed:
    """The failure as a poller raises it."""
    if isinstance(failure, OkError):
        down = failure.code in TOKEN_REFUSED
        return PollFailed(str(failure.code), _REFUSED if down else _ERROR, down=down)
    if isinstance(failure, OkNotReached | OkNoAnswer):
        return PollFailed(failure.code, _NO_ANSWER)
    raise TypeError(f"no meaning for {type(failure).__name__}")
