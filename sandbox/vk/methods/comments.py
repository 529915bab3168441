"""wall.createComment and the other methods for comments (A3; https://dev.vk.com/ru/method/wall)."""

from sandbox.vk.errors import VkError, bad_parameter
from sandbox.vk.methods.call import USER, USER_OR_COMMUNITY, USER_OR_SERVICE, Call, Method
from sandbox.vk.methods.profiles import with_profiles
from sandbox.vk.model import Comment, Community, JsonObject
from sandbox.vk.parameters import Parameters
from sandbox.vk.payloads import comment_object
from sandbox.vk.tokens import TokenType
from sandbox.vk.wall import CommentDraft

_NO_LIKES = {"count": 0, "user_likes": 0, "can_like": 1, "can_publish": 0}


def _create_comment(call: Call) -> JsonObject:
    parameters = call.parameters
    draft = CommentDraft(
        owner_id=_owner_id(call),
        post_id=parameters.required_integer("post_id"),
        from_id=_author_id(call),
        text=parameters.text("message"),
        reply_to_comment=parameters.integer("reply_to_comment"),
        attachments=call.attachments("attachments"),
        guid=parameters.text("guid"),
    )
    comment = call.world.wall.add_comment(draft)
    return {"comment_id": comment.id, "parents_stack": list(comment.parents_stack)}


def _owner_id(call: Call) -> int:
    """The wall's owner; a caller that names none means its own wall."""
    of_community = call.token.type is TokenType.COMMUNITY
    own = -call.token.subject_id if of_community else call.token.subject_id
    owner_id = call.parameters.integer("owner_id", own)
    if of_community and owner_id != own:
        raise VkError(15, "no access to call this method")
    return owner_id


def _author_id(call: Call) -> int:
    from_group = call.parameters.integer("from_group")
    if call.token.type is TokenType.COMMUNITY:
        if from_group not in (None, call.token.subject_id):
            raise VkError(15, "no access to call this method")
        return -call.token.subject_id
    if from_group is None:
        return call.token.subject_id
    community = call.world.communities.get(from_group)
    if community is None:
        raise bad_parameter("from_group is invalid")
    call.require_manager(community)
    return community.owner_id


def _get_comments(call: Call) -> JsonObject:
    parameters = call.parameters
    owner_id = parameters.integer("owner_id", call.token.subject_id)
    post = call.world.wall.find_post(owner_id, parameters.required_integer("post_id"))
    if post is None:
        raise VkError(212)
    everything = call.world.wall.comments(owner_id, post.id)
    level = _level(everything, parameters)
    page, offset = _page(_sorted(level, parameters), parameters)
    can_post = not post.comment_rules.closed
    answer: JsonObject = {
        "count": len(everything),
        "items": [_item(comment, everything, parameters, can_post) for comment in page],
        "current_level_count": len(level),
        "can_post": can_post,
        "groups_can_post": can_post,
        "show_reply_button": can_post,
    }
    if parameters.text("start_comment_id"):
        answer["real_offset"] = offset
    return with_profiles(answer, call)


def _level(comments: list[Comment], parameters: Parameters) -> list[Comment]:
    """The comments of the thread that `comment_id` names, else those of the top level."""
    thread = parameters.integer("comment_id")
    if thread is None:
        return [comment for comment in comments if not comment.parents_stack]
    if all(comment.id != thread for comment in comments):
        raise bad_parameter("comment_id is invalid")
    return [comment for comment in comments if comment.parents_stack == (thread,)]


def _sorted(comments: list[Comment], parameters: Parameters) -> list[Comment]:
    newest_first = parameters.choice("sort", ("asc", "desc", "smart")) == "desc"
    return comments[::-1] if newest_first else comments


def _page(comments: list[Comment], parameters: Parameters) -> tuple[list[Comment], int]:
    count = parameters.count("count", default=10, maximum=100)
    offset = parameters.integer("offset", 0) + _start(comments, parameters)
    if offset < 0:
        raise bad_parameter("offset should be positive")
    return comments[offset : offset + count], offset


def _start(comments: list[Comment], parameters: Parameters) -> int:
    start_id = parameters.integer("start_comment_id")
    if start_id is None:
        return 0
    places = [place for place, comment in enumerate(comments) if comment.id == start_id]
    if not places:
        raise bad_parameter("start_comment_id is invalid")
    return places[0]


def _item(
    comment: Comment, everything: list[Comment], parameters: Parameters, can_post: bool
) -> JsonObject:
    item = _read(comment, parameters)
    if comment.parents_stack:
        return item
    shown = parameters.count("thread_items_count", default=0, maximum=10)
    thread = [reply for reply in everything if reply.parents_stack == (comment.id,)]
    return item | {
        "thread": {
            "count": len(thread),
            "items": [_read(reply, parameters) for reply in thread[:shown]],
            "can_post": can_post,
            "groups_can_post": can_post,
            "show_reply_button": can_post,
        }
    }


def _read(comment: Comment, parameters: Parameters) -> JsonObject:
    item = comment_object(comment)
    preview_length = parameters.integer("preview_length", 0)
    if 0 < preview_length < len(item["text"]):
        item["text"] = item["text"][:preview_length] + "…"
    if parameters.flag("need_likes"):
        item["likes"] = _NO_LIKES
    return item


def _get_comment(call: Call) -> JsonObject:
    comment = _named_comment(call)
    return with_profiles({"items": [comment_object(comment)]}, call)


def _edit_comment(call: Call) -> int:
    comment = _named_comment(call)
    _require_own(comment, call)
    text = call.parameters.required_text("message")
    call.world.wall.edit_comment(comment.owner_id, comment.id, text)
    return 1


def _delete_comment(call: Call) -> int:
    comment = _named_comment(call)
    _require_own_or_moderated(comment, call)
    deleter_id = call.token.subject_id
    call.world.wall.delete_comment(comment.owner_id, comment.id, deleter_id)
    return 1


def _named_comment(call: Call) -> Comment:
    owner_id = call.parameters.integer("owner_id", call.token.subject_id)
    return call.world.wall.comment(owner_id, call.parameters.required_integer("comment_id"))


def _require_own(comment: Comment, call: Call) -> None:
    own_ids = {call.token.subject_id, *(c.owner_id for c in _administered(call))}
    if comment.from_id not in own_ids:
        raise VkError(211)


def _require_own_or_moderated(comment: Comment, call: Call) -> None:
    if comment.owner_id not in {community.owner_id for community in _administered(call)}:
        _require_own(comment, call)


def _administered(call: Call) -> list[Community]:
    communities = call.world.communities.values()
    return [community for community in communities if community.admin_id == call.token.subject_id]


METHODS = (
    Method("wall.createComment", USER_OR_COMMUNITY, _create_comment),
    Method("wall.getComments", USER_OR_SERVICE, _get_comments),
    Method("wall.getComment", USER, _get_comment),
    Method("wall.editComment", USER, _edit_comment),
    Method("wall.deleteComment", USER, _delete_comment),
)
