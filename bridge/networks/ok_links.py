"""Addresses of OK's pages as people see them, built in one place so that in and out agree.

OK documents no address of a single comment or chat. What follows `?` and `#` here names the comment
or chat for us, leads to the right place in the sandbox, and does no harm at OK, which opens the
topic, or the group's messages.
"""

from urllib.parse import quote


def topic(page_url: str, group_id: int, topic_id: str) -> str:
    """The page of a topic of the group."""
    return f"{page_url}/group/{group_id}/topic/{quote(topic_id, safe='')}"


def comment(page_url: str, group_id: int, topic_id: str, comment_id: str) -> str:
    """A comment below its topic."""
    written = quote(comment_id, safe="")
    return f"{topic(page_url, group_id, topic_id)}?commentId={written}#comment-{written}"


def chat(page_url: str, group_id: int, chat_id: str) -> str:
    """A chat of the group, for those who may read its messages."""
    return f"{page_url}/group/{group_id}/messages?chat={quote(chat_id, safe=':')}"


def profile(page_url: str, author_id: str) -> str:
    """The page of a user, or, with a minus before the number, of a group."""
    if author_id.startswith("-"):
        return f"{page_url}/group/{author_id[1:]}"
    return f"{page_url}/profile/{author_id}"
