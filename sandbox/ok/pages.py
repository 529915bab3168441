"""The pages where a person reads a group's topics and chats, and writes there as a citizen."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as Redirect

from sandbox.ok.delivery import DeliveryState, WebhookDelivery
from sandbox.ok.discussions import Draft
from sandbox.ok.errors import OkError
from sandbox.ok.model import ChatMessage, Comment, Group, Topic, User
from sandbox.ok.subscriptions import Subscriptions
from sandbox.ok.world import OkWorld

_CITIZEN_COOKIE = "ok_citizen"
_DELIVERIES_SHOWN = 200
_NOT_FOUND = frozenset({300, 700, 702, 705})

DELIVERY_STATES = {
    DeliveryState.QUEUED: "отправляется",
    DeliveryState.HELD: "задержано",
    DeliveryState.RETRYING: "ошибка, будет повтор",
    DeliveryState.DELIVERED: "доставлено",
    DeliveryState.GIVEN_UP: "не доставлено, подписка снята",
}


@dataclass(frozen=True)
class ShownComment:
    """A comment as the page shows it."""

    comment: Comment
    author: str
    by_group: bool
    answers: str


@dataclass(frozen=True)
class ShownMessage:
    """A message of a chat as the page shows it."""

    message: ChatMessage
    author: str
    by_group: bool


class OkPages:
    """Server-rendered pages, readable without scripts."""

    def __init__(
        self, world: OkWorld, subscriptions: Subscriptions, delivery: WebhookDelivery
    ) -> None:
        self._world = world
        self._subscriptions = subscriptions
        self._delivery = delivery

    def routes(self) -> Blueprint:
        """The routes of the pages."""
        routes = Blueprint("ok_pages", "sandbox.ok", template_folder="templates")
        routes.get("/")(self._groups)
        routes.get("/version")(self._version)
        routes.get("/deliveries")(self._deliveries)
        routes.get("/deliveries/version")(self._deliveries_version)
        routes.get("/group/<int:group_id>")(self._group)
        topic = "/group/<int:group_id>/topic/<int:topic_id>"
        routes.get(topic)(self._topic)
        routes.post(f"{topic}/comments")(self._write_comment)
        routes.post(f"{topic}/comments/edit")(self._edit_comment)
        routes.post(f"{topic}/comments/delete")(self._delete_comment)
        routes.post(f"{topic}/comments/restore")(self._restore_comment)
        routes.get("/group/<int:group_id>/messages")(self._messages)
        routes.post("/group/<int:group_id>/messages")(self._write_message)
        routes.register_error_handler(OkError, _refused)
        return routes

    def _version(self) -> Response:
        return jsonify(version=self._world.version)

    def _deliveries_version(self) -> Response:
        return jsonify(version=self._delivery.version)

    def _groups(self) -> str:
        with self._world.lock:
            return render_template(
                "ok/groups.html",
                version=self._world.version,
                groups=[
                    (group, len(self._world.discussions.topics(group.id)))
                    for group in self._world.groups.values()
                ],
            )

    def _group(self, group_id: int) -> str:
        with self._world.lock:
            group = self._known(group_id)
            topics = [
                (topic, len(self._world.discussions.comments(topic.id)))
                for topic in self._world.discussions.topics(group_id)
            ]
            return render_template(
                "ok/group.html", version=self._world.version, group=group, topics=topics
            )

    def _topic(self, group_id: int, topic_id: int) -> str:
        with self._world.lock:
            topic = self._topic_of(group_id, topic_id)
            comments = self._world.discussions.all_comments(topic_id)
            return render_template(
                "ok/topic.html",
                version=self._world.version,
                group=self._known(group_id),
                topic=topic,
                comments=[self._shown_comment(one, group_id) for one in comments],
                citizens=self._world.citizens(),
                chosen=request.cookies.get(_CITIZEN_COOKIE, type=int),
            )

    def _shown_comment(self, comment: Comment, group_id: int) -> ShownComment:
        answers = ""
        if comment.reply_to:
            everything = self._world.discussions.all_comments(comment.topic_id)
            answered = next((one for one in everything if one.id == comment.reply_to), None)
            answers = self._world.name_of(answered.author_id) if answered else ""
        author = self._world.name_of(comment.author_id)
        return ShownComment(comment, author, comment.author_id == group_id, answers)

    def _messages(self, group_id: int) -> str:
        with self._world.lock:
            group = self._known(group_id)
            asked = request.args.get("chat", "")
            chats = [
                (chat, self._world.users[chat.user_id], self._shown_messages(chat.id))
                for chat in self._world.chats.of_group(group_id)
                if asked in ("", chat.id)
            ]
            return render_template(
                "ok/messages.html",
                version=self._world.version,
                group=group,
                chats=chats,
                citizens=self._world.citizens(),
                chosen=request.cookies.get(_CITIZEN_COOKIE, type=int),
            )

    def _shown_messages(self, chat_id: str) -> list[ShownMessage]:
        return [
            ShownMessage(
                message,
                self._world.name_of(int(message.sender.partition(":")[2])),
                message.sender.startswith("group:"),
            )
            for message in self._world.chats.messages(chat_id)
        ]

    def _deliveries(self) -> str:
        with self._world.lock:
            groups = self._world.groups
            return render_template(
                "ok/deliveries.html",
                version=self._delivery.version,
                groups=groups,
                subscribed={id_: len(self._subscriptions.of(id_)) for id_ in groups},
                long_polls={id_: self._subscriptions.is_long_poll(id_) for id_ in groups},
                deliveries=self._delivery.all()[: -_DELIVERIES_SHOWN - 1 : -1],
                states=DELIVERY_STATES,
            )

    def _write_comment(self, group_id: int, topic_id: int) -> Redirect:
        author, text = self._author_from_form(), _text_from_form()
        reply_to = request.form.get("reply_to", "")
        with self._world.lock:
            self._topic_of(group_id, topic_id)
            comment = self._world.discussions.add(Draft(topic_id, author.id, text, reply_to))
        return _after_writing(f"{_path(group_id, topic_id)}#comment-{comment.id}", author)

    def _edit_comment(self, group_id: int, topic_id: int) -> Redirect:
        text = _text_from_form()
        with self._world.lock:
            comment = self._citizens_comment(group_id, topic_id)
            self._world.discussions.edit(topic_id, comment.id, text)
        return redirect(f"{_path(group_id, topic_id)}#comment-{comment.id}", code=303)

    def _delete_comment(self, group_id: int, topic_id: int) -> Redirect:
        with self._world.lock:
            comment = self._citizens_comment(group_id, topic_id)
            self._world.discussions.remove(topic_id, comment.id)
        return redirect(_path(group_id, topic_id), code=303)

    def _restore_comment(self, group_id: int, topic_id: int) -> Redirect:
        with self._world.lock:
            self._topic_of(group_id, topic_id)
            self._world.discussions.restore(topic_id, request.form.get("comment_id", ""))
        return redirect(_path(group_id, topic_id), code=303)

    def _write_message(self, group_id: int) -> Redirect:
        author, text = self._author_from_form(), _text_from_form()
        with self._world.lock:
            self._known(group_id)
            message = self._world.chats.receive(group_id, author, text)
        return _after_writing(f"/group/{group_id}/messages?chat={message.chat_id}", author)

    def _citizens_comment(self, group_id: int, topic_id: int) -> Comment:
        """The comment that the form names; the pages change no comment of a group's."""
        self._topic_of(group_id, topic_id)
        comment_id = request.form.get("comment_id", "")
        comment = self._world.discussions.comment(topic_id, comment_id)
        return comment if comment.author_id != group_id else abort(403, "Это ответ группы.")

    def _topic_of(self, group_id: int, topic_id: int) -> Topic:
        topic = self._world.discussions.topic(topic_id)
        return topic if topic.group_id == group_id else abort(404, "Такой темы нет.")

    def _known(self, group_id: int) -> Group:
        return self._world.groups.get(group_id) or abort(404, "Такой группы нет.")

    def _author_from_form(self) -> User:
        author = self._world.users.get(request.form.get("author_id", 0, type=int))
        return author or abort(400, "Выберите, от чьего имени писать.")


def _path(group_id: int, topic_id: int) -> str:
    return f"/group/{group_id}/topic/{topic_id}"


def _text_from_form() -> str:
    return request.form.get("text", "").strip() or abort(400, "Напишите текст.")


def _after_writing(link: str, author: User) -> Redirect:
    response = redirect(link, code=303)
    response.set_cookie(_CITIZEN_COOKIE, str(author.id), samesite="Lax")
    return response


def _refused(error: OkError) -> tuple[str, int]:
    status = 404 if error.code in _NOT_FOUND else 403
    return render_template("ok/refused.html", error=error), status
