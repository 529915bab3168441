"""users.get, groups.getById, groups.getTokenPermissions (https://dev.vk.com/ru/method)."""

from sandbox.vk.methods.call import ANY, COMMUNITY, Call, Method
from sandbox.vk.model import JsonObject
from sandbox.vk.payloads import community_object, user_object
from sandbox.vk.tokens import TokenType

_PERMISSIONS = {"photos": 4, "messages": 4096, "wall": 8192, "docs": 131072, "manage": 262144}


def _get_users(call: Call) -> list[JsonObject]:
    named = call.parameters.integers("user_ids")
    if not named and call.token.type is TokenType.USER:
        named = [call.token.subject_id]
    users = call.world.users
    return [user_object(users[user_id]) for user_id in named if user_id in users]


def _get_groups(call: Call) -> JsonObject:
    named = call.parameters.texts("group_ids") or call.parameters.texts("group_id")
    if not named and call.token.type is TokenType.COMMUNITY:
        named = [str(call.token.subject_id)]
    if not named:
        call.parameters.required_text("group_ids")
    communities = call.world.communities.values()
    found = [c for c in communities if str(c.id) in named or c.screen_name in named]
    return {"groups": [community_object(community) for community in found], "profiles": []}


def _get_token_permissions(_call: Call) -> JsonObject:
    permissions = [{"name": name, "setting": bit} for name, bit in _PERMISSIONS.items()]
    return {"mask": sum(_PERMISSIONS.values()), "permissions": permissions}


METHODS = (
    Method("users.get", ANY, _get_users),
    Method("groups.getById", ANY, _get_groups),
    Method("groups.getTokenPermissions", COMMUNITY, _get_token_permissions),
)
