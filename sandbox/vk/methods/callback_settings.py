"""groups.*Callback*: how an administrator sets up callback servers (A1, handshake)."""

from dataclasses import replace
from urllib.parse import urlsplit

from sandbox.vk.callback_servers import CallbackServer, ServerStatus
from sandbox.vk.errors import bad_parameter
from sandbox.vk.events import EVENT_TYPES, switched
from sandbox.vk.methods.call import USER_OR_COMMUNITY, Call, Method
from sandbox.vk.model import JsonObject
from sandbox.vk.parameters import Parameters
from sandbox.vk.payloads import listed
from sandbox.vk.tokens import TokenType

_TITLE_LIMIT = 14
_SECRET_LIMIT = 50


def _get_confirmation_code(call: Call) -> JsonObject:
    return {"code": call.services.servers.confirmation_code(call.managed_community().id)}


def _get_servers(call: Call) -> JsonObject:
    servers = call.services.servers.of(call.managed_community().id)
    wanted = call.parameters.integers("server_ids")
    return listed([_shown(server) for server in servers if not wanted or server.id in wanted])


def _shown(server: CallbackServer) -> JsonObject:
    return {
        "id": server.id,
        "title": server.title,
        "creator_id": server.creator_id,
        "url": server.url,
        "secret_key": server.secret_key,
        "status": server.status.value,
    }


def _add_server(call: Call) -> JsonObject:
    community = call.managed_community()
    url, title, secret_key = _server_fields(call.parameters)
    creator_id = call.token.subject_id if call.token.type is TokenType.USER else 0
    servers = call.services.servers
    server = servers.add(community.id, url, title, secret_key, creator_id)
    call.services.callbacks.confirm(server)
    return {"server_id": server.id}


def _edit_server(call: Call) -> int:
    server = _named_server(call)
    url, title, secret_key = _server_fields(call.parameters)
    edited = replace(server, url=url, title=title, secret_key=secret_key, status=ServerStatus.WAIT)
    call.services.servers.put(edited)
    call.services.callbacks.confirm(edited)
    return 1


def _delete_server(call: Call) -> int:
    call.services.servers.delete(_named_server(call).id)
    return 1


def _get_settings(call: Call) -> JsonObject:
    server = _named_server(call)
    return {"api_version": server.api_version, "events": _switches(server.events)}


def _set_settings(call: Call) -> int:
    server = _named_server(call)
    events = switched(server.events, EVENT_TYPES, call.parameters)
    api_version = call.parameters.text("api_version") or server.api_version
    call.services.servers.put(replace(server, events=events, api_version=api_version))
    return 1


def _switches(events: frozenset[str]) -> dict[str, int]:
    return {event: int(event in events) for event in sorted(EVENT_TYPES)}


def _named_server(call: Call) -> CallbackServer:
    community = call.managed_community()
    return call.services.servers.get(community.id, call.parameters.required_integer("server_id"))


def _server_fields(parameters: Parameters) -> tuple[str, str, str]:
    url, title = parameters.required_text("url"), parameters.required_text("title")
    secret_key = parameters.text("secret_key")
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise bad_parameter("url is invalid")
    if len(title) > _TITLE_LIMIT:
        raise bad_parameter(f"title should be less or equal to {_TITLE_LIMIT} characters")
    if len(secret_key) > _SECRET_LIMIT:
        raise bad_parameter(f"secret_key should be less or equal to {_SECRET_LIMIT} characters")
    return url, title, secret_key


METHODS = (
    Method("groups.getCallbackConfirmationCode", USER_OR_COMMUNITY, _get_confirmation_code),
    Method("groups.getCallbackServers", USER_OR_COMMUNITY, _get_servers),
    Method("groups.addCallbackServer", USER_OR_COMMUNITY, _add_server),
    Method("groups.editCallbackServer", USER_OR_COMMUNITY, _edit_server),
    Method("groups.deleteCallbackServer", USER_OR_COMMUNITY, _delete_server),
    Method("groups.getCallbackSettings", USER_OR_COMMUNITY, _get_settings),
    Method("groups.setCallbackSettings", USER_OR_COMMUNITY, _set_settings),
)
