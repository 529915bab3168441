"""Files are fetched from a real server, and nothing worse than a refusal comes of a bad one."""

import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bridge.fetching.fetcher import MOST_REDIRECTS, Fetcher
from bridge.fetching.guard import Guard
from bridge.fetching.refusals import NotFetched, Reason
from bridge.fetching.targets import read_origin
from bridge.fetching.transfer import Limits
from sandbox.files import FileServer, picture

LIMITS = Limits(size=5120 * 1024, connect=3.0, read=5.0, total=20.0)
HURRIED = replace(LIMITS, total=0.4)


@pytest.fixture
def server() -> Iterator[FileServer]:
    server = FileServer()
    with server.running():
        yield server


@pytest.fixture
def fetcher(server: FileServer) -> Fetcher:
    return Fetcher(LIMITS, Guard(frozenset({read_origin(server.url)})))


def refusal(fetcher: Fetcher, url: str) -> Reason:
    with pytest.raises(NotFetched) as refused:
        fetcher.fetch(url, "фото")
    return refused.value.reason


def test_a_picture_comes_with_its_real_type_and_a_safe_name(
    server: FileServer, fetcher: Fetcher
) -> None:
    fetched = fetcher.fetch(f"{server.url}/picture.jpg?sign=1", "../Яма.exe")
    assert fetched.content == picture()
    assert (fetched.content_type, fetched.name) == ("image/jpeg", "Яма.jpg")


def test_a_document_is_fetched_too(server: FileServer, fetcher: Fetcher) -> None:
    assert fetcher.fetch(f"{server.url}/document.pdf", "Акт").name == "Акт.pdf"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("expired.jpg", Reason.GONE),
        ("not-there.jpg", Reason.GONE),
        ("large.jpg", Reason.TOO_LARGE),
        ("endless.jpg", Reason.TOO_LARGE),
        ("page.jpg", Reason.NOT_ALLOWED),
        ("told-too-short.jpg", Reason.NOT_ALLOWED),
        ("told-too-long.jpg", Reason.INTERRUPTED),
        ("trouble.jpg", Reason.SERVER_TROUBLE),
    ],
)
def test_what_is_no_picture_is_refused_with_its_reason(
    server: FileServer, fetcher: Fetcher, path: str, reason: Reason
) -> None:
    assert refusal(fetcher, f"{server.url}/{path}") is reason


def test_a_redirect_within_bounds_is_followed(server: FileServer, fetcher: Fetcher) -> None:
    assert fetcher.fetch(f"{server.url}/redirect.jpg", "Фото").content == picture()
    assert refusal(fetcher, f"{server.url}/redirect-for-ever.jpg") is Reason.TOO_MANY_REDIRECTS
    assert server.asked.count("/redirect-for-ever.jpg") == MOST_REDIRECTS + 1


def test_a_redirect_to_an_inside_address_is_not_followed(
    server: FileServer, fetcher: Fetcher
) -> None:
    assert refusal(fetcher, f"{server.url}/redirect-inside.jpg") is Reason.INSIDE


def test_without_leave_nothing_inside_is_asked(server: FileServer) -> None:
    assert refusal(Fetcher(LIMITS, Guard()), f"{server.url}/picture.jpg") is Reason.INSIDE
    assert server.asked == []


def test_a_name_that_changes_its_address_after_the_check_is_asked_at_the_checked_one(
    server: FileServer,
) -> None:
    """DNS rebinding: the name is resolved once, and by nobody else."""
    asked: list[tuple[str, int]] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append((host, port))
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    origin = read_origin(f"http://pictures.example:{server.server_port}")
    fetcher = Fetcher(LIMITS, Guard(frozenset({origin}), resolve))
    url = f"http://pictures.example:{server.server_port}/picture.jpg"
    assert fetcher.fetch(url, "Фото").content == picture()
    assert asked == [("pictures.example", server.server_port)]


def test_the_next_address_is_tried_where_the_first_does_not_answer(server: FileServer) -> None:
    origin = read_origin(f"http://pictures.example:{server.server_port}")
    guard = Guard(frozenset({origin}), lambda *_: ["127.0.0.9", "::1", "127.0.0.1"])
    url = f"http://pictures.example:{server.server_port}/picture.jpg"
    assert Fetcher(LIMITS, guard).fetch(url, "Фото").content == picture()


@pytest.mark.parametrize("path", ["drip.jpg", "drip-headers.jpg"])
def test_a_server_that_drips_is_cut_off(server: FileServer, fetcher: Fetcher, path: str) -> None:
    hurried = replace(fetcher, limits=HURRIED)
    assert refusal(hurried, f"{server.url}/{path}") is Reason.TIMED_OUT


def test_a_server_that_is_down_may_be_tried_later() -> None:
    closed = FileServer()
    url = closed.url
    closed.server_close()
    allowed = Fetcher(LIMITS, Guard(frozenset({read_origin(url)})))
    assert refusal(allowed, f"{url}/picture.jpg") is Reason.UNREACHABLE


def test_a_large_file_is_left_at_the_limit(server: FileServer, fetcher: Fetcher) -> None:
    small = replace(fetcher, limits=replace(LIMITS, size=1000))
    server.files["/at.jpg"] = bytes(1000)
    server.files["/above.jpg"] = bytes(1001)
    assert refusal(small, f"{server.url}/at.jpg") is Reason.NOT_ALLOWED
    assert refusal(small, f"{server.url}/above.jpg") is Reason.TOO_LARGE


@pytest.fixture
def secure_server(tmp_path: Path) -> Iterator[Callable[[str], FileServer]]:
    """Makes a server with a certificate for a name, which nobody vouches for."""
    servers: list[FileServer] = []

    def make(name: str) -> FileServer:
        key, certificate = tmp_path / f"{name}.key", tmp_path / f"{name}.pem"
        subprocess.run(
            f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
            f" -subj /CN={name} -addext subjectAltName=DNS:{name}"
            f" -keyout {key} -out {certificate}".split(),
            check=True,
            capture_output=True,
        )
        server = FileServer()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        servers.append(server)
        return server

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("trusted", "asked", "works"),
    [
        ("pictures.example", "pictures.example", True),
        ("pictures.example", "other.example", False),
        ("", "pictures.example", False),
    ],
)
def test_a_server_must_show_a_certificate_for_the_name_that_was_asked(
    secure_server: Callable[[str], FileServer],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    trusted: str,
    asked: str,
    works: bool,
) -> None:
    """Though the connection goes to an IP address."""
    server = secure_server("pictures.example")
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / f"{trusted}.pem"))
    url = f"https://{asked}:{server.server_port}/picture.jpg"
    fetcher = Fetcher(LIMITS, Guard(frozenset({read_origin(url)}), lambda *_: ["127.0.0.1"]))
    if works:
        assert fetcher.fetch(url, "Фото").content == picture()
    else:
        assert refusal(fetcher, url) is Reason.NOT_TRUSTED
