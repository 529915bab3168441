"""No request goes to the inside, however its address is dressed up."""

from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.fetching.addresses import is_inside
from bridge.fetching.guard import Guard, resolve_by_system
from bridge.fetching.refusals import NotFetched, Reason
from bridge.fetching.targets import Origin, read_origin, read_target

VK = Origin("https", "sun9-1.userapi.com", 443)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "100.64.0.1",
        "100.100.100.200",
        "169.254.169.254",
        "168.63.129.16",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "198.51.100.7",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:a9fe:a9fe",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_an_inside_address_is_known_as_such(address: str) -> None:
    assert is_inside(address)


@pytest.mark.parametrize(
    "address",
    [
        "87.240.132.72",
        "217.20.147.1",
        "172.15.255.255",
        "172.32.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "2a00:bdc0::1",
        "::ffff:87.240.132.72",
        "64:ff9b::57f0:8448",
    ],
)
def test_a_public_address_is_not_inside(address: str) -> None:
    assert not is_inside(address)


@pytest.mark.parametrize("found", [["10.0.0.1"], ["87.240.132.72", "127.0.0.1"], ["::1"]])
def test_a_name_that_leads_inside_is_refused_even_if_not_with_all_its_addresses(
    found: list[str],
) -> None:
    with pytest.raises(NotFetched) as refusal:
        Guard(resolve=lambda *_: found).addresses(VK)
    assert refusal.value.reason is Reason.INSIDE


def test_the_addresses_that_were_checked_are_those_that_are_used() -> None:
    """A name that answers otherwise the second time gets no second time."""
    answers = iter([["87.240.132.72"], ["127.0.0.1"]])
    assert Guard(resolve=lambda *_: next(answers)).addresses(VK) == ["87.240.132.72"]
    assert next(answers) == ["127.0.0.1"]


def test_a_server_that_the_administrator_names_may_stand_inside() -> None:
    sandbox = read_origin("http://127.0.0.1:8770")
    guard = Guard(frozenset({sandbox}), lambda *_: ["127.0.0.1"])
    assert guard.addresses(sandbox) == ["127.0.0.1"]
    for other in ("http://127.0.0.1:8771", "https://127.0.0.1:8770", "http://localhost:8770"):
        with pytest.raises(NotFetched):
            guard.addresses(read_origin(other))


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "017700000001",
        "0177.0.0.1",
        "0x7f.1",
        "127.1",
        "127.0.0.1.",
        "0",
        "0.0.0.0",  # noqa: S104 - asked, not listened on
        "localhost",
        "LOCALHOST.",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
        "[::]",
        "[::1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
    ],
)
def test_odd_spellings_of_this_machine_are_refused(host: str) -> None:
    with pytest.raises(NotFetched) as refusal:
        Guard().addresses(read_origin(f"http://{host}/a.jpg"))
    assert refusal.value.reason in {Reason.INSIDE, Reason.UNREACHABLE, Reason.NOT_AN_ADDRESS}


def test_a_name_that_cannot_be_resolved_may_be_tried_later() -> None:
    def nothing(host: str, port: int) -> Sequence[str]:
        raise OSError(f"{host}:{port}")

    for resolve in (nothing, lambda *_: []):
        with pytest.raises(NotFetched) as refusal:
            Guard(resolve=resolve).addresses(VK)
        assert refusal.value.is_passing


def test_the_system_resolves_an_address_to_itself() -> None:
    assert resolve_by_system("127.0.0.1", 80) == ["127.0.0.1"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "file:///etc/passwd",
        "ftp://vk.com/a.jpg",
        "gopher://127.0.0.1:6379/_INFO",
        "//vk.com/a.jpg",
        "http://",
        "http://user:secret@vk.com/a.jpg",
        "http://vk.com:0/a.jpg",
        "http://vk.com:99999/a.jpg",
        "http://[::1/a.jpg",
    ],
)
def test_only_web_addresses_without_credentials_are_asked(url: str) -> None:
    with pytest.raises(NotFetched) as refusal:
        read_target(url)
    assert refusal.value.reason is Reason.NOT_AN_ADDRESS


def test_an_address_is_taken_apart_once() -> None:
    target = read_target("HTTPS://Sun9-1.UserAPI.com/фото.jpg?size=1&sign=аб#top")
    assert target.origin == VK
    assert target.path == "/%D1%84%D0%BE%D1%82%D0%BE.jpg?size=1&sign=%D0%B0%D0%B1"


def test_a_redirect_is_read_from_where_it_came() -> None:
    target = read_target("https://vk.com/a/b.jpg")
    assert target.redirected("/c.jpg").path == "/c.jpg"
    assert target.redirected("//ok.ru/c.jpg").origin == Origin("https", "ok.ru", 443)
    nowheres = ("file:///etc/passwd", "gopher://ok.ru/", "//user@ok.ru/", "//[", "http://[::1")
    for nowhere in nowheres:
        with pytest.raises(NotFetched):
            target.redirected(nowhere)


@given(st.text(max_size=40), st.sampled_from(["", "http://", "https://vk.com/"]))
def test_any_text_in_place_of_an_address_is_read_or_refused(text: str, beginning: str) -> None:
    for read in (read_target, read_target("https://vk.com/a").redirected):
        with suppress(NotFetched):
            assert read(beginning + text).path.isascii()
