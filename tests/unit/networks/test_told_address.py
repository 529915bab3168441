"""An API's answer that was tampered with does not make the bridge call the office's inside."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.networks.told_address import NotToBeCalled, told_address

API = "https://api.vk.ru/method"


@pytest.mark.parametrize(
    ("told", "called"),
    [
        (
            "https://pu.vk.com/c1/upload.php?act=do&mid=1",
            "https://pu.vk.com/c1/upload.php?act=do&mid=1",
        ),
        ("https://lp.vk.com/whp/1001", "https://lp.vk.com/whp/1001"),
        ("http://up.mycdn.me/uploadImage?apiToken=x", "https://up.mycdn.me/uploadImage?apiToken=x"),
        ("https://up.mycdn.me:443/a", "https://up.mycdn.me/a"),
        ("https://api.vk.ru/upload", "https://api.vk.ru/upload"),
        ("https://pu.vk.com\\@127.0.0.1/a", "https://pu.vk.com/%5C@127.0.0.1/a"),
        ("https://пример.рф/a", "https://xn--e1afmkfd.xn--p1ai/a"),
    ],
)
def test_a_networks_server_is_called_over_tls(told: str, called: str) -> None:
    assert told_address(told, API) == called


@pytest.mark.parametrize(
    "told",
    [
        None,
        5,
        "",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "//pu.vk.com/a",
        "https://127.0.0.1/a",
        "https://[::1]/a",
        "https://[::ffff:127.0.0.1]/a",
        "https://169.254.169.254/latest/meta-data",
        "https://2130706433/a",
        "https://0x7f.0x1/a",
        "https://127.1/a",
        "https://localhost/a",
        "https://redmine/issues.json",
        "https://pu.vk.com./a",
        "https://pu.vk.com:8443/a",
        "http://pu.vk.com:6379/a",
        "https://user:secret@pu.vk.com/a",
        "https://pu.vk.com\r\nHost: x/a",
    ],
)
def test_nothing_else_is_called(told: object) -> None:
    with pytest.raises(NotToBeCalled) as refusal:
        told_address(told, API)
    assert str(told) not in str(refusal.value) or not told


def test_what_stands_in_for_a_network_may_name_its_own_server_and_no_other() -> None:
    sandbox = "http://127.0.0.1:8770/method"
    assert told_address("http://127.0.0.1:8770/up?a=1", sandbox) == "http://127.0.0.1:8770/up?a=1"
    for other in (
        "http://127.0.0.1:8771/up",
        "https://127.0.0.1:8770/up",
        "http://localhost:8770/",
    ):
        with pytest.raises(NotToBeCalled):
            told_address(other, sandbox)


@given(st.text(max_size=60), st.sampled_from(["", "https://", "https://vk.com", "http://127."]))
def test_any_text_is_refused_or_becomes_a_call_over_tls(text: str, beginning: str) -> None:
    with suppress(NotToBeCalled):
        assert told_address(beginning + text, API).startswith("https://")
