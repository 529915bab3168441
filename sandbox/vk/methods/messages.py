"""messages.*: private dialogs (A3; https://dev.vk.com/ru/method/messages)."""

from sandbox.vk.dialogs import MessageDraft, Permission
from sandbox.vk.errors import VkError, bad_parameter
from sandbox.vk.methods.call import USER_OR_COMMUNITY, Call, Method
from sandbox.vk.model import JsonObject
from sandbox.vk.payloads import conversation_object, listed, message_object
from sandbox.vk.tokens import TokenType

_MAX_PEERS = 100


def _send(call: Call) -> int | list[JsonObject]:
    parameters = call.parameters
    if not parameters.text("random_id"):
        raise bad_parameter("random_id is a required parameter")
    peer_ids = parameters.integers("peer_ids")
    if len(peer_ids) > _MAX_PEERS:
        raise bad_parameter(f"peer_ids should be less or equal to {_MAX_PEERS}")
    if peer_ids:
        return [_send_to_one_of_many(call, peer_id) for peer_id in peer_ids]
    return call.world.dialogs.send(_draft(call, _peer_id(call))).id


def _send_to_one_of_many(call: Call, peer_id: int) -> JsonObject:
    """With peer_ids an error of one recipient hides in that recipient's entry."""
    try:
        message = call.world.dialogs.send(_draft(call, peer_id))
    except VkError as error:
        refused = {"code": error.code, "description": error.text}
        return {"peer_id": peer_id, "message_id": 0, "error": refused}
    return {
        "peer_id": peer_id,
        "message_id": message.id,
        "conversation_message_id": message.conversation_message_id,
    }


def _draft(call: Call, peer_id: int) -> MessageDraft:
    if peer_id not in call.world.users:
        raise bad_parameter("peer_id is invalid")
    by_person = call.token.type is TokenType.USER
    return MessageDraft(
        group_id=call.managed_community().id,
        user_id=peer_id,
        text=call.parameters.text("message"),
        random_id=call.parameters.required_integer("random_id"),
        attachments=call.attachments("attachment"),
        admin_author_id=call.token.subject_id if by_person else None,
    )


def _peer_id(call: Call) -> int:
    peer_id = call.parameters.integer("peer_id") or call.parameters.integer("user_id")
    if peer_id is None:
        raise bad_parameter("user_id is undefined")
    return peer_id


def _get_history(call: Call) -> JsonObject:
    parameters = call.parameters
    messages = call.world.dialogs.messages(call.managed_community().id, _peer_id(call))
    ordered = messages if parameters.flag("rev") else messages[::-1]
    offset = parameters.count("offset", default=0, maximum=1_000_000)
    count = parameters.count("count", default=20, maximum=200)
    page = ordered[offset : offset + count]
    return {"count": len(messages), "items": [message_object(message) for message in page]}


def _get_by_id(call: Call) -> JsonObject:
    call.parameters.required_text("message_ids")
    group_id = call.managed_community().id
    named = call.parameters.integers("message_ids")
    found = [call.world.dialogs.find_message(group_id, message_id) for message_id in named]
    return listed([message_object(message) for message in found if message is not None])


def _get_conversations(call: Call) -> JsonObject:
    dialogs = call.world.dialogs.of_community(call.managed_community().id)
    offset = call.parameters.count("offset", default=0, maximum=1_000_000)
    count = call.parameters.count("count", default=20, maximum=200)
    page = dialogs[offset : offset + count]
    items = [conversation_object(messages) for messages in page]
    return {"count": len(dialogs), "items": items}


def _get_by_conversation_id(call: Call) -> JsonObject:
    call.parameters.required_text("conversation_message_ids")
    named = call.parameters.integers("conversation_message_ids")
    messages = call.world.dialogs.messages(call.managed_community().id, _peer_id(call))
    found = [each for each in messages if each.conversation_message_id in named]
    return listed([message_object(message) for message in found])


def _delete(call: Call) -> JsonObject:
    """Answers for each message whether it was deleted."""
    call.parameters.required_text("message_ids")
    group_id = call.managed_community().id
    named = call.parameters.integers("message_ids")
    return {str(each): int(call.world.dialogs.delete(group_id, each)) for each in named}


def _is_allowed(call: Call) -> JsonObject:
    group_id = call.managed_community().id
    user_id = call.parameters.required_integer("user_id")
    permission = call.world.dialogs.permission(group_id, user_id)
    return {"is_allowed": int(permission is Permission.ALLOWED)}


METHODS = (
    Method("messages.send", USER_OR_COMMUNITY, _send),
    Method("messages.getHistory", USER_OR_COMMUNITY, _get_history),
    Method("messages.getConversations", USER_OR_COMMUNITY, _get_conversations),
    Method("messages.getByConversationMessageId", USER_OR_COMMUNITY, _get_by_conversation_id),
    Method("messages.delete", USER_OR_COMMUNITY, _delete),
    Method("messages.getById", USER_OR_COMMUNITY, _get_by_id),
    Method("messages.isMessagesFromGroupAllowed", USER_OR_COMMUNITY, _is_allowed),
)
