"""A call's failure says whether VK may have done what was asked, and never tells the token."""

import json
import socket
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
import responses
from pydantic import SecretStr

from bridge.channels import load_channels
from bridge.networks.rate_limit import Allowance
from bridge.networks.vk_api import Timeout, VkClient, VkError, VkFailure, VkNoAnswer, VkNotReached
from bridge.networks.vk_clients import VkClients
from bridge.settings import PROJECT

POLICIES = ("administration", "head-feed", "head-direct")
TOKEN = "vk1.a.topsecret"
API = "http://vk.invalid/method"
METHOD = "wall.createComment"


def client(api_url: str = API, timeout: Timeout = (1.0, 0.2)) -> VkClient:
    return VkClient(api_url, SecretStr(TOKEN), "5.199", timeout)


def failure(vk: VkClient) -> VkFailure:
    with pytest.raises(VkFailure) as raised:
        vk.call(METHOD, owner_id=-1, message="Ответ")
    return raised.value


@contextmanager
def listening() -> Iterator[tuple[socket.socket, str]]:
    """A real socket that accepts connections (into its backlog), and its API address."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server, f"http://127.0.0.1:{server.getsockname()[1]}/method"


@responses.activate
def test_call_is_a_form_with_version_and_token_in_a_header() -> None:
    answer = responses.post(f"{API}/{METHOD}", json={"response": {"comment_id": 5}})

    assert client().call(METHOD, owner_id=-1, message="Ответ 😀") == {"comment_id": 5}

    request = answer.calls[0].request
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert request.url == f"{API}/{METHOD}"
    assert responses.matchers.urlencoded_params_matcher(
        {"owner_id": "-1", "message": "Ответ 😀", "v": "5.199"}
    )(request) == (True, "")


@responses.activate
def test_error_answer_has_its_code_and_message() -> None:
    error = {"error_code": 213, "error_subcode": 4, "error_msg": "Access denied"}
    responses.post(f"{API}/{METHOD}", json={"error": error})

    raised = failure(client())

    assert isinstance(raised, VkError)
    assert (raised.method, raised.code, raised.subcode, raised.message) == (
        METHOD,
        213,
        4,
        "Access denied",
    )


@responses.activate
@pytest.mark.parametrize(
    ("status", "answer", "kind"),
    [
        (200, "<html>", VkNoAnswer),
        (200, '{"response":', VkNoAnswer),
        (200, "[]", VkNoAnswer),
        (200, "{}", VkNoAnswer),
        (200, '{"error": "x"}', VkNoAnswer),
        (200, '{"error": {"error_code": "5"}}', VkNoAnswer),
        (200, "[" * 100_000, VkNoAnswer),
        (500, "", VkNoAnswer),
        (502, "<html>", VkNoAnswer),
        (503, "<html>", VkNoAnswer),
        (302, "", VkNotReached),
        (404, "<html>", VkNotReached),
        (407, "<html>", VkNotReached),
        (429, "<html>", VkNotReached),
        (401, '{"error": {"error_code": 5, "error_msg": ""}}', VkError),
    ],
)
def test_answers_that_are_none(status: int, answer: str, kind: type[VkFailure]) -> None:
    responses.post(f"{API}/{METHOD}", status=status, body=answer)

    assert type(failure(client())) is kind


@responses.activate
@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (requests.ConnectTimeout("x"), VkNotReached),
        (requests.ReadTimeout("x"), VkNoAnswer),
        (requests.exceptions.ChunkedEncodingError("x"), VkNoAnswer),
        (requests.exceptions.SSLError("x"), VkNoAnswer),
    ],
)
def test_trouble_on_the_way(error: Exception, kind: type[VkFailure]) -> None:
    responses.post(f"{API}/{METHOD}", body=error)

    assert type(failure(client())) is kind


def test_refused_connection_was_surely_not_sent() -> None:
    with listening() as (server, api_url):
        server.close()

        assert isinstance(failure(client(api_url)), VkNotReached)


def test_unknown_host_was_surely_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    assert isinstance(failure(client("http://no-such-host.invalid/method")), VkNotReached)


def test_server_that_stays_silent_leaves_the_outcome_unknown() -> None:
    with listening() as (_, api_url):
        raised = failure(client(api_url))

    assert isinstance(raised, VkNoAnswer)
    assert raised.code == "timeout"


@pytest.mark.parametrize("api_url", [API, "http://127.0.0.1:1/method"])
def test_token_is_in_no_trace_of_a_failure(api_url: str) -> None:
    vk = client(api_url)
    raised = failure(vk)
    trace = traceback.TracebackException.from_exception(raised, capture_locals=True)

    assert TOKEN not in "".join(trace.format())
    assert TOKEN not in repr(vars(vk))


@responses.activate
def test_message_of_the_error_is_bounded() -> None:
    error = {"error_code": 100, "error_msg": "x" * 100_000}
    responses.post(f"{API}/{METHOD}", body=json.dumps({"error": error}))

    assert len(str(failure(client()))) < 500


@responses.activate
def test_every_call_waits_until_its_token_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """VK allows a community 20 calls a second, and a person 3."""
    for name in ("TOKEN", "READ_TOKEN"):
        monkeypatch.setenv(f"BRIDGE_VK_HEAD_{name}", f"{name} of the head's page")
    vk = load_channels(PROJECT / "config" / "channels.yaml", POLICIES)["vk-head"].vk_section
    paced: list[int] = []

    class Watch:
        def wait(self, allowance: Allowance) -> None:
            assert len(responses.calls) == len(paced)
            paced.append(allowance.per_second)

    responses.post(f"{vk.api_url}/{METHOD}", json={"response": 1})
    clients = VkClients.of(vk, Watch())
    assert clients.reader
    for each in (clients.community, clients.reader):
        each.call(METHOD)
    assert paced == [20, 3]
