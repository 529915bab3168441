"""Every spelling of a link to a comment gives the number that the comment itself has."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.messages import Network, Visibility
from bridge.networks import vk_links
from bridge.networks.canonical_links import (
    LinkHosts,
    canonical_number,
    numbers_of,
    split_links,
)

COMMENT = "vk:feed:wall-1_2_r3"
POST = "vk:feed:wall-1_2"


@pytest.mark.parametrize(
    "link",
    [
        "https://vk.com/wall-1_2?reply=3",
        "https://vk.com/wall-1_2?reply=3&thread=2",
        "https://vk.com/wall-1_2?thread=2&reply=3#any",
        "http://m.vk.com/wall-1_2?reply=3#reply3",
        "https://m.vk.com/wall-1_2#reply3",
        "https://vk.ru/wall-1_2?reply=3",
        "https://vkontakte.ru/wall-1_2?reply=3",
        "HTTPS://VK.COM/wall-1_2?reply=3",
        "https://www.vk.com:443/wall-1_2?reply=3",
        "//vk.com/wall-1_2?reply=3",
        "vk.com/wall-1_2?reply=3",
        "m.vk.com/wall-1_2?reply=3",
        "wall-1_2_r3",
        "wall-1_2?reply=3",
        "https://vk.com/wall-1_2_r3",
        "https://vk.com/public1?w=wall-1_2_r3",
        "https://vk.com/feed?w=wall-1_2_r3%2Fall",
        "https://vk.com/perm_gorod?w=wall-1_2%5Fr3",
        "https://vk.com/wall-1_2?w=wall-1_2_r3",
        "https://vk.com/wall-9_9?w=wall-1_2_r3",
        "https://vk.com/public1?w=wall-1_2%3Freply%3D3",
        "https%3A%2F%2Fvk.com%2Fwall-1_2%3Freply%3D3",
        "(https://vk.com/wall-1_2?reply=3).",
        "«https://vk.com/wall-1_2?reply=3»,",
        "\u200bhttps://vk.com/wall-1_2?reply=3\u00a0",
        "https://vk.com/wall-1_2?reply=3;",
        "https://vk.com/wall-1_2?offset=last&f=replies&reply=0003",
    ],
)
def test_comment_is_known_by_any_spelling(link: str) -> None:
    assert canonical_number(link) == COMMENT


@pytest.mark.parametrize(
    "link",
    [
        "https://vk.com/wall-1_2",
        "vk.com/public1?w=wall-1_2",
        "https://vk.com/wall-1_2?own=1",
        "wall-1_2",
        "https://m.vk.com/wall-1_2.",
    ],
)
def test_post_itself_is_known(link: str) -> None:
    assert canonical_number(link) == POST


@pytest.mark.parametrize(
    "link",
    [
        "https://vk.com/wall-1_2?reply=abc",
        "https://vk.com/wall-1",
        "https://vk.com/wall-1_2x",
        "https://vk.com/photo-1_2",
        "https://vk.com/wall-1_2?w=photo-1_5",
        "https://vk.com.evil.example/wall-1_2?reply=3",
        "https://example.com/wall-1_2?reply=3",
        "ftp://vk.com/wall-1_2",
        "javascript:alert(1)",
        "http://[::1",
        "",
        "нет ссылки",
    ],
)
def test_what_leads_elsewhere_is_no_message_of_ours(link: str) -> None:
    assert canonical_number(link) is None


@pytest.mark.parametrize(
    ("link", "number"),
    [
        ("https://vk.com/photo-1_2?reply=5", "vk:feed:photo-1_2_r5"),
        ("m.vk.com/video-1_2?reply=5", "vk:feed:video-1_2_r5"),
        ("https://vk.com/topic-1_2?post=5", "vk:feed:topic-1_2_p5"),
        ("https://vk.com/market-1?w=product-1_2&reply=5", "vk:feed:market-1_2_r5"),
        ("https://vk.com/photo-1_2?reply=x", None),
        ("https://vk.com/topic-1_2?reply=5", None),
    ],
)
def test_comment_elsewhere_than_on_a_wall_is_known(link: str, number: str | None) -> None:
    assert canonical_number(link) == number


def test_page_of_a_configured_host_is_the_networks_own() -> None:
    hosts = LinkHosts(vk=("127.0.0.1:8770",))
    assert canonical_number("http://127.0.0.1:8770/wall-1_2?reply=3", hosts) == COMMENT
    assert canonical_number("http://127.0.0.1:8771/wall-1_2?reply=3", hosts) is None


@pytest.mark.parametrize(
    ("link", "number"),
    [
        ("https://ok.ru/group/1/topic/2", "ok:feed:topic2"),
        ("https://m.ok.ru/group/1/topic/2?x=1", "ok:feed:topic2"),
        ("ok.ru/permgorod/topic/2/", "ok:feed:topic2"),
        ("https://ok.ru/dk?st.cmd=altGroupMediaComments&st.themeId=2", "ok:feed:topic2"),
        ("https://ok.ru/group/1/topic/2#comment-MTM5NzI%3D", "ok:feed:topic2_cMTM5NzI="),
        ("https://ok.ru/group/1/topic/2?commentId=MTM5", "ok:feed:topic2_cMTM5"),
        ("https://ok.ru/group/1/topic/2#comment-\x07", None),
        ("https://ok.ru/group/1", None),
        ("https://ok.ru/group/1/topic/abc", None),
    ],
)
def test_topic_of_ok_is_known(link: str, number: str | None) -> None:
    assert canonical_number(link) == number


def test_cell_with_several_links_names_several_messages_each_once() -> None:
    text = (
        "https://vk.com/wall-1_2?reply=3; https://vk.com/wall-1_7,https://ok.ru/group/1/topic/5\n"
        "m.vk.com/wall-1_2_r3 и ещё example.com"
    )
    assert numbers_of(split_links(text)) == (COMMENT, "vk:feed:wall-1_7", "ok:feed:topic5")


# Any comment, and the ways in which people come by its link.

ids = st.integers(1, 2**53)
Spelling = Callable[[int, int, int, int], str]
SPELLINGS: tuple[Spelling, ...] = (
    lambda o, p, c, t: vk_links.wall_comment("https://vk.com", o, p, c, t),
    lambda o, p, c, _t: vk_links.wall_comment("https://vk.ru", o, p, c, None),
    lambda o, p, c, _t: f"wall{o}_{p}_r{c}",
    lambda o, p, c, _t: f"vk.com/wall{o}_{p}_r{c}",
    lambda o, p, c, _t: f"m.vk.com/public{abs(o)}?w=wall{o}_{p}_r{c}",
    lambda o, p, c, t: f"https://vk.com/feed?z=1&w=wall{o}_{p}_r{c}&thread={t}",
    lambda o, p, c, t: (
        f"https://vk.com/any?w={quote(f'wall{o}_{p}?reply={c}&thread={t}', safe='')}"
    ),
    lambda o, p, c, _t: f"https://m.vk.com/wall{o}_{p}#reply{c}",
)


@given(
    owner=st.one_of(ids, ids.map(lambda number: -number)),
    post=ids,
    comment=ids,
    thread=ids,
    spell=st.sampled_from(SPELLINGS),
    encodings=st.integers(0, 2),
    around=st.sampled_from([("", ""), ("(", ")."), ("«", "»"), ("\u200b", "!"), (" ", ",")]),
)
def test_every_spelling_of_a_comment_gives_its_number(
    owner: int,
    post: int,
    comment: int,
    thread: int,
    spell: Spelling,
    encodings: int,
    around: tuple[str, str],
) -> None:
    link = spell(owner, post, comment, thread)
    for _ in range(encodings):
        link = quote(link, safe="")
    before, after = around
    number = f"{Network.VK}:{Visibility.FEED}:wall{owner}_{post}_r{comment}"
    assert canonical_number(f"{before}{link}{after}") == number


@given(
    st.one_of(
        st.text(max_size=300),
        st.text(alphabet="wall-_r?=&%/:.#@[]0123456789vkcom ", max_size=80),
        st.text(max_size=40).map(lambda rest: f"https://vk.com/{rest}"),
        st.text(max_size=40).map(lambda rest: f"https://vk.com/wall-1_2?{rest}"),
        st.text(max_size=40).map(lambda rest: f"https://ok.ru/{rest}"),
    )
)
def test_rubbish_never_raises(text: str) -> None:
    number = canonical_number(text)
    assert number is None or number.startswith(("vk:feed:", "ok:feed:topic"))
    assert isinstance(numbers_of(split_links(text)), tuple)
