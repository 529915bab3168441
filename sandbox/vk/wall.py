"""Posts and comments of all walls, with VK's rules for writing them and the events they cause."""

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sandbox.clock import Clock
from sandbox.vk.errors import VkError, bad_parameter
from sandbox.vk.model import Comment, CommentRules, JsonObject, Post
from sandbox.vk.payloads import comment_deleted_event, comment_event, post_object

Publish = Callable[[str, int, JsonObject], None]
"""Tells the subscribers of a community: event type, wall owner's id, object."""

_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


@dataclass(frozen=True)
class CommentDraft:
    """A comment before it is written; `guid` empty: nothing to recognise a repetition by."""

    owner_id: int
    post_id: int
    from_id: int
    text: str
    reply_to_comment: int | None = None
    attachments: tuple[JsonObject, ...] = ()
    guid: str = ""


class Wall:
    """Posts and comments by owner and id. Ids rise per owner over posts and comments together.

    `guid_window` is how long a repeated guid is recognised. VK does not publish it, and one
    report says that guid did not help: a window of zero is a VK that ignores guid. `first_id` is
    the id of a wall's first post.
    """

    def __init__(
        self, clock: Clock, publish: Publish, guid_window: timedelta, first_id: int = 1
    ) -> None:
        self._clock = clock
        self._publish = publish
        self._guid_window = guid_window
        self._ids: defaultdict[int, Iterator[int]] = defaultdict(lambda: itertools.count(first_id))
        self._posts: dict[tuple[int, int], Post] = {}
        self._comments: dict[tuple[int, int], Comment] = {}
        self._by_guid: dict[tuple[int, int, int, str], tuple[int, datetime]] = {}

    def place_post(self, post: Post) -> Post:
        """Put a post on the wall without telling anybody, its id given by the wall."""
        placed = replace(post, id=next(self._ids[post.owner_id]))
        self._posts[placed.owner_id, placed.id] = placed
        return placed

    def add_post(self, post: Post) -> Post:
        """Put a new post on the wall and tell the community's subscribers."""
        placed = self.place_post(post)
        self._publish("wall_post_new", placed.owner_id, post_object(placed, 0))
        return placed

    def publish_suggestion(self, owner_id: int, post_id: int, *, signed: bool) -> Post:
        """Publish a suggested post: VK gives it a new id and, if signed, the author as signer."""
        suggested = self.post(owner_id, post_id)
        if suggested.post_type != "suggest":
            raise VkError(214, "post is not suggested")
        del self._posts[owner_id, post_id]
        signer = suggested.from_id if signed else None
        return self.add_post(
            replace(suggested, from_id=owner_id, post_type="post", signer_id=signer)
        )

    def post(self, owner_id: int, post_id: int) -> Post:
        """The post; raises error 210 when there is none."""
        post = self.find_post(owner_id, post_id)
        if post is None:
            raise VkError(210)
        return post

    def find_post(self, owner_id: int, post_id: int) -> Post | None:
        """The post, or None."""
        return self._posts.get((owner_id, post_id))

    def posts(self, owner_id: int) -> list[Post]:
        """The posts of a wall, newest first."""
        mine = [post for post in self._posts.values() if post.owner_id == owner_id]
        return sorted(mine, key=lambda post: (post.date, post.id), reverse=True)

    def set_comment_rules(self, owner_id: int, post_id: int, rules: CommentRules) -> Post:
        """Change what the comments of a post are subject to."""
        changed = replace(self.post(owner_id, post_id), comment_rules=rules)
        self._posts[owner_id, post_id] = changed
        return changed

    def comments(self, owner_id: int, post_id: int) -> list[Comment]:
        """All comments of a post that a reader sees, oldest first.

        A deleted comment stays, empty, while there are replies under it.
        """
        under = [
            c for c in self._comments.values() if (c.owner_id, c.post_id) == (owner_id, post_id)
        ]
        answered = {c.parents_stack[-1] for c in under if c.parents_stack and not c.deleted}
        return [c for c in under if not c.deleted or c.id in answered]

    def comment(self, owner_id: int, comment_id: int) -> Comment:
        """The comment; raises error 211 when it does not exist or is deleted."""
        comment = self.find_comment(owner_id, comment_id)
        if comment is None or comment.deleted:
            raise VkError(211)
        return comment

    def find_comment(self, owner_id: int, comment_id: int) -> Comment | None:
        """The comment, deleted or not, or None."""
        return self._comments.get((owner_id, comment_id))

    def replies(self, comment: Comment) -> list[Comment]:
        """The visible comments of the thread under `comment`, oldest first."""
        thread = self.comments(comment.owner_id, comment.post_id)
        return [reply for reply in thread if reply.parents_stack == (comment.id,)]

    def add_comment(self, draft: CommentDraft) -> Comment:
        """Write a comment, or return the one already written with this guid.

        Raises errors 100, 212, 213, 222 and 223 as wall.createComment does.
        """
        repeated = self._written_before(draft)
        if repeated is not None:
            return repeated
        post = self._post_to_comment(draft)
        _require_allowed(draft, post.comment_rules)
        self._require_room(draft, post)
        comment = self._place_comment(draft)
        self._publish("wall_reply_new", draft.owner_id, comment_event(comment, 0))
        return comment

    def edit_comment(self, owner_id: int, comment_id: int, text: str) -> Comment:
        """Change a comment's text and tell the subscribers."""
        edited = replace(self.comment(owner_id, comment_id), text=text)
        return self._changed("wall_reply_edit", edited)

    def delete_comment(self, owner_id: int, comment_id: int, deleter_id: int) -> Comment:
        """Delete a comment and tell the subscribers."""
        deleted = replace(self.comment(owner_id, comment_id), deleted=True)
        self._comments[owner_id, comment_id] = deleted
        self._publish("wall_reply_delete", owner_id, comment_deleted_event(deleted, deleter_id))
        return deleted

    def restore_comment(self, owner_id: int, comment_id: int) -> Comment:
        """Bring a deleted comment back; raises error 211 when there is no deleted one."""
        comment = self.find_comment(owner_id, comment_id)
        if comment is None or not comment.deleted:
            raise VkError(211)
        return self._changed("wall_reply_restore", replace(comment, deleted=False))

    def _changed(self, event_type: str, comment: Comment) -> Comment:
        self._comments[comment.owner_id, comment.id] = comment
        event = comment_event(comment, len(self.replies(comment)))
        self._publish(event_type, comment.owner_id, event)
        return comment

    def _written_before(self, draft: CommentDraft) -> Comment | None:
        written = self._by_guid.get(_guid_key(draft))
        if not draft.guid or written is None:
            return None
        comment_id, at = written
        within = self._clock() - at < self._guid_window
        return self.find_comment(draft.owner_id, comment_id) if within else None

    def _post_to_comment(self, draft: CommentDraft) -> Post:
        post = self.find_post(draft.owner_id, draft.post_id)
        if post is None or post.post_type != "post":
            raise VkError(212)
        return post

    def _require_room(self, draft: CommentDraft, post: Post) -> None:
        limit = post.comment_rules.community_replies_limit
        if limit is None or draft.from_id != post.owner_id:
            return
        comments = self.comments(post.owner_id, post.id)
        if sum(comment.from_id == post.owner_id for comment in comments) >= limit:
            raise VkError(223)

    def _place_comment(self, draft: CommentDraft) -> Comment:
        comment = Comment(
            owner_id=draft.owner_id,
            post_id=draft.post_id,
            id=0,
            from_id=draft.from_id,
            date=self._clock(),
            text=draft.text,
            attachments=draft.attachments,
        )
        if draft.reply_to_comment is not None:
            comment = self._as_reply(comment, draft.reply_to_comment)
        placed = replace(comment, id=next(self._ids[draft.owner_id]))
        self._comments[placed.owner_id, placed.id] = placed
        if draft.guid:
            self._by_guid[_guid_key(draft)] = (placed.id, placed.date)
        return placed

    def _as_reply(self, comment: Comment, to: int) -> Comment:
        answered = self.find_comment(comment.owner_id, to)
        if answered is None or answered.deleted or answered.post_id != comment.post_id:
            raise bad_parameter("reply_to_comment is invalid")
        # Threads have one level: a reply to a reply stays in the thread of the first comment.
        return replace(
            comment,
            parents_stack=answered.parents_stack or (answered.id,),
            reply_to_user=answered.from_id,
            reply_to_comment=answered.id,
        )


def _guid_key(draft: CommentDraft) -> tuple[int, int, int, str]:
    return draft.owner_id, draft.post_id, draft.from_id, draft.guid


def _require_allowed(draft: CommentDraft, rules: CommentRules) -> None:
    if not draft.text and not draft.attachments:
        raise bad_parameter("message is undefined")
    if rules.closed:
        raise VkError(213)
    if rules.links_forbidden and _LINK.search(draft.text):
        raise VkError(222)
