"""A session keeps what the environment said of its address when it was made."""

import pytest
import requests

from bridge.http_environment import settle_environment

URL = "https://redmine.example"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)


def settled() -> requests.Session:
    session = requests.Session()
    settle_environment(session, URL)
    return session


def test_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")

    assert settled().proxies["https"] == "http://proxy.example:3128"


def test_address_that_the_environment_excepts_is_called_directly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "redmine.example")

    assert not settled().proxies


def test_certificates_of_the_environment_are_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/ssl/city.pem")

    assert settled().verify == "/etc/ssl/city.pem"


def test_certificates_are_checked_when_the_environment_says_nothing() -> None:
    assert settled().verify is True


def test_environment_is_not_read_again() -> None:
    assert settled().trust_env is False
