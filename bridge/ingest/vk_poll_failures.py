"""What it means that a look into VK failed."""

from bridge.ingest.port import PollFailed
from bridge.networks.vk_api import VkError, VkFailure, VkNoAnswer, VkNotReached
from bridge.publish.port import Remedy
from bridge.publish.vk_errors import ERROR_CLASSES, UNKNOWN_CODE

UNREADABLE = "unreadable answer"


def poll_failed(failure: VkFailure) -> PollFailed:
    """`down` where only a person can mend it: the key, its rights, the community's settings."""
    if isinstance(failure, VkNotReached | VkNoAnswer):
        return no_answer(failure.code)
    if not isinstance(failure, VkError):
        raise TypeError(f"no meaning for {type(failure).__name__}")
    remedy = ERROR_CLASSES.get(failure.code, UNKNOWN_CODE).remedy
    if remedy in (Remedy.CHANNEL_DOWN, Remedy.BY_HAND):
        return PollFailed(
            str(failure.code),
            f"ВКонтакте не отдаёт сообщения: {failure.method}, код {failure.code}. "
            "Команда bridge check скажет, что исправить.",
            down=True,
        )
    return PollFailed(
        str(failure.code),
        f"ВКонтакте временно не отдаёт сообщения: {failure.method}, код {failure.code}. "
        "Робот повторит попытку сам.",
    )


def no_answer(code: str) -> PollFailed:
    """VK did not answer, or with something that is no answer."""
    return PollFailed(code, "Нет связи с ВКонтакте. Робот повторит попытку сам.")
