"""OK's webhook at the real edge: the secret address, the sender behind a proxy, doubles."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from werkzeug.test import TestResponse

from bridge.office import Office
from bridge.settings import Settings
from bridge.store.database import Store
from bridge.web.app import Edge, make_app
from bridge.web.metrics import Metrics

NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
PATH = "/hooks/ok/ok-administration/secret-part"
SENDER = "217.20.145.195"
MESSAGE = {
    "sender": {"user_id": "user:123"},
    "recipient": {"chat_id": "chat:C3e"},
    "message": {"text": "снег", "mid": "mid:C3e.15c"},
    "timestamp": 1795440600000,
}


class NoHints:
    """Takes hints and gives them to nobody."""

    def event(self, event_id: int) -> None:
        """Nothing."""


Send = Callable[..., TestResponse]


@pytest.fixture
def sending(office: Office, file: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Any]:
    """Opens the edge behind so many proxies, and gives what sends to it."""
    monkeypatch.setenv("BRIDGE_OK_ADMINISTRATION_WEBHOOK_KEY", "secret-part")

    @contextmanager
    def open_edge(proxies: int) -> Iterator[Send]:
        settings = Settings(
            redmine_webhook_secret=SecretStr("webhook-secret"),
            trusted_proxies=proxies,
            callback_limit=4096,
        )
        with closing(Store(f"sqlite:///{file}")) as store:
            edge = Edge(
                settings, office, store, NoHints(), Metrics(store, lambda: NOW), lambda: NOW
            )
            client = make_app(edge).test_client()

            def send(
                path: str = PATH, body: bytes = b"", peer: str = SENDER, forwarded: str = ""
            ) -> TestResponse:
                return client.post(
                    path,
                    data=body or json.dumps(MESSAGE),
                    headers={"X-Forwarded-For": forwarded} if forwarded else {},
                    environ_base={"REMOTE_ADDR": peer},
                )

            yield send

    return open_edge


def test_message_is_stored_and_acknowledged(sending: Any) -> None:
    with sending(0) as send:
        assert send().status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/hooks/ok/ok-administration",
        "/hooks/ok/ok-administration/wrong",
        "/hooks/ok/ok-head/secret-part",
        "/hooks/vk/ok-administration/secret-part",
    ],
)
def test_wrong_address_is_not_let_in(sending: Any, path: str) -> None:
    with sending(0) as send:
        assert send(path=path).status_code in {403, 404, 503}


def test_stranger_who_claims_to_be_forwarded_is_not_believed(sending: Any) -> None:
    with sending(0) as send:
        assert send(peer="203.0.113.9", forwarded=SENDER).status_code == 403


def test_sender_behind_the_proxy_is_the_one_it_names(sending: Any) -> None:
    with sending(1) as send:
        assert send(peer="127.0.0.1", forwarded=SENDER).status_code == 200
        assert send(peer="127.0.0.1", forwarded="203.0.113.9").status_code == 403


def test_what_the_caller_puts_before_the_proxys_word_is_not_believed(sending: Any) -> None:
    with sending(1) as send:
        assert send(peer="127.0.0.1", forwarded=f"{SENDER}, 203.0.113.9").status_code == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"x" * 5000, 413), (b"\xff", 400), (b"[]", 400), (b'{"a":\x00}', 400), (b"{}", 200)],
)
def test_odd_bodies_never_break_the_edge(sending: Any, body: bytes, status: int) -> None:
    with sending(0) as send:
        assert send(body=body).status_code == status
