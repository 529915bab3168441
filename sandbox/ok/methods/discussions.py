"""`discussions.*`: reading, answering and changing comments (B2)."""

from collections.abc import Sequence

from sandbox.ok.discussions import Draft
from sandbox.ok.errors import OkError, bad_parameter
from sandbox.ok.methods.call import Call, Method
from sandbox.ok.model import Comment, JsonObject, Topic
from sandbox.ok.payloads import comment_object

GROUP_TOPIC = "GROUP_TOPIC"
_MOST_COMMENTS = 100


def _topic(call: Call, id_name: str, type_name: str) -> Topic:
    if call.parameters.text(type_name) != GROUP_TOPIC:
        raise bad_parameter(f"{type_name} must be {GROUP_TOPIC} here")
    topic_id = call.parameters.required(id_name)
    if not topic_id.isdecimal():
        raise bad_parameter(f"{id_name} is not a number")
    return call.world.discussions.topic(int(topic_id))


def _discussion(call: Call) -> Topic:
    return _topic(call, "discussionId", "discussionType")


def _get_comments(call: Call) -> JsonObject:
    topic = _discussion(call)
    comments = call.world.discussions.comments(topic.id)
    count = min(call.parameters.integer("count", 50), _MOST_COMMENTS)
    anchor = call.parameters.text("anchor") or "FIRST"
    backward = (call.parameters.text("direction") or "FORWARD") == "BACKWARD"
    page, rest = _page(comments, anchor, count, backward=backward)
    extended = "comment.AUTHOR_NAME" in call.parameters.texts("fields")
    edge = page[0 if backward else -1] if page else None
    return {
        "has_more": rest > 0,
        "discussionId": str(topic.id),
        "discussionType": GROUP_TOPIC,
        "anchor": f"n{edge.number}" if edge else anchor,
        "comments": [comment_object(call.world, one, extended=extended) for one in page],
    }


def _page(
    comments: Sequence[Comment], anchor: str, count: int, *, backward: bool
) -> tuple[Sequence[Comment], int]:
    """The comments on one side of the anchor, and how many lie beyond them."""
    if anchor in ("FIRST", "LAST"):
        beside = list(comments)
    elif anchor.removeprefix("n").isdecimal():
        number = int(anchor.removeprefix("n"))
        beside = [one for one in comments if (one.number < number) == backward]
        beside = [one for one in beside if one.number != number]
    else:
        raise bad_parameter("anchor is invalid")
    page = beside[-count:] if backward else beside[:count]
    return page, len(beside) - len(page)


def _get_comment(call: Call) -> JsonObject:
    topic = _discussion(call)
    comment_id = call.parameters.required("comment_id")
    comment = call.world.discussions.comment(topic.id, comment_id)
    return {"comment": comment_object(call.world, comment, extended=False)}


def _add_comment(call: Call) -> str:
    """The answer's form is not documented: here it is the comment's id."""
    topic = _topic(call, "entityId", "entityType")
    author_id = call.user_id
    if call.parameters.flag("as_admin"):
        call.require_admin(topic.group_id)
        author_id = topic.group_id
    draft = Draft(
        topic.id,
        author_id,
        call.parameters.text("comment"),
        call.parameters.text("reply_to_comment_id"),
    )
    return call.world.discussions.add(draft).id


def _delete_comment(call: Call) -> JsonObject:
    topic = _discussion(call)
    comment_id = call.parameters.required("comment_id")
    comment = call.world.discussions.comment(topic.id, comment_id)
    if comment.author_id != call.user_id:
        call.require_admin(topic.group_id)
    call.world.discussions.remove(topic.id, comment_id)
    return {"success": True}


def _edit_comment(call: Call) -> JsonObject:
    topic = _discussion(call)
    comment_id = call.parameters.required("comment_id")
    comment = call.world.discussions.comment(topic.id, comment_id)
    if comment.author_id == topic.group_id:
        call.require_admin(topic.group_id)
    elif comment.author_id != call.user_id:
        raise OkError(701, "somebody else wrote it")
    call.world.discussions.edit(topic.id, comment_id, call.parameters.text("comment"))
    return {"success": True}


METHODS: dict[str, Method] = {
    "discussions.getComments": _get_comments,
    "discussions.getComment": _get_comment,
    "discussions.addDiscussionComment": _add_comment,
    "discussions.deleteDiscussionComment": _delete_comment,
    "discussions.editDiscussionComment": _edit_comment,
}
