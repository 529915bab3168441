"""Posts on the community's wall and the comments below them become messages of the feed.

https://dev.vk.com/ru/api/community-events/json-schema
"""

from typing import Any

from bridge.ingest.port import MessageArrived, MessageDeleted, NothingToDo, Parsed, SetAside
from bridge.ingest.vk_attachments import attachments_of
from bridge.ingest.vk_objects import Comment, DeletedComment, Post
from bridge.ingest.vk_page import Page, as_edit, as_restoration, instant
from bridge.messages import Message, MessageId, Network, Visibility
from bridge.networks import vk_address, vk_links
from bridge.networks.vk_address import SuggestedPostAddress, WallAddress

_SUGGESTED = "suggest"


def read_comment(contents: Any, page: Page) -> Parsed:
    """A new comment. Raises pydantic's `ValidationError`, as all of these."""
    comment = Comment.model_validate(contents)
    if comment.from_id == page.owner_id:
        return SetAside(NothingToDo.OWN)
    if comment.owner_id != page.owner_id:
        return SetAside(NothingToDo.ELSEWHERE)
    thread_id = comment.parents_stack[0] if comment.parents_stack else None
    return MessageArrived(
        Message(
            channel=page.channel,
            network=Network.VK,
            visibility=Visibility.FEED,
            external_id=_comment_id(comment),
            author=page.author(comment.from_id),
            text=comment.text,
            link=vk_links.wall_comment(
                page.vk.page_url, comment.owner_id, comment.post_id, comment.id, thread_id
            ),
            posted_at=instant(comment.date),
            address=vk_address.write(
                WallAddress(comment.owner_id, comment.post_id, comment.id, thread_id)
            ),
            attachments=attachments_of(comment.attachments),
            conversation=f"wall{comment.owner_id}_{comment.post_id}/r{thread_id or comment.id}",
        )
    )


def read_edited_comment(contents: Any, page: Page) -> Parsed:
    """A comment as it reads now."""
    return as_edit(read_comment(contents, page))


def read_restored_comment(contents: Any, page: Page) -> Parsed:
    """A comment that is there again."""
    return as_restoration(read_comment(contents, page))


def read_deleted_comment(contents: Any, page: Page) -> Parsed:
    """VK tells neither the author nor the text."""
    deleted = DeletedComment.model_validate(contents)
    if deleted.owner_id != page.owner_id:
        return SetAside(NothingToDo.ELSEWHERE)
    deleter = deleted.deleter_id or deleted.user_id
    return MessageDeleted(
        MessageId(Network.VK, Visibility.FEED, _comment_id(deleted)), str(deleter or "")
    )


def read_post(contents: Any, page: Page) -> Parsed:
    """A citizen's post or a suggested one.

    When the community publishes a suggested post, the published one comes as another event with
    another id, written by the community: it is the community's own.
    """
    post = Post.model_validate(contents)
    if post.from_id == page.owner_id:
        return SetAside(NothingToDo.OWN)
    if post.owner_id != page.owner_id:
        return SetAside(NothingToDo.ELSEWHERE)
    return MessageArrived(
        Message(
            channel=page.channel,
            network=Network.VK,
            visibility=Visibility.FEED,
            external_id=f"wall{post.owner_id}_{post.id}",
            conversation=f"wall{post.owner_id}_{post.id}",
            author=page.author(post.from_id),
            text=post.text,
            link=vk_links.wall_post(page.vk.page_url, post.owner_id, post.id),
            posted_at=instant(post.date),
            address=vk_address.write(_address_of(post)),
            attachments=attachments_of(post.attachments, post.geo),
        )
    )


def _comment_id(comment: Comment | DeletedComment) -> str:
    return f"wall{comment.owner_id}_{comment.post_id}_r{comment.id}"


def _address_of(post: Post) -> WallAddress | SuggestedPostAddress:
    if post.post_type == _SUGGESTED:
        return SuggestedPostAddress(post.owner_id, post.id)
    return WallAddress(post.owner_id, post.id)
