"""Addresses of VK pages as people see them, built in one place so that in and out agree."""

from bridge.networks.vk_address import ItemAddress, ItemKind


def wall_post(page_url: str, owner_id: int, post_id: int) -> str:
    """The page of a post: `https://vk.com/wall-1_2`."""
    return f"{page_url}/wall{owner_id}_{post_id}"


def wall_comment(
    page_url: str, owner_id: int, post_id: int, comment_id: int, thread_id: int | None
) -> str:
    """The place of a comment: `…?reply=3`, with `&thread=` for an answer within a thread."""
    thread = f"&thread={thread_id}" if thread_id is not None else ""
    return f"{wall_post(page_url, owner_id, post_id)}?reply={comment_id}{thread}"


def item_comment(page_url: str, address: ItemAddress) -> str:
    """The place of a comment under a photo, a video, a thing for sale, or in a discussion.

    VK's page of a thing for sale does not jump to the comment; its number tells which is meant.
    """
    item = f"{address.owner_id}_{address.item_id}"
    match address.item_kind:
        case ItemKind.TOPIC:
            return f"{page_url}/topic{item}?post={address.comment_id}"
        case ItemKind.MARKET:
            shop = f"{page_url}/market{address.owner_id}"
            return f"{shop}?w=product{item}&reply={address.comment_id}"
        case ItemKind.PHOTO | ItemKind.VIDEO:
            return f"{page_url}/{address.item_kind}{item}?reply={address.comment_id}"


def community_dialog(page_url: str, group_id: int, peer_id: int) -> str:
    """A dialog of the community, for those who may read its messages."""
    return f"{page_url}/gim{group_id}?sel={peer_id}"


def profile(page_url: str, author_id: int) -> str:
    """The page of a user (positive id) or of a community (negative id)."""
    return f"{page_url}/id{author_id}" if author_id > 0 else f"{page_url}/club{-author_id}"
