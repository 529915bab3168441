"""VK turns some spellings into mentions, which notify people: an answer must not do so unawares.

https://dev.vk.com/ru/reference/objects/post (marks of mentions in texts)
"""

import re

WORD_JOINER = "\u2060"
"""Invisible; after `@` it makes the word plain text."""

_LINK = re.compile(r"\[([\w.:/?=&%-]{1,300})\|([^\[\]\n]{1,300})\]", re.ASCII)
_CALL = re.compile(r"(?<![\w/])(@(?=\w)|\*(?=[A-Za-z_]))")


def without_vk_mentions(text: str) -> str:
    """`[id1|Анна]` becomes «Анна»; `@name` and `*name` stay to the eye and call nobody."""
    return _CALL.sub(rf"\1{WORD_JOINER}", _LINK.sub(_link, text))


def _link(match: re.Match[str]) -> str:
    target, text = match.groups()
    return f"{text} ({target})" if "://" in target else text
