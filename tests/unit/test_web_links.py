"""What staff may click on leads to the web, and runs nothing."""

import pytest

from bridge.web_links import LONGEST, web_link


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("https://vk.com/wall-1_2", "https://vk.com/wall-1_2"),
        ("vk.com/wall-1_2", "https://vk.com/wall-1_2"),
        ("HTTP://vk.com", "HTTP://vk.com"),
    ],
)
def test_a_link_of_the_web_is_kept(written: str, link: str) -> None:
    assert web_link(written) == link


@pytest.mark.parametrize(
    "written",
    [
        "",
        "javascript:alert(1)",
        "javascript://vk.com/%0aalert(1)",
        "JaVaScRiPt://x",
        "data:text/html,x",
        "file:///etc/passwd",
        "https://",
        "https://[",
        "https://vk.com/\n",
        "https://vk.com/\u202egpj",
        "https://vk.com/" + "a" * LONGEST,
    ],
)
def test_anything_else_is_no_link(written: str) -> None:
    assert web_link(written) == ""
