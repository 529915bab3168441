"""A log line tells what happened to what; never a citizen's words, never a secret."""

import json
import logging
import os
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from pydantic import SecretStr
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from bridge.log_lines import configure_logging
from bridge.secrets import SecretReference, remember_secret
from bridge.settings import load_settings
from bridge.store.database import Store, StoreUnavailable
from bridge.store.models import MessageRow
from bridge.tracing import tracing

WORDS = "Яма у дома Сидоровой"
SECRET = 'vk1.a."very/secret"'


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Leave to other tests what they had."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def begin() -> Any:
    """A logger whose lines go where the test looks."""
    configure_logging("INFO")
    return structlog.get_logger()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_lines_of_libraries_are_as_ours(capsys: pytest.CaptureFixture[str]) -> None:
    log = begin()
    with tracing(7, ticket=3, issue=None):
        log.info("message taken in")
        logging.getLogger("rq.worker").warning("job %s is late", "j1")

    ours, theirs = lines(capsys)
    assert (ours["event"], theirs["event"]) == ("message taken in", "job j1 is late")
    assert theirs["logger"] == "rq.worker"
    for line in (ours, theirs):
        assert (line["trace"], line["ticket"]) == ("event-7", 3)
        assert "issue" not in line
        assert line["timestamp"].endswith("Z")


def test_what_was_said_of_a_message_is_not_said_of_the_next(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = begin()
    with tracing(7, ticket=3):
        log.info("one")
    log.info("another")

    assert "trace" not in lines(capsys)[1]


def test_addresses_that_libraries_trace_are_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("DEBUG")
    logging.getLogger("urllib3.connectionpool").debug("GET /poll?key=%s", "of-the-long-poll")

    assert capsys.readouterr().err == ""


def test_library_is_told_by_its_exception_and_not_by_what_that_says(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    log = begin()

    def keep() -> None:
        with store.writing() as session:
            session.execute(insert(MessageRow).values(text=WORDS))

    try:
        with pytest.raises(IntegrityError) as failed:
            keep()
        raise ExceptionGroup(WORDS, [ValueError(WORDS), failed.value]) from LookupError(WORDS)
    except ExceptionGroup:
        log.exception("job failed")
        logging.getLogger("rq.worker").exception("job failed")

    for line in lines(capsys):
        told = line["exception"]
        for name in ("LookupError", "ExceptionGroup", "ValueError", "IntegrityError", "in keep"):
            assert name in told
        assert "Яма" not in json.dumps(line, ensure_ascii=False)


def test_statement_that_fails_does_not_repeat_what_it_carried(store: Store) -> None:
    with pytest.raises(IntegrityError) as failed, store.writing() as session:
        session.execute(insert(MessageRow).values(text=WORDS))

    assert WORDS not in str(failed.value)


def test_our_own_exception_says_what_it_has_to(capsys: pytest.CaptureFixture[str]) -> None:
    log = begin()
    try:
        raise StoreUnavailable("every connection is in use")
    except StoreUnavailable:
        log.exception("poll broke")

    assert "StoreUnavailable: every connection is in use" in lines(capsys)[0]["exception"]


@pytest.mark.parametrize("shown", [SECRET, "vk1.a.%22very%2Fsecret%22"])
def test_secret_that_was_read_is_in_no_line_however_it_got_there(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, shown: str
) -> None:
    log = begin()
    monkeypatch.setenv("TEST_LOGGED_SECRET", SECRET)
    SecretReference(env="TEST_LOGGED_SECRET").read("vk.token")

    log.error("no answer", why=f"https://vk.example/?token={shown}", within=[{"it": shown}])
    logging.getLogger("urllib3").warning("retrying %s", shown)

    told = capsys.readouterr().err
    assert "very" not in told
    assert told.count("***") == 3


def test_settings_secrets_and_passwords_in_addresses_are_in_no_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    log = begin()
    monkeypatch.setattr(
        os,
        "environ",
        {
            "BRIDGE_REDMINE_KEY": "robots-own-key",
            "BRIDGE_STORE_URL": "postgresql+psycopg://bridge:store%20password@db/bridge",
            "BRIDGE_REDIS_URL": "redis://:redis-password@queue:6379/0",
        },
    )
    load_settings()

    log.error("trouble", it="robots-own-key, store password, store%20password, redis-password")

    assert lines(capsys)[0]["it"] == "***, ***, ***, ***"


def test_word_that_is_too_short_for_a_secret_does_not_garble_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = begin()
    remember_secret(SecretStr("age"))

    log.info("message taken in")

    assert lines(capsys)[0]["event"] == "message taken in"
