"""Calls to OK are signed as it prescribes; an expired token is replaced without its secret."""

import pytest
from pydantic import SecretStr

from bridge.networks.ok_session import OkKeys, OkSession, signature

TOKEN = "-s-84W-s3egarWUsbkq-IWTucuedzTKT8VUXIA.s4Xx8IW7"
APPLICATION_SECRET = "ABC123DEF456GHI789JKL123"
SESSION_SECRET = "b1a2b89707a94624c43afae67d59274c"
SIGNATURE = "232c8eb921951c4dba9b72606f9ddb4c"
CALL = {"method": "events.get"}


def keys(**secrets: SecretStr) -> OkKeys:
    return OkKeys(SecretStr("ABCDEFGHIGKLMNOPK"), SecretStr(TOKEN), **secrets)


def test_published_example_is_signed_as_published() -> None:
    sent = keys(application_secret=SecretStr(APPLICATION_SECRET)).sign(CALL)

    assert sent == {
        "application_key": "ABCDEFGHIGKLMNOPK",
        "format": "json",
        "method": "events.get",
        "access_token": TOKEN,
        "sig": SIGNATURE,
    }


def test_secret_of_the_session_signs_by_itself() -> None:
    sent = keys(session_secret=SecretStr(SESSION_SECRET)).sign(CALL)

    assert sent["sig"] == SIGNATURE


def test_token_is_no_part_of_what_is_signed() -> None:
    signed = {"b": "2", "a": "1"}

    assert signature({**signed, "access_token": "x", "session_key": "y"}, "s") == signature(
        signed, "s"
    )


def test_letters_of_any_alphabet_are_signed_in_utf_8() -> None:
    assert signature({"comment": "Ответ 😀"}, "s") == "faec1a187c777805bb6e8bafb3e4eb96"


def test_renewed_token_is_sent_and_signs() -> None:
    session = OkSession(
        keys(application_secret=SecretStr(APPLICATION_SECRET)), lambda: SecretStr("renewed")
    )
    before = session.sign(CALL)

    session.renew()

    after = session.sign(CALL)
    assert after["access_token"] == "renewed"
    assert after["sig"] != before["sig"]


def test_session_without_a_refresh_token_stays_as_it_is() -> None:
    session = OkSession(keys(session_secret=SecretStr(SESSION_SECRET)))

    session.renew()

    assert not session.is_renewable
    assert session.sign(CALL)["access_token"] == TOKEN


@pytest.mark.parametrize("secret", [TOKEN, APPLICATION_SECRET])
def test_keys_are_in_no_representation(secret: str) -> None:
    assert secret not in repr(keys(application_secret=SecretStr(APPLICATION_SECRET)))
