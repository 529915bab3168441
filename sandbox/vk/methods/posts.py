"""wall.get, wall.getById and wall.post (https://dev.vk.com/ru/method/wall)."""

from sandbox.vk.errors import VkError, bad_parameter
from sandbox.vk.methods.call import USER, USER_OR_SERVICE, Call, Method
from sandbox.vk.methods.profiles import with_profiles
from sandbox.vk.model import Community, JsonObject, Post
from sandbox.vk.payloads import post_object

_FILTERS = ("all", "owner", "others", "suggests", "postponed")


def _get(call: Call) -> JsonObject:
    parameters = call.parameters
    community = _wall_of(call)
    posts = _filtered(call, community, parameters.choice("filter", _FILTERS))
    offset = parameters.count("offset", default=0, maximum=1_000_000)
    count = parameters.count("count", default=20, maximum=100)
    page = posts[offset : offset + count]
    items = [_post_object(call, post) for post in page]
    return with_profiles({"count": len(posts), "items": items}, call)


def _wall_of(call: Call) -> Community:
    owner_id = call.parameters.integer("owner_id")
    domain = call.parameters.text("domain")
    if owner_id is None and not domain:
        raise bad_parameter("owner_id is undefined")
    for community in call.world.communities.values():
        if community.owner_id == owner_id or community.screen_name == domain:
            return community
    raise VkError(15, "wall is disabled")


def _filtered(call: Call, community: Community, wanted: str) -> list[Post]:
    posts = call.world.wall.posts(community.owner_id)
    published = [post for post in posts if post.post_type == "post"]
    match wanted:
        case "owner":
            return [post for post in published if post.from_id == community.owner_id]
        case "others":
            return [post for post in published if post.from_id != community.owner_id]
        case "suggests":
            return [post for post in posts if post.post_type == "suggest"]
        case "postponed":
            return []
        case _:
            return published


def _get_by_id(call: Call) -> JsonObject:
    call.parameters.required_text("posts")
    named = [_post_ids(written) for written in call.parameters.texts("posts")]
    found = [call.world.wall.find_post(owner_id, post_id) for owner_id, post_id in named]
    items = [_post_object(call, post) for post in found if post is not None]
    return with_profiles({"items": items}, call)


def _post_ids(written: str) -> tuple[int, int]:
    owner_id, _, post_id = written.partition("_")
    try:
        return int(owner_id), int(post_id)
    except ValueError:
        raise bad_parameter("posts is invalid") from None


def _post(call: Call) -> JsonObject:
    parameters = call.parameters
    community = _wall_of(call)
    suggested_id = parameters.integer("post_id")
    if suggested_id is not None:
        call.require_manager(community)
        return {"post_id": _publish_suggestion(call, community, suggested_id).id}
    return {"post_id": call.world.wall.add_post(_new_post(call, community)).id}


def _publish_suggestion(call: Call, community: Community, post_id: int) -> Post:
    signed = call.parameters.flag("signed")
    return call.world.wall.publish_suggestion(community.owner_id, post_id, signed=signed)


def _new_post(call: Call, community: Community) -> Post:
    parameters = call.parameters
    attachments = call.attachments("attachments")
    if not attachments:
        parameters.required_text("message")
    author_id = call.token.subject_id
    if parameters.flag("from_group"):
        call.require_manager(community)
        author_id = community.owner_id
    return Post(
        owner_id=community.owner_id,
        id=0,
        from_id=author_id,
        date=call.world.clock(),
        text=parameters.text("message"),
        attachments=attachments,
    )


def _post_object(call: Call, post: Post) -> JsonObject:
    return post_object(post, len(call.world.wall.comments(post.owner_id, post.id)))


METHODS = (
    Method("wall.get", USER_OR_SERVICE, _get),
    Method("wall.getById", USER_OR_SERVICE, _get_by_id),
    Method("wall.post", USER, _post),
)
