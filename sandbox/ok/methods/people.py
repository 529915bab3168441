"""Names of people and groups, and what a session may still call (B2)."""

from sandbox.ok.methods.call import Call, Method
from sandbox.ok.model import JsonObject

_CALLS_LEFT = 1000


def _get_users(call: Call) -> list[JsonObject]:
    users = (call.world.users.get(int(one)) for one in call.parameters.texts("uids"))
    return [{"uid": str(user.id), "name": user.name} for user in users if user]


def _get_groups(call: Call) -> list[JsonObject]:
    groups = (call.world.groups.get(int(one)) for one in call.parameters.texts("uids"))
    return [{"uid": str(group.id), "name": group.name} for group in groups if group]


def _get_calls_left(call: Call) -> list[JsonObject]:
    closed = call.world.closed_methods
    return [
        {"name": name, "available": name not in closed, "callsLeft": _CALLS_LEFT}
        for name in call.parameters.texts("methods")
    ]


METHODS: dict[str, Method] = {
    "users.getInfo": _get_users,
    "group.getInfo": _get_groups,
    "users.getCallsLeft": _get_calls_left,
}
