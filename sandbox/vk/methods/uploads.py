"""photos.* and docs.* around uploads (A3; https://dev.vk.com/ru/api/upload/overview)."""

from sandbox.vk.errors import bad_parameter
from sandbox.vk.files import FileKind
from sandbox.vk.methods.call import USER, USER_OR_COMMUNITY, Call, Method
from sandbox.vk.model import JsonObject
from sandbox.vk.tokens import TokenType


def _server(call: Call, kind: FileKind) -> JsonObject:
    key = call.world.files.open_server(kind)
    return {"upload_url": f"{call.base_url}upload/{key}", "album_id": -3, "user_id": 0}


def _get_messages_server(call: Call) -> JsonObject:
    call.parameters.required_integer("peer_id")
    return _server(call, FileKind.PHOTO)


def _get_wall_server(call: Call) -> JsonObject:
    return _server(call, FileKind.PHOTO) | {"group_id": call.managed_community().id}


def _save_photo(call: Call) -> list[JsonObject]:
    parameters = call.parameters
    photo = parameters.required_text("photo")
    if photo == "[]":
        raise bad_parameter("photos_list is invalid")
    saved = call.world.files.save_photo(
        photo,
        parameters.required_integer("server"),
        parameters.required_text("hash"),
        _owner_id(call),
        call.base_url,
    )
    return [saved]


def _get_document_server(call: Call) -> JsonObject:
    key = call.world.files.open_server(FileKind.DOC)
    return {"upload_url": f"{call.base_url}upload/{key}"}


def _save_document(call: Call) -> JsonObject:
    file, title = call.parameters.required_text("file"), call.parameters.text("title")
    saved = call.world.files.save_document(file, title, _owner_id(call), call.base_url)
    return {"type": "doc", "doc": saved}


def _owner_id(call: Call) -> int:
    of_community = call.token.type is TokenType.COMMUNITY
    return -call.token.subject_id if of_community else call.token.subject_id


METHODS = (
    Method("photos.getMessagesUploadServer", USER_OR_COMMUNITY, _get_messages_server),
    Method("photos.saveMessagesPhoto", USER_OR_COMMUNITY, _save_photo),
    Method("photos.getWallUploadServer", USER, _get_wall_server),
    Method("photos.saveWallPhoto", USER, _save_photo),
    Method("docs.getMessagesUploadServer", USER_OR_COMMUNITY, _get_document_server),
    Method("docs.getWallUploadServer", USER_OR_COMMUNITY, _get_document_server),
    Method("docs.save", USER_OR_COMMUNITY, _save_document),
)
