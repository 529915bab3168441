"""The pages where a person reads a community's wall and writes there as a citizen."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as Redirect

from sandbox.vk.callback_servers import CallbackServers, ServerStatus
from sandbox.vk.delivery_log import DeliveryLog, DeliveryState
from sandbox.vk.errors import VkError
from sandbox.vk.item_pages import TITLES, item_link
from sandbox.vk.model import Comment, Community, Post
from sandbox.vk.page_forms import (
    after_writing,
    author_from_form,
    chosen_citizen,
    citizens_of,
    pictures_from_form,
    refused,
    text_from_form,
)
from sandbox.vk.wall import CommentDraft
from sandbox.vk.world import VkWorld

_DELIVERIES_SHOWN = 200

SERVER_STATES = {
    ServerStatus.UNCONFIGURED: "не настроен",
    ServerStatus.WAIT: "ждёт подтверждения",
    ServerStatus.OK: "подтверждён",
    ServerStatus.FAILED: "не подтверждён: неверный ответ на проверку",
}

DELIVERY_STATES = {
    DeliveryState.QUEUED: "отправляется",
    DeliveryState.HELD: "задержано",
    DeliveryState.RETRYING: "ошибка, будет повтор",
    DeliveryState.POSTPONED: "отложено",
    DeliveryState.DELIVERED: "доставлено",
    DeliveryState.GIVEN_UP: "не доставлено: попытки кончились",
    DeliveryState.SERVER_GONE: "сервер удалён",
    DeliveryState.FORGED: "отправлена подделка",
}


@dataclass(frozen=True)
class ShownComment:
    """A comment as the wall shows it, with the replies under it."""

    comment: Comment
    author: str
    by_community: bool
    addressee: str
    link: str
    replies: tuple["ShownComment", ...] = ()


@dataclass(frozen=True)
class ShownPost:
    """A post as the wall shows it."""

    post: Post
    author: str
    comments: tuple[ShownComment, ...]


def comment_link(comment: Comment) -> str:
    """The comment's address as on vk.com: `/wall-1_2?reply=3`, in a thread with `&thread=`."""
    link = f"/wall{comment.owner_id}_{comment.post_id}?reply={comment.id}"
    return f"{link}&thread={comment.parents_stack[0]}" if comment.parents_stack else link


class VkPages:
    """Server-rendered pages, readable without scripts."""

    def __init__(self, world: VkWorld, servers: CallbackServers, log: DeliveryLog) -> None:
        self._world = world
        self._servers = servers
        self._log = log

    def routes(self) -> Blueprint:
        """The routes of the pages."""
        routes = Blueprint("vk_pages", "sandbox.vk", template_folder="templates")
        routes.get("/")(self._communities)
        routes.get("/version")(self._version)
        routes.get("/deliveries")(self._deliveries)
        routes.get("/deliveries/version")(self._deliveries_version)
        routes.get("/wall<int(signed=True):owner_id>")(self._wall)
        routes.get("/wall<int(signed=True):owner_id>_<int:post_id>")(self._post)
        routes.post("/wall<int(signed=True):owner_id>/posts")(self._write_post)
        routes.post("/wall<int(signed=True):owner_id>_<int:post_id>/comments")(self._write_comment)
        comment = "/wall<int(signed=True):owner_id>/comments/<int:comment_id>"
        routes.post(f"{comment}/edit")(self._edit_comment)
        routes.post(f"{comment}/delete")(self._delete_comment)
        routes.post(f"{comment}/restore")(self._restore_comment)
        routes.register_error_handler(VkError, refused)
        return routes

    def _version(self) -> Response:
        return jsonify(version=self._world.version)

    def _deliveries_version(self) -> Response:
        return jsonify(version=self._log.version)

    def _communities(self) -> str:
        with self._world.lock:
            communities = list(self._world.communities.values())
            posts = {c.id: len(self._world.wall.posts(c.owner_id)) for c in communities}
            return render_template(
                "vk/communities.html",
                version=self._world.version,
                communities=communities,
                posts=posts,
                items={c.id: self._world.discussions.items(c.owner_id) for c in communities},
                item_link=item_link,
                item_titles=TITLES,
            )

    def _wall(self, owner_id: int) -> str:
        with self._world.lock:
            community = self._community(owner_id)
            return self._render_wall(community, self._world.wall.posts(owner_id), single=False)

    def _post(self, owner_id: int, post_id: int) -> str:
        with self._world.lock:
            community = self._community(owner_id)
            post = self._world.wall.post(owner_id, post_id)
            return self._render_wall(community, [post], single=True)

    def _render_wall(self, community: Community, posts: Sequence[Post], *, single: bool) -> str:
        return render_template(
            "vk/wall.html",
            version=self._world.version,
            community=community,
            posts=[self._shown_post(post) for post in posts],
            single=single,
            target=request.args.get("reply", type=int),
            citizens=citizens_of(self._world),
            chosen=chosen_citizen(),
        )

    def _shown_post(self, post: Post) -> ShownPost:
        comments = self._world.wall.comments(post.owner_id, post.id)
        top = [comment for comment in comments if not comment.parents_stack]
        shown = tuple(self._shown_comment(comment, comments) for comment in top)
        return ShownPost(post, self._world.author_name(post.from_id), shown)

    def _shown_comment(self, comment: Comment, comments: Sequence[Comment]) -> ShownComment:
        replies = [reply for reply in comments if reply.parents_stack == (comment.id,)]
        to = comment.reply_to_user
        return ShownComment(
            comment=comment,
            author=self._world.author_name(comment.from_id),
            by_community=comment.from_id == comment.owner_id,
            addressee=self._world.author_name(to) if to is not None else "",
            link=comment_link(comment),
            replies=tuple(self._shown_comment(reply, comments) for reply in replies),
        )

    def _deliveries(self) -> str:
        with self._world.lock:
            communities = self._world.communities
            return render_template(
                "vk/deliveries.html",
                version=self._log.version,
                communities=communities,
                servers=[s for group_id in communities for s in self._servers.of(group_id)],
                server_states=SERVER_STATES,
                deliveries=self._log.all()[: -_DELIVERIES_SHOWN - 1 : -1],
                states=DELIVERY_STATES,
            )

    def _write_post(self, owner_id: int) -> Redirect:
        author = author_from_form(self._world)
        with self._world.lock:
            self._community(owner_id)
            pictures = pictures_from_form(self._world, author)
            text = text_from_form(pictures)
            now = self._world.clock()
            new = Post(owner_id, 0, author.id, now, text, attachments=pictures)
            post = self._world.wall.add_post(new)
        return after_writing(f"/wall{owner_id}_{post.id}", author)

    def _write_comment(self, owner_id: int, post_id: int) -> Redirect:
        author = author_from_form(self._world)
        reply_to = request.form.get("reply_to_comment", type=int)
        with self._world.lock:
            pictures = pictures_from_form(self._world, author)
            text = text_from_form(pictures)
            draft = CommentDraft(owner_id, post_id, author.id, text, reply_to, pictures)
            comment = self._world.wall.add_comment(draft)
        link = comment_link(comment)
        return after_writing(f"{link}#comment-{comment.id}", author)

    def _edit_comment(self, owner_id: int, comment_id: int) -> Redirect:
        text = text_from_form(())
        with self._world.lock:
            self._require_citizens(owner_id, comment_id)
            edited = self._world.wall.edit_comment(owner_id, comment_id, text)
        return redirect(f"{comment_link(edited)}#comment-{comment_id}", code=303)

    def _delete_comment(self, owner_id: int, comment_id: int) -> Redirect:
        with self._world.lock:
            author_id = self._require_citizens(owner_id, comment_id).from_id
            deleted = self._world.wall.delete_comment(owner_id, comment_id, author_id)
        return redirect(f"/wall{owner_id}_{deleted.post_id}", code=303)

    def _restore_comment(self, owner_id: int, comment_id: int) -> Redirect:
        with self._world.lock:
            restored = self._world.wall.restore_comment(owner_id, comment_id)
        return redirect(f"{comment_link(restored)}#comment-{comment_id}", code=303)

    def _require_citizens(self, owner_id: int, comment_id: int) -> Comment:
        """The comment; the pages change no comment of a community's."""
        comment = self._world.wall.comment(owner_id, comment_id)
        return comment if comment.from_id > 0 else abort(403, "Это комментарий сообщества.")

    def _community(self, owner_id: int) -> Community:
        community = self._world.communities.get(-owner_id)
        return community or abort(404, "Такого сообщества нет.")
