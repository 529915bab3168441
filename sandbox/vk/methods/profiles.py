"""The `profiles` and `groups` that `extended=1` adds to an answer."""

from sandbox.vk.methods.call import Call
from sandbox.vk.model import JsonObject
from sandbox.vk.payloads import community_object, user_object


def with_profiles(answer: JsonObject, call: Call) -> JsonObject:
    """`answer`, with the authors of its items added when the call asks for them."""
    if not call.parameters.flag("extended"):
        return answer
    authors = {item["from_id"] for item in _all_items(answer)}
    world = call.world
    return answer | {
        "profiles": [user_object(user) for user in world.users.values() if user.id in authors],
        "groups": [
            community_object(community)
            for community in world.communities.values()
            if community.owner_id in authors
        ],
    }


def _all_items(answer: JsonObject) -> list[JsonObject]:
    items: list[JsonObject] = answer["items"]
    threads = [item["thread"]["items"] for item in items if "thread" in item]
    return [*items, *(reply for thread in threads for reply in thread)]
