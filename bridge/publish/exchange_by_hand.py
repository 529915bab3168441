"""Where a system cannot be written to, a person enters the answer and confirms it."""

from datetime import datetime
from typing import NoReturn

from bridge.messages import Address, Placed, Placement
from bridge.publish.port import CannotLook, PublishError, Remedy


class HandPublisher:
    """Hands every answer to the curator, whose clock goes on until it is confirmed."""

    def __init__(self, title: str) -> None:
        self._title = title

    def place(self, placement: Placement) -> NoReturn:
        """Raise `PublishError` with what the curator is to do."""
        raise PublishError(
            Remedy.BY_HAND,
            "by_hand",
            f"Робот не может записать ответ в «{self._title}». Внесите его в карточку "
            f"№ {placement.address.get('number', '')} сами и подтвердите: впишите в эту карточку "
            "ссылку на ответ или, если ссылки нет, заметку о том, что ответ внесён.",
        )

    def find(self, placement: Placement, since: datetime) -> Placed | None:  # noqa: ARG002 - the port has it
        """Nobody can look there. Raises `CannotLook`."""
        raise CannotLook("the system cannot be read")

    def retract(self, address: Address, placed: Placed) -> None:  # noqa: ARG002 - the port has it
        """Only a person can. Raises `PublishError`."""
        raise no_retraction(address)


def no_retraction(address: Address) -> PublishError:
    """An answer that was given to a system is beyond the bridge's reach."""
    return PublishError(
        Remedy.BY_HAND,
        "by_hand",
        "Убрать переданный ответ робот не может. Исправьте его в самой системе, карточка "
        f"№ {address.get('number', '')}.",
    )
