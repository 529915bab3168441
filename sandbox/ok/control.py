"""The `/sandbox/` API for OK: what citizens do, how OK misbehaves, and what it delivered."""

from flask import Blueprint, Response, jsonify
from pydantic import Field

from sandbox.control import ControlRequest, NoSuchThing, read_body
from sandbox.ok.delivery import WebhookDelivery, WebhookFault
from sandbox.ok.discussions import Draft
from sandbox.ok.errors import OkError
from sandbox.ok.model import Comment, JsonObject, Topic
from sandbox.ok.payloads import comment_object
from sandbox.ok.world import OkWorld

_LONGEST_BURST = 10_000
_NOT_FOUND = frozenset({300, 700, 702, 705})


class NewTopic(ControlRequest):
    """A group publishes a topic."""

    group_id: int
    text: str = Field(min_length=1)


class NewComment(ControlRequest):
    """A citizen comments on a topic, or replies to a comment."""

    topic_id: int
    author_id: int
    text: str = Field(min_length=1)
    reply_to: str = ""


class CommentText(ControlRequest):
    """A citizen edits a comment."""

    text: str = Field(min_length=1)


class Burst(ControlRequest):
    """Many comments at once, by the citizens in turn; `{n}` in the text becomes the number."""

    topic_id: int
    count: int = Field(ge=1, le=_LONGEST_BURST)
    text: str = Field(default="Сообщение {n}: во дворе не убран снег.", min_length=1)


class NewMessage(ControlRequest):
    """A citizen writes a private message to a group."""

    group_id: int
    user_id: int
    text: str
    attachments: tuple[JsonObject, ...] = ()


class Session(ControlRequest):
    """A session's token that stops being good."""

    access_token: str


class MethodState(ControlRequest):
    """OK closes a REST method, or opens it again."""

    method: str
    closed: bool


class OkControl:
    """Carries out control requests on the parts of the sandbox."""

    def __init__(self, world: OkWorld, delivery: WebhookDelivery) -> None:
        self._world = world
        self._delivery = delivery

    def routes(self) -> Blueprint:
        """The routes below `/sandbox`."""
        routes = Blueprint("ok_control", __name__, url_prefix="/sandbox")
        routes.get("/groups/<int:group_id>/topics")(self._topics)
        routes.get("/topics/<int:topic_id>/comments")(self._comments)
        routes.post("/topics")(self._add_topic)
        routes.delete("/topics/<int:topic_id>")(self._delete_topic)
        routes.post("/comments")(self._add_comment)
        comment = "/comments/<int:topic_id>/<path:comment_id>"
        routes.get(comment)(self._show_comment)
        routes.put(comment)(self._edit_comment)
        routes.delete(comment)(self._delete_comment)
        routes.post(f"{comment}:restore")(self._restore_comment)
        routes.post("/burst")(self._burst)
        routes.post("/messages")(self._add_message)
        routes.post("/sessions/expire")(self._expire_session)
        routes.put("/methods")(self._set_method)
        routes.post("/webhooks/faults")(self._add_webhook_fault)
        routes.post("/webhooks/release")(self._release)
        routes.get("/events")(self._events)
        routes.register_error_handler(OkError, _refused)
        return routes

    def _topics(self, group_id: int) -> Response:
        with self._world.lock:
            self._require_group(group_id)
            topics = self._world.discussions.topics(group_id)
            return jsonify(topics=[{"id": topic.id, "text": topic.text} for topic in topics])

    def _comments(self, topic_id: int) -> Response:
        with self._world.lock:
            comments = self._world.discussions.comments(topic_id)
            return jsonify(comments=[self._shown(comment) for comment in comments])

    def _add_topic(self) -> tuple[Response, int]:
        wanted = read_body(NewTopic)
        with self._world.lock:
            self._require_group(wanted.group_id)
            new = Topic(0, wanted.group_id, self._world.clock(), wanted.text)
            return jsonify(id=self._world.discussions.add_topic(new).id), 201

    def _delete_topic(self, topic_id: int) -> tuple[str, int]:
        with self._world.lock:
            self._world.discussions.delete_topic(topic_id)
        return "", 204

    def _add_comment(self) -> tuple[Response, int]:
        wanted = read_body(NewComment)
        with self._world.lock:
            self._require_person(wanted.author_id)
            comment = self._world.discussions.add(Draft(**wanted.model_dump()))
            return jsonify(self._shown(comment)), 201

    def _show_comment(self, topic_id: int, comment_id: str) -> Response:
        with self._world.lock:
            return jsonify(self._shown(self._world.discussions.comment(topic_id, comment_id)))

    def _edit_comment(self, topic_id: int, comment_id: str) -> Response:
        wanted = read_body(CommentText)
        with self._world.lock:
            edited = self._world.discussions.edit(topic_id, comment_id, wanted.text)
            return jsonify(self._shown(edited))

    def _delete_comment(self, topic_id: int, comment_id: str) -> Response:
        with self._world.lock:
            return jsonify(self._shown(self._world.discussions.remove(topic_id, comment_id)))

    def _restore_comment(self, topic_id: int, comment_id: str) -> Response:
        with self._world.lock:
            return jsonify(self._shown(self._world.discussions.restore(topic_id, comment_id)))

    def _burst(self) -> tuple[Response, int]:
        wanted = read_body(Burst)
        with self._world.lock:
            citizens = self._world.citizens()
            drafts = [
                Draft(
                    wanted.topic_id,
                    citizens[number % len(citizens)].id,
                    wanted.text.replace("{n}", str(number + 1)),
                )
                for number in range(wanted.count)
            ]
            return jsonify(ids=[self._world.discussions.add(draft).id for draft in drafts]), 201

    def _add_message(self) -> tuple[Response, int]:
        wanted = read_body(NewMessage)
        with self._world.lock:
            self._require_group(wanted.group_id)
            self._require_person(wanted.user_id)
            message = self._world.chats.receive(
                wanted.group_id,
                self._world.users[wanted.user_id],
                wanted.text,
                wanted.attachments,
            )
            return jsonify(mid=message.mid, chat_id=message.chat_id), 201

    def _expire_session(self) -> tuple[str, int]:
        wanted = read_body(Session)
        with self._world.lock:
            self._world.sessions.expired.add(wanted.access_token)
        return "", 204

    def _set_method(self) -> tuple[str, int]:
        wanted = read_body(MethodState)
        with self._world.lock:
            if wanted.closed:
                self._world.closed_methods.add(wanted.method)
            else:
                self._world.closed_methods.discard(wanted.method)
        return "", 204

    def _add_webhook_fault(self) -> tuple[Response, int]:
        fault = read_body(WebhookFault)
        with self._world.lock:
            self._delivery.add_fault(fault)
        return jsonify(fault.model_dump(mode="json")), 201

    def _release(self) -> Response:
        with self._world.lock:
            return jsonify(released=self._delivery.release())

    def _events(self) -> Response:
        with self._world.lock:
            return jsonify(events=[delivery.as_json() for delivery in self._delivery.all()])

    def _shown(self, comment: Comment) -> JsonObject:
        return comment_object(self._world, comment, extended=True)

    def _require_group(self, group_id: int) -> None:
        if group_id not in self._world.groups:
            raise NoSuchThing(f"there is no group {group_id}")

    def _require_person(self, user_id: int) -> None:
        if user_id not in self._world.users:
            raise NoSuchThing(f"there is no person {user_id}")


def _refused(error: OkError) -> tuple[Response, int]:
    status = 404 if error.code in _NOT_FOUND else 409
    return jsonify(errors=[{"where": [], "problem": str(error)}]), status
