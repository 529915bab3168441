"""A call's failure says whether OK may have done what was asked, and never tells a token."""

import logging
import socket
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
import responses
from pydantic import SecretStr

from bridge.networks.ok_api import (
    OkError,
    OkFailure,
    OkGraph,
    OkNoAnswer,
    OkNotReached,
    OkRestClient,
)
from bridge.networks.ok_session import OkKeys, OkSession

TOKEN = "tkn1.topsecret/+"
GRAPH = "http://ok.invalid/graph"
REST = "http://ok.invalid/fb.do"
SEND = f"{GRAPH}/me/messages/chat:C1"
SHORT = (1.0, 0.2)

Call = Callable[[], Any]


def graph(url: str = GRAPH) -> OkGraph:
    return OkGraph(url, SecretStr(TOKEN), SHORT)


def rest(url: str = REST) -> OkRestClient:
    keys = OkKeys(SecretStr("APP"), SecretStr(TOKEN), SecretStr("application-secret"))
    return OkRestClient(url, OkSession(keys), SHORT)


def send(client: OkGraph) -> Any:
    return client.post("me/messages/chat:C1", {"message": {"text": "Ответ"}})


def comment(client: OkRestClient) -> Any:
    return client.call("discussions.addDiscussionComment", comment="Ответ", entityId=5)


BOTH = pytest.mark.parametrize(
    ("url", "call"),
    [(SEND, lambda: send(graph())), (REST, lambda: comment(rest()))],
    ids=["graph", "rest"],
)


def failure(call: Call) -> OkFailure:
    with pytest.raises(OkFailure) as raised:
        call()
    return raised.value


@contextmanager
def listening() -> Iterator[tuple[socket.socket, str]]:
    """A real socket that accepts connections (into its backlog), and its address."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server, f"http://127.0.0.1:{server.getsockname()[1]}"


@responses.activate
def test_graph_call_is_json_with_the_token_in_its_address() -> None:
    answer = responses.post(SEND, json={"success": True})

    assert send(graph()) == {"success": True}

    request = answer.calls[0].request
    assert request.url == f"{SEND}?access_token=tkn1.topsecret%2F%2B"
    assert request.headers["Content-Type"] == "application/json;charset=utf-8"
    assert request.body == b'{"message": {"text": "\\u041e\\u0442\\u0432\\u0435\\u0442"}}'


@responses.activate
def test_rest_call_is_a_form_without_the_token_in_its_address() -> None:
    answer = responses.post(REST, json="id")

    assert comment(rest()) == "id"

    request = answer.calls[0].request
    assert request.url == REST
    assert responses.matchers.urlencoded_params_matcher(
        {
            "method": "discussions.addDiscussionComment",
            "comment": "Ответ",
            "entityId": "5",
            "application_key": "APP",
            "format": "json",
            "access_token": TOKEN,
            "sig": "e55a8ffe10e8bfa9207b84c58c819a81",
        }
    )(request)[0]


@responses.activate
@BOTH
@pytest.mark.parametrize(
    ("status", "body", "headers", "code"),
    [
        (200, '{"error_code": 455, "error_msg": "FRIEND : Личные слова"}', {}, 455),
        (200, '{"error_code": "455"}', {}, 455),
        (200, "", {"invocation-error": "455"}, 455),
        (200, "null", {"invocation-error": "455"}, 455),
        (403, '{"error_code": 455}', {}, 455),
        (500, '{"error_code": 455}', {"invocation-error": "455"}, 455),
    ],
)
def test_error_is_found_under_any_status(
    url: str, call: Call, status: int, body: str, headers: dict[str, str], code: int
) -> None:
    responses.post(url, status=status, body=body, headers=headers)

    raised = failure(call)

    assert isinstance(raised, OkError)
    assert raised.code == code
    assert "Личные" not in str(raised)


@responses.activate
@BOTH
@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, "<html>", OkNoAnswer),
        (200, '{"success":', OkNoAnswer),
        (200, '{"error_code": "many"}', OkNoAnswer),
        (200, '{"error_code": true}', OkNoAnswer),
        (200, "[" * 100_000, OkNoAnswer),
        (500, "", OkNoAnswer),
        (502, "<html>", OkNoAnswer),
        (302, "", OkNotReached),
        (404, "<html>", OkNotReached),
        (429, "<html>", OkNotReached),
    ],
)
def test_answers_that_are_none(
    url: str, call: Call, status: int, body: str, kind: type[OkFailure]
) -> None:
    responses.post(url, status=status, body=body)

    assert type(failure(call)) is kind


@responses.activate
@BOTH
@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (requests.ConnectTimeout("x"), OkNotReached),
        (requests.ReadTimeout("x"), OkNoAnswer),
        (requests.exceptions.ChunkedEncodingError("x"), OkNoAnswer),
        (requests.exceptions.SSLError("x"), OkNoAnswer),
    ],
)
def test_trouble_on_the_way(url: str, call: Call, error: Exception, kind: type[OkFailure]) -> None:
    responses.post(url, body=error)

    assert type(failure(call)) is kind


def test_refused_connection_was_surely_not_sent() -> None:
    with listening() as (server, url):
        server.close()

        assert isinstance(failure(lambda: send(graph(url))), OkNotReached)
        assert isinstance(failure(lambda: comment(rest(url))), OkNotReached)


def test_server_that_stays_silent_leaves_the_outcome_unknown() -> None:
    with listening() as (_, url):
        raised = failure(lambda: send(graph(url)))

    assert isinstance(raised, OkNoAnswer)
    assert raised.code == "timeout"


@pytest.mark.parametrize(
    "call",
    [
        lambda: send(graph("http://127.0.0.1:1")),
        lambda: graph("http://127.0.0.1:1").get("me/info"),
        lambda: comment(rest("http://127.0.0.1:1")),
    ],
)
def test_token_is_in_no_trace_of_a_failure(call: Call) -> None:
    raised = failure(call)
    trace = "".join(
        traceback.TracebackException.from_exception(raised, capture_locals=True).format()
    )

    assert "topsecret" not in trace


def test_token_is_not_logged_by_the_library(caplog: pytest.LogCaptureFixture) -> None:
    with listening() as (_, url), caplog.at_level(logging.DEBUG):
        failure(lambda: send(graph(url)))

    assert "topsecret" not in caplog.text
