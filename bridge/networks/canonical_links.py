"""From any spelling of a link to the number that the network's own module gives the message.

Pure. People and monitoring systems copy links from phones, from browsers and out of other programs:
the same comment comes as `https://vk.com/wall-1_2?reply=3`, `m.vk.ru/public1?w=wall-1_2_r3` or
`wall-1_2_r3`. Addresses as networks show them: bridge/networks/vk_links.py, and for OK
https://apiok.ru/dev/methods (discussions of a group's topics).
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from bridge.messages import MessageId, Network, Visibility, external_number

VK_HOSTS: Final = frozenset({"vk.com", "vk.ru", "vkontakte.ru"})
OK_HOSTS: Final = frozenset({"ok.ru", "odnoklassniki.ru"})
PAGE_HOSTS: Final[Mapping[Network, frozenset[str]]] = {
    Network.VK: VK_HOSTS,
    Network.OK: OK_HOSTS,
}
"""Where answers of a network can be seen; a system that only keeps cards is not among them."""

_LONGEST = 4000
_LONGEST_LIST = 500_000
"""Characters of a cell with links: hundreds of posts may be about one thing."""
_MOST_UNQUOTINGS = 3
"""A link that went through several programs is percent-encoded as many times."""
_AROUND = " \t\r\n\u00a0\u200b\ufeff\u2060\"'`«»„“”<>()[]{}.,;:!…"
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00]")
_SPLIT = re.compile(r"[\s;|]+|,(?=\s|https?:|//)")
_SUBDOMAINS = re.compile(r"^(?:(?:www|m|mobile|touch|new)\.)+")

_PLAIN = re.IGNORECASE | re.ASCII
_WALL = re.compile(r"wall(-?[0-9]{1,19})_([0-9]{1,19})(?:_r([0-9]{1,19}))?(?![\w-])", _PLAIN)
_ITEM = re.compile(r"(photo|video|topic|product)(-?[0-9]{1,19})_([0-9]{1,19})(?![\w-])", _PLAIN)
_ITEM_NAMES = {"product": "market"}
"""Where VK's address says another word than its API."""
_REPLY_ANCHOR = re.compile(r"reply([0-9]{1,19})", _PLAIN)
_TOPIC = re.compile(r"/?(?:group/)?[\w.-]+/(?:topic|statuses)/([0-9]{1,19})(?:/|$)", _PLAIN)
_NUMBER = re.compile(r"[0-9]{1,19}", re.ASCII)
_OK_COMMENT = "comment-"
_COMMENT_ID = re.compile(r"[\w:.=+/-]{1,120}", re.ASCII)


@dataclass(frozen=True)
class LinkHosts:
    """Further hosts of the networks' pages, as `host` or `host:port`: a mirror, a sandbox."""

    vk: Collection[str] = ()
    ok: Collection[str] = ()


@dataclass(frozen=True)
class _Link:
    """A link in parts. `query` holds the first value of each name, names in lower case."""

    host: str
    path: str
    query: Mapping[str, str]
    fragment: str


def numbers_of(links: Iterable[str], hosts: LinkHosts | None = None) -> tuple[str, ...]:
    """The external numbers of all posts and comments that are linked to, each once, in order.

    What is no link to one of the networks is passed over.
    """
    numbers = (canonical_number(link, hosts) for link in links)
    return tuple(dict.fromkeys(number for number in numbers if number))


def split_links(text: str) -> list[str]:
    """The pieces of a text that may each be a link: a cell holds several of them."""
    pieces = (piece.strip(_AROUND) for piece in _SPLIT.split(text[:_LONGEST_LIST]))
    return [piece for piece in pieces if piece]


def canonical_number(link: str, hosts: LinkHosts | None = None) -> str | None:
    """The external number of the post or comment that a link leads to: `vk:feed:wall-1_2_r3`.

    None for a link that leads elsewhere, or whose comment cannot be told: a post is not taken for
    the comment below it. Never raises.
    """
    known = hosts or LinkHosts()
    parts = _parts_of(link)
    if parts is None:
        return None
    if parts.host in VK_HOSTS | set(known.vk):
        return _number(Network.VK, _vk_id(parts))
    if parts.host in OK_HOSTS | set(known.ok):
        return _number(Network.OK, _ok_id(parts))
    if not parts.host:
        return _number(Network.VK, _wall_id(parts.path.lstrip("/"), parts))
    return None


def _number(network: Network, external_id: str | None) -> str | None:
    if external_id is None:
        return None
    return external_number(MessageId(network, Visibility.FEED, external_id))


def _parts_of(link: str) -> _Link | None:
    plain = _plain(link)
    if not plain or len(plain) > _LONGEST:
        return None
    if plain.startswith("//"):
        plain = f"https:{plain}"
    elif "://" not in plain and not _WALL.match(plain):
        plain = f"https://{plain}"
    try:
        split = urlsplit(plain)
        host, port = (split.hostname or "").lower(), split.port
    except ValueError:
        return None
    if split.scheme not in ("http", "https", ""):
        return None
    host = _SUBDOMAINS.sub("", host.rstrip("."))
    if port not in (None, 80, 443):
        host = f"{host}:{port}"
    values = parse_qs(split.query)
    query = {name.lower(): found[0].strip(_AROUND) for name, found in reversed(values.items())}
    return _Link(host, split.path, query, split.fragment)


def _plain(link: str) -> str:
    """Without encoding, invisible characters, and what stands around a link in a sentence."""
    plain = link[: _LONGEST * 2]
    for _ in range(_MOST_UNQUOTINGS):
        decoded = unquote(plain, errors="replace")
        if decoded == plain:
            break
        plain = decoded
    return _INVISIBLE.sub("", plain).strip(_AROUND)


def _vk_id(link: _Link) -> str | None:
    """The layer over a page, `?w=`, is what the link shows; the page below it is not."""
    shown = link.query.get("w") or link.path.lstrip("/")
    return _wall_id(shown, link) or _item_comment_id(shown, link)


def _wall_id(shown: str, link: _Link) -> str | None:
    found = _WALL.match(shown)
    if found is None:
        return None
    owner, post, comment = found.groups()
    reply = comment or _reply(shown[found.end() :], link)
    if reply is None:
        return f"wall{int(owner)}_{int(post)}"
    return f"wall{int(owner)}_{int(post)}_r{int(reply)}" if _NUMBER.fullmatch(reply) else None


def _item_comment_id(shown: str, link: _Link) -> str | None:
    """A comment under a photo, a video, a thing for sale, or in a discussion; the item is nobody's
    message."""
    found = _ITEM.match(shown)
    if found is None:
        return None
    kind, owner, item = found[1].lower(), int(found[2]), int(found[3])
    mark, parameter = ("p", "post") if kind == "topic" else ("r", "reply")
    comment = link.query.get(parameter, "")
    if not _NUMBER.fullmatch(comment):
        return None
    return f"{_ITEM_NAMES.get(kind, kind)}{owner}_{item}_{mark}{int(comment)}"


def _reply(rest: str, link: _Link) -> str | None:
    """The comment as a parameter or an anchor; what follows `?` within `?w=` counts, too."""
    inner = re.match(r"\?(?:.*&)?reply=([^&#]*)", rest)
    if inner:
        return inner[1]
    if "reply" in link.query:
        return link.query["reply"]
    anchor = _REPLY_ANCHOR.fullmatch(link.fragment)
    return anchor[1] if anchor else None


def _ok_id(link: _Link) -> str | None:
    topic = _topic_of(link)
    if topic is None:
        return None
    comment = link.fragment.partition(_OK_COMMENT)[2] or link.query.get("commentid")
    if not comment:
        return f"topic{topic}"
    return f"topic{topic}_c{comment}" if _COMMENT_ID.fullmatch(comment) else None


def _topic_of(link: _Link) -> str | None:
    in_path = _TOPIC.match(link.path)
    if in_path:
        return in_path[1]
    theme = link.query.get("st.themeid", "")
    return theme if _NUMBER.fullmatch(theme) else None
