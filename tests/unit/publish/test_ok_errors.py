"""Each of OK's errors leads to the right remedy, and staff are told what it means."""

import pytest

from bridge.ingest.ok_polling import polling_failed
from bridge.networks.ok_api import OkError, OkFailure, OkNoAnswer, OkNotReached
from bridge.networks.ok_codes import NOT_THERE, TOKEN_REFUSED
from bridge.publish.ok_errors import (
    ERROR_CLASSES,
    looking_failed,
    placing_failed,
    preparing_failed,
)
from bridge.publish.port import CannotLook, PublishError, Remedy

RETRY, PAUSE, DOWN, BY_HAND, LOOK = (
    Remedy.RETRY,
    Remedy.PAUSE,
    Remedy.CHANNEL_DOWN,
    Remedy.BY_HAND,
    Remedy.LOOK,
)
REMEDIES = {
    2: RETRY,
    **dict.fromkeys((7, 8, 11), PAUSE),
    **dict.fromkeys((9, 10, 101, 102, 103, 104, 200, 210, 451, 453, 514), DOWN),
    **dict.fromkeys((1, 30, 31, 5000, 9999), LOOK),
    **dict.fromkeys((3, 4, 22, 23, 24, 50, 100, 106, 140, 141, 160, 300), BY_HAND),
    **dict.fromkeys((454, 455, 456, 457, 458, 511, 600, 601, 1200, 2001), BY_HAND),
    **dict.fromkeys((500, 501, 502, 503, 504, 505), BY_HAND),
    **dict.fromkeys((700, 701, 702, 704, 705, 706), BY_HAND),
}


def test_table_has_exactly_the_documented_codes() -> None:
    assert set(ERROR_CLASSES) == set(REMEDIES)


@pytest.mark.parametrize(("code", "remedy"), REMEDIES.items())
def test_code_leads_to_its_remedy_and_says_so_in_russian(code: int, remedy: Remedy) -> None:
    error = placing_failed(OkError("method", code, "NAME"))

    assert (error.remedy, error.code) == (remedy, str(code))
    assert error.meaning.endswith(f"(код: {code})")
    assert not set("abcdefghijklmnopqrstuvwxyz") & set(
        error.meaning.partition("(код")[0].replace("api-support@ok.ru", "")
    ) or remedy in {DOWN, BY_HAND}


def test_unknown_code_is_tried_again() -> None:
    assert placing_failed(OkError("method", 12345)).remedy is RETRY


@pytest.mark.scenario(12)
@pytest.mark.parametrize(
    ("failure", "remedy"),
    [(OkNotReached("m", "connection"), RETRY), (OkNoAnswer("m", "timeout"), LOOK)],
)
def test_silence_is_an_unknown_outcome_only_when_something_was_sent(
    failure: OkFailure, remedy: Remedy
) -> None:
    assert placing_failed(failure).remedy is remedy


@pytest.mark.parametrize("failure", [OkNoAnswer("m", "timeout"), OkError("m", 9999)])
def test_what_failed_before_the_answer_was_sent_is_tried_again(failure: OkFailure) -> None:
    assert preparing_failed(failure).remedy is RETRY


def test_refused_picture_is_for_a_person() -> None:
    assert preparing_failed(OkError("m", 500)).remedy is BY_HAND


@pytest.mark.parametrize(
    ("failure", "remedy"),
    [
        (OkNoAnswer("m", "timeout"), RETRY),
        (OkNotReached("m", "connection"), RETRY),
        (OkError("m", 9999), RETRY),
        (OkError("m", 2), RETRY),
        (OkError("m", 8), PAUSE),
    ],
)
def test_looking_that_failed_may_be_repeated(failure: OkFailure, remedy: Remedy) -> None:
    error = looking_failed(failure)

    assert isinstance(error, PublishError)
    assert error.remedy is remedy


@pytest.mark.parametrize("code", [3, 10, 103, 300])
def test_looking_that_will_never_work_says_so(code: int) -> None:
    assert isinstance(looking_failed(OkError("m", code)), CannotLook)


@pytest.mark.scenario(16)
def test_codes_that_stop_placing_are_those_that_stop_polling() -> None:
    down = {code for code, remedy in REMEDIES.items() if remedy is DOWN}

    assert down == TOKEN_REFUSED
    assert {code for code in REMEDIES if polling_failed(OkError("m", code)).down} == down
    assert not polling_failed(OkNoAnswer("m", "timeout")).down


def test_what_is_gone_is_never_a_trouble_of_the_channel() -> None:
    assert {REMEDIES[code] for code in NOT_THERE} == {BY_HAND}
