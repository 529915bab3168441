"""Whatever Redmine, a proxy or the network answers becomes one clear error, in bounded time."""

import socket
import threading
from collections.abc import Iterator

import pytest
import requests
import responses

from bridge.helpdesk.port import (
    HelpdeskError,
    HelpdeskRefused,
    HelpdeskUnavailable,
    HelpdeskUnreachable,
    StaleIssue,
)
from bridge.helpdesk.redmine_session import (
    NotAuthenticated,
    PageMissing,
    RedmineSession,
    Timeout,
    TooLarge,
    ValidationRefused,
)
from tests.ports import find_free_port

URL = "http://redmine.test"
KEY = "0123456789abcdef"
ISSUE = f"{URL}/issues/1.json"


@pytest.fixture
def session() -> RedmineSession:
    return RedmineSession(URL, KEY)


@pytest.fixture
def network() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as network:
        yield network


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, HelpdeskRefused),
        (401, NotAuthenticated),
        (403, HelpdeskRefused),
        (404, PageMissing),
        (406, HelpdeskRefused),
        (408, HelpdeskUnavailable),
        (409, StaleIssue),
        (413, TooLarge),
        (429, HelpdeskUnavailable),
        (500, HelpdeskUnavailable),
        (502, HelpdeskUnavailable),
        (503, HelpdeskUnavailable),
        (504, HelpdeskUnavailable),
    ],
)
def test_each_status_has_its_error(
    session: RedmineSession,
    network: responses.RequestsMock,
    status: int,
    error: type[HelpdeskError],
) -> None:
    network.put(ISSUE, status=status)
    with pytest.raises(error) as raised:
        session.put("/issues/1.json", {})
    assert type(raised.value) is error


def test_validation_errors_are_told_in_redmines_words(
    session: RedmineSession, network: responses.RequestsMock
) -> None:
    network.put(ISSUE, status=422, json={"errors": ["Тема не может быть пустой", "Срок неверен"]})
    with pytest.raises(ValidationRefused, match="Тема не может быть пустой; Срок неверен"):
        session.put("/issues/1.json", {})


@pytest.mark.parametrize("status", [200, 422])
def test_a_foreign_page_is_no_answer(
    session: RedmineSession, network: responses.RequestsMock, status: int
) -> None:
    network.get(ISSUE, status=status, body="<html>Технические работы</html>")
    with pytest.raises(HelpdeskUnavailable):
        session.get("/issues/1.json", "issue")


@pytest.mark.parametrize("body", ["[]", "null", "{}", '"text"', ""])
def test_json_that_is_not_redmines_is_no_answer(
    session: RedmineSession, network: responses.RequestsMock, body: str
) -> None:
    network.get(ISSUE, body=body)
    with pytest.raises(HelpdeskUnavailable):
        session.get("/issues/1.json", "issue")


def test_a_read_is_tried_twice_when_redmine_is_overloaded(
    session: RedmineSession, network: responses.RequestsMock
) -> None:
    network.get(ISSUE, status=503)
    network.get(ISSUE, json={"issue": {"id": 1}})
    assert session.get("/issues/1.json", "issue") == {"id": 1}


def test_a_write_is_never_repeated(
    session: RedmineSession, network: responses.RequestsMock
) -> None:
    network.post(f"{URL}/issues.json", status=503)
    with pytest.raises(HelpdeskUnavailable):
        session.create("/issues.json", {"issue": {}}, "issue")
    assert len(network.calls) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        requests.ConnectionError("reset"),
        requests.exceptions.ChunkedEncodingError("cut"),
        requests.exceptions.ContentDecodingError("garbled"),
    ],
)
def test_network_trouble_means_try_later(
    session: RedmineSession, network: responses.RequestsMock, trouble: Exception
) -> None:
    network.put(ISSUE, body=trouble)
    with pytest.raises(HelpdeskUnavailable):
        session.put("/issues/1.json", {})


def test_the_key_does_not_follow_a_redirect(
    session: RedmineSession, network: responses.RequestsMock
) -> None:
    network.get(ISSUE, status=302, headers={"Location": "http://elsewhere.test/"})
    with pytest.raises(HelpdeskRefused, match="перенаправляет"):
        session.get("/issues/1.json", "issue")
    assert [call.request.url for call in network.calls] == [ISSUE]


def test_the_key_is_in_a_header_and_in_no_address_or_text(
    session: RedmineSession, network: responses.RequestsMock
) -> None:
    network.put(ISSUE, status=401)
    with pytest.raises(HelpdeskRefused) as refused:
        session.put("/issues/1.json", {"issue": {}})
    request = network.calls[0].request
    assert request.headers["X-Redmine-API-Key"] == KEY
    assert KEY not in str(request.url)
    assert KEY not in f"{refused.value!r} {refused.value.__cause__!r} {session!r}"


@pytest.mark.parametrize("url", ["", "redmine.test", "ftp://redmine.test", "http://"])
def test_a_wrong_address_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="must look like"):
        RedmineSession(url, KEY)


def test_a_redmine_that_is_not_there_is_unavailable() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    session = RedmineSession(f"http://127.0.0.1:{port}", KEY)
    with pytest.raises(HelpdeskUnavailable):
        session.get("/issues/1.json", "issue")


class DeafServer:
    """Takes connections and never answers."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._taken: list[socket.socket] = []
        self._thread = threading.Thread(target=self._take, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def connections(self) -> int:
        return len(self._taken)

    def _take(self) -> None:
        while True:
            try:
                self._taken.append(self._listener.accept()[0])
            except OSError:
                return

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        for connection in self._taken:
            connection.close()


@pytest.fixture
def deaf() -> Iterator[DeafServer]:
    server = DeafServer()
    yield server
    server.close()


def test_a_redmine_that_never_answers_is_given_up(deaf: DeafServer) -> None:
    session = RedmineSession(deaf.url, KEY, Timeout(connect=1.0, read=0.1))
    with pytest.raises(HelpdeskUnavailable):
        session.get("/issues/1.json", "issue")
    assert deaf.connections == 2


def test_a_write_that_got_no_answer_was_sent_once(deaf: DeafServer) -> None:
    session = RedmineSession(deaf.url, KEY, Timeout(connect=1.0, read=0.1))
    with pytest.raises(HelpdeskUnavailable):
        session.create("/issues.json", {"issue": {}}, "issue")
    assert deaf.connections == 1


def test_what_could_not_be_sent_is_told_from_what_may_have_been_done() -> None:
    nobody_listens = RedmineSession(f"http://127.0.0.1:{find_free_port()}", KEY)
    with pytest.raises(HelpdeskUnreachable):
        nobody_listens.create("/issues.json", {"issue": {}}, "issue")
