"""Takes placed answers away from VK again: all that it does may be repeated.

https://dev.vk.com/ru/method/messages.delete, https://dev.vk.com/ru/method/wall.deleteComment
"""

from typing import Final

from bridge.messages import Placed
from bridge.networks.vk_address import DialogAddress, ItemAddress, VkAddress, WallAddress
from bridge.networks.vk_api import VkClient, VkError, VkFailure
from bridge.networks.vk_clients import VkClients
from bridge.publish import vk_items
from bridge.publish.port import PublishError, Remedy
from bridge.publish.vk_errors import nothing_visible_failed, persons_token_failed

DELETE_MESSAGE: Final = "messages.delete"
DELETE_COMMENT: Final = "wall.deleteComment"

_NOT_FOUND: Final = 104
_PERHAPS_GONE: Final = frozenset({_NOT_FOUND, 211})
"""Said of a comment that is gone; 211 of one that the caller may not delete, too."""

_BY_HAND: Final = (
    "Ключ сообщества не может удалить комментарий: для этого нужен ключ пользователя (user_token). "
    "Удалите ответ вручную: {link}"
)


def retract(clients: VkClients, group_id: int, address: VkAddress, placed: Placed) -> None:
    """Have the answer gone. Raises `PublishError`."""
    if isinstance(address, DialogAddress):
        _delete_message(clients.community, group_id, _number(placed))
    elif isinstance(address, WallAddress | ItemAddress):
        _delete_comment(clients.person, address, placed)
    else:
        raise TypeError(f"nothing is ever placed at {type(address).__name__}")


def _delete_message(community: VkClient, group_id: int, message_id: int) -> None:
    """VK answers for each message whether it deleted it: one that is gone is no error."""
    try:
        community.call(DELETE_MESSAGE, group_id=group_id, message_ids=message_id, delete_for_all=1)
    except VkFailure as failure:
        if not (isinstance(failure, VkError) and failure.code == _NOT_FOUND):
            raise nothing_visible_failed(failure) from failure


def _delete_comment(
    person: VkClient | None, address: WallAddress | ItemAddress, placed: Placed
) -> None:
    if person is None:
        raise PublishError(Remedy.BY_HAND, "no_user_token", _BY_HAND.format(link=placed.link))
    try:
        _have_it_gone(person, address, placed)
    except VkFailure as failure:
        raise persons_token_failed(nothing_visible_failed(failure)) from failure


def _have_it_gone(person: VkClient, address: WallAddress | ItemAddress, placed: Placed) -> None:
    """Raises `VkFailure` while the comment stands."""
    number = _number(placed)
    try:
        if isinstance(address, ItemAddress):
            vk_items.delete(person, address, number)
        else:
            person.call(DELETE_COMMENT, owner_id=address.owner_id, comment_id=number)
    except VkError as error:
        if error.code not in _PERHAPS_GONE or _stands(person, address, number):
            raise


def _stands(person: VkClient, address: WallAddress | ItemAddress, number: int) -> bool:
    """Whether the comment is there, or may be."""
    if isinstance(address, ItemAddress):
        return vk_items.may_stand(person, address, number)
    try:
        person.call("wall.getComment", owner_id=address.owner_id, comment_id=number)
    except VkError as error:
        return error.code not in _PERHAPS_GONE
    return True


def _number(placed: Placed) -> int:
    """VK's number of the answer: `77` of `im1001_501_m77` and of `wall-1_2_r77`."""
    return int(placed.external_id.rpartition("_")[2][1:])
