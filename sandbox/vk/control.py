"""The `/sandbox/` API for VK: what citizens do, how VK misbehaves, and what it delivered."""

from typing import Literal

from flask import Blueprint, Response, jsonify, request
from pydantic import Field

from sandbox.control import ControlRequest, NoSuchThing, read_body
from sandbox.vk.callback_faults import CallbackFault, CallbackFaultKind
from sandbox.vk.dialogs import IncomingMessage, Permission
from sandbox.vk.discussions import ItemCommentDraft
from sandbox.vk.errors import VkError
from sandbox.vk.methods.call import Services
from sandbox.vk.model import Comment, CommentRules, ItemKind, JsonObject, Post
from sandbox.vk.payloads import comment_event, item_comment_event, message_event, post_object
from sandbox.vk.wall import CommentDraft

_LONGEST_BURST = 10_000
_NOT_FOUND = frozenset({104, 210, 211})
"""VK's codes for an item, a post and a comment that are not there."""


class NewPost(ControlRequest):
    """A citizen writes on a community's wall, or suggests a post."""

    owner_id: int = Field(lt=0)
    from_id: int
    text: str = Field(min_length=1)
    post_type: Literal["post", "suggest"] = "post"


class NewComment(ControlRequest):
    """A citizen comments on a post, or replies to a comment."""

    owner_id: int = Field(lt=0)
    post_id: int
    from_id: int
    text: str = Field(min_length=1)
    reply_to_comment: int | None = None


class CommentChange(ControlRequest):
    """A citizen edits a comment of their own."""

    text: str = Field(min_length=1)


class PostRules(ControlRequest):
    """What the comments of a post are to be subject to."""

    closed: bool = False
    links_forbidden: bool = False
    community_replies_limit: int | None = Field(default=None, ge=0)


class Burst(ControlRequest):
    """Many comments at once, by the citizens in turn; `{n}` in the text becomes the number."""

    owner_id: int = Field(lt=0)
    post_id: int
    count: int = Field(ge=1, le=_LONGEST_BURST)
    text: str = Field(default="Сообщение {n}: на остановке не убран снег.", min_length=1)
    each_event_twice: bool = False


class NewMessage(ControlRequest):
    """A citizen writes a private message to a community.

    `extra` are further fields of VK's message (`fwd_messages`, `reply_message`, `geo`).
    """

    group_id: int = Field(gt=0)
    from_id: int
    text: str = ""
    attachments: tuple[JsonObject, ...] = ()
    extra: JsonObject = Field(default_factory=dict)
    cropped: bool = False


class NewItemComment(ControlRequest):
    """A citizen comments on a photo, a video, a thing for sale, or writes in a discussion."""

    kind: ItemKind
    owner_id: int = Field(lt=0)
    item_id: int = 1
    from_id: int
    text: str = Field(min_length=1)
    reply_to_comment: int | None = None


class ExpiredLinks(ControlRequest):
    """Let the links of all files so far be answered with this status."""

    status: Literal[404, 410] = 404


class MessagePermission(ControlRequest):
    """A citizen allows or denies a community's private messages."""

    group_id: int = Field(gt=0)
    user_id: int
    permission: Permission


class ConfirmationCode(ControlRequest):
    """VK changes the confirmation code of a community."""

    group_id: int = Field(gt=0)
    code: str = Field(min_length=1)


class LongPollTrouble(ControlRequest):
    """Let the readers of a community's long poll get `failed` 1, 2 or 3."""

    group_id: int = Field(gt=0)
    failed: Literal[1, 2, 3]


class VkControl:
    """Carries out control requests on the parts of the sandbox."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._world = services.world

    def routes(self) -> Blueprint:
        """The routes below `/sandbox`."""
        routes = Blueprint("vk_control", __name__, url_prefix="/sandbox")
        routes.post("/posts")(self._add_post)
        routes.put("/posts/<int(signed=True):owner_id>/<int:post_id>/rules")(self._set_rules)
        routes.post("/comments")(self._add_comment)
        comment = "/comments/<int(signed=True):owner_id>/<int:comment_id>"
        routes.get(comment)(self._show_comment)
        routes.post(f"{comment}/edit")(self._edit_comment)
        routes.post(f"{comment}/delete")(self._delete_comment)
        routes.post(f"{comment}/restore")(self._restore_comment)
        routes.post("/item-comments")(self._add_item_comment)
        kind = "<any(photo,video,market,topic):kind>"
        item_comment = f"/item-comments/{kind}/<int(signed=True):owner_id>/<int:comment_id>"
        routes.get(item_comment)(self._show_item_comment)
        routes.post(f"{item_comment}/<any(edit,delete,restore):change>")(self._change_item_comment)
        routes.post("/files/expire")(self._expire_files)
        routes.post("/burst")(self._burst)
        routes.post("/messages")(self._add_message)
        routes.put("/messages/permission")(self._set_permission)
        routes.post("/confirmation-code")(self._set_confirmation_code)
        routes.post("/long-poll/trouble")(self._trouble_long_poll)
        routes.post("/callbacks/faults")(self._add_callback_fault)
        routes.delete("/callbacks/faults")(self._end_callback_faults)
        routes.post("/callbacks/release")(self._release_callbacks)
        routes.get("/events")(self._events)
        routes.register_error_handler(VkError, _refused)
        return routes

    def _add_post(self) -> tuple[Response, int]:
        wanted = read_body(NewPost)
        with self._world.lock:
            self._require_known(-wanted.owner_id, wanted.from_id)
            post = self._world.wall.add_post(
                Post(
                    owner_id=wanted.owner_id,
                    id=0,
                    from_id=wanted.from_id,
                    date=self._world.clock(),
                    text=wanted.text,
                    post_type=wanted.post_type,
                )
            )
            return jsonify(post_object(post, 0)), 201

    def _set_rules(self, owner_id: int, post_id: int) -> Response:
        wanted = read_body(PostRules)
        with self._world.lock:
            rules = CommentRules(**wanted.model_dump())
            post = self._world.wall.set_comment_rules(owner_id, post_id, rules)
            self._world.touch()
            comments = self._world.wall.comments(owner_id, post_id)
            return jsonify(post_object(post, len(comments)))

    def _add_comment(self) -> tuple[Response, int]:
        wanted = read_body(NewComment)
        with self._world.lock:
            self._require_known(-wanted.owner_id, wanted.from_id)
            comment = self._world.wall.add_comment(CommentDraft(**wanted.model_dump()))
            return jsonify(self._shown(comment)), 201

    def _show_comment(self, owner_id: int, comment_id: int) -> Response:
        with self._world.lock:
            comment = self._world.wall.find_comment(owner_id, comment_id)
            if comment is None:
                raise NoSuchThing(f"there is no comment {comment_id} on the wall {owner_id}")
            return jsonify(self._shown(comment))

    def _edit_comment(self, owner_id: int, comment_id: int) -> Response:
        wanted = read_body(CommentChange)
        with self._world.lock:
            edited = self._world.wall.edit_comment(owner_id, comment_id, wanted.text)
            return jsonify(self._shown(edited))

    def _delete_comment(self, owner_id: int, comment_id: int) -> Response:
        with self._world.lock:
            author_id = self._world.wall.comment(owner_id, comment_id).from_id
            deleted = self._world.wall.delete_comment(owner_id, comment_id, author_id)
            return jsonify(self._shown(deleted))

    def _restore_comment(self, owner_id: int, comment_id: int) -> Response:
        with self._world.lock:
            return jsonify(self._shown(self._world.wall.restore_comment(owner_id, comment_id)))

    def _burst(self) -> tuple[Response, int]:
        wanted = read_body(Burst)
        with self._world.lock:
            if wanted.each_event_twice:
                self._services.callbacks.faults.add(
                    CallbackFault(
                        kind=CallbackFaultKind.DUPLICATE, event="wall_reply_new", times=wanted.count
                    )
                )
            return jsonify(
                ids=[self._burst_comment(wanted, n).id for n in range(wanted.count)]
            ), 201

    def _burst_comment(self, wanted: Burst, number: int) -> Comment:
        citizens = [user.id for user in self._world.users.values() if not self._is_admin(user.id)]
        draft = CommentDraft(
            owner_id=wanted.owner_id,
            post_id=wanted.post_id,
            from_id=citizens[number % len(citizens)],
            text=wanted.text.replace("{n}", str(number + 1)),
        )
        return self._world.wall.add_comment(draft)

    def _is_admin(self, user_id: int) -> bool:
        return any(c.admin_id == user_id for c in self._world.communities.values())

    def _add_message(self) -> tuple[Response, int]:
        wanted = read_body(NewMessage)
        with self._world.lock:
            self._require_known(wanted.group_id, wanted.from_id)
            dialogs = self._world.dialogs
            content = IncomingMessage(wanted.text, wanted.attachments, wanted.extra, wanted.cropped)
            message = dialogs.receive(wanted.group_id, wanted.from_id, content)
            return jsonify(message_event(message)), 201

    def _add_item_comment(self) -> tuple[Response, int]:
        wanted = read_body(NewItemComment)
        with self._world.lock:
            self._require_known(-wanted.owner_id, wanted.from_id)
            discussions = self._world.discussions
            item = discussions.item(wanted.kind, wanted.owner_id, wanted.item_id)
            draft = ItemCommentDraft(wanted.from_id, wanted.text, wanted.reply_to_comment)
            return jsonify(item_comment_event(discussions.add(item, draft))), 201

    def _show_item_comment(self, kind: str, owner_id: int, comment_id: int) -> Response:
        with self._world.lock:
            comment = self._world.discussions.comment(ItemKind(kind), owner_id, comment_id)
            return jsonify(item_comment_event(comment))

    def _change_item_comment(
        self, kind: str, owner_id: int, comment_id: int, change: str
    ) -> Response:
        discussions = self._world.discussions
        with self._world.lock:
            comment = discussions.find(ItemKind(kind), owner_id, comment_id)
            match change:
                case "edit":
                    changed = discussions.edit(comment, read_body(CommentChange).text)
                case "delete":
                    changed = discussions.delete(comment, comment.from_id)
                case _:
                    changed = discussions.restore(comment)
            return jsonify(item_comment_event(changed))

    def _expire_files(self) -> tuple[str, int]:
        wanted = read_body(ExpiredLinks)
        with self._world.lock:
            self._world.files.expire(wanted.status)
        return "", 204

    def _set_permission(self) -> tuple[str, int]:
        wanted = read_body(MessagePermission)
        with self._world.lock:
            self._require_known(wanted.group_id, wanted.user_id)
            dialogs = self._world.dialogs
            dialogs.set_permission(wanted.group_id, wanted.user_id, wanted.permission)
        return "", 204

    def _set_confirmation_code(self) -> tuple[str, int]:
        wanted = read_body(ConfirmationCode)
        with self._world.lock:
            self._require_community(wanted.group_id)
            self._services.servers.set_confirmation_code(wanted.group_id, wanted.code)
        return "", 204

    def _trouble_long_poll(self) -> tuple[str, int]:
        wanted = read_body(LongPollTrouble)
        long_poll = self._services.long_poll
        trouble = {1: long_poll.drop_history, 2: long_poll.expire_key, 3: long_poll.lose}
        trouble[wanted.failed](wanted.group_id)
        return "", 204

    def _add_callback_fault(self) -> tuple[Response, int]:
        fault = read_body(CallbackFault)
        with self._world.lock:
            self._services.callbacks.faults.add(fault)
        return jsonify(fault.model_dump(mode="json")), 201

    def _end_callback_faults(self) -> tuple[str, int]:
        self._services.callbacks.end_faults()
        return "", 204

    def _release_callbacks(self) -> Response:
        return jsonify(released=self._services.callbacks.release())

    def _events(self) -> Response:
        state = request.args.get("state")
        with self._world.lock:
            deliveries = self._services.callbacks.log.all()
        return jsonify(events=[d.as_json() for d in deliveries if state in (None, d.state)])

    def _shown(self, comment: Comment) -> JsonObject:
        return comment_event(comment, len(self._world.wall.replies(comment)))

    def _require_known(self, group_id: int, user_id: int) -> None:
        self._require_community(group_id)
        if user_id not in self._world.users:
            raise NoSuchThing(f"there is no person {user_id}")

    def _require_community(self, group_id: int) -> None:
        if group_id not in self._world.communities:
            raise NoSuchThing(f"there is no community {group_id}")


def _refused(error: VkError) -> tuple[Response, int]:
    status = 404 if error.code in _NOT_FOUND else 409
    return jsonify(errors=[{"where": [], "problem": str(error)}]), status
