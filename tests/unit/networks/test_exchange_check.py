"""`bridge check` of a channel with cards: what is wrong, and what to do about it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import responses

from bridge.findings import State
from bridge.networks.exchange_check import check
from tests.exchange_channel import exchange_channel
from tests.outside import NOWHERE

CALLBACK = "https://bridge.example/hooks/incident/incident"
URL = "http://incident.invalid/cards"


def found(data: Path = NOWHERE, **exchange: Any) -> dict[str, tuple[State, str, str]]:
    findings = check(exchange_channel(**exchange), CALLBACK, data)
    return {each.name: (each.state, each.text, each.remedy) for each in findings}


@pytest.fixture
def far_side() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def test_shipped_way_is_fit_before_anything_is_set_up(tmp_path: Path) -> None:
    findings = found(
        tmp_path, files={"folder": "e/cards"}, answers={"files": {"folder": "e/answers"}}
    )
    assert {state for state, _, _ in findings.values()} == {State.OK}
    assert list(tmp_path.iterdir()) == []


def test_file_in_the_place_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "cards").write_text("")
    state, text, remedy = found(files={"folder": str(tmp_path / "cards")})[
        "incident: папка выгрузок"
    ]
    assert state is State.FAIL
    assert "не папка" in text
    assert remedy


def test_one_folder_for_both_directions_is_refused(tmp_path: Path) -> None:
    folder = {"folder": str(tmp_path)}
    state, _, remedy = found(files=folder, answers={"files": folder})["incident: папки"]
    assert state is State.FAIL
    assert "разные папки" in remedy


def test_missing_secret_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_ABSENT", raising=False)
    secret = {"env": "TEST_ABSENT"}
    findings = found(
        push={"secret": secret},
        pull={"url": URL, "token": secret},
        answers={"http": {"url": URL, "token": secret}},
    )
    assert len(findings) == 3
    for state, text, _ in findings.values():
        assert state is State.FAIL
        assert "TEST_ABSENT" in text


def test_address_for_the_systems_webhook_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_PUSH_SECRET", "secret-of-the-system")
    state, text, _ = found(push={"secret": {"env": "TEST_PUSH_SECRET"}})["incident: приём карточек"]
    assert state is State.OK
    assert CALLBACK in text
    assert "secret-of-the-system" not in text


@pytest.mark.parametrize(
    ("answer", "state", "told"),
    [
        ({"json": []}, State.OK, "отвечает"),
        ({"status": 401}, State.FAIL, "не приняла ключ"),
        ({"status": 404}, State.FAIL, "код 404"),
        ({"body": "<html>"}, State.FAIL, "не списком"),
        ({"body": requests.exceptions.ConnectTimeout()}, State.FAIL, "Нет связи"),
    ],
)
def test_polled_address_must_answer(
    far_side: responses.RequestsMock, answer: dict[str, Any], state: State, told: str
) -> None:
    far_side.get(URL, **answer)
    finding = found(pull={"url": URL})["incident: опрос карточек"]
    assert finding[0] is state
    assert told in finding[1]
    assert bool(finding[2]) == (state is State.FAIL)


def test_answers_that_cannot_be_looked_up_are_a_warning(far_side: responses.RequestsMock) -> None:
    far_side.get("http://incident.invalid/cards/0/answers", status=405)
    answers = {"http": {"url": URL + "/{number}/answers"}}
    assert found(answers=answers)["incident: ответы"][0] is State.WARN
    answers["http"]["status_url"] = URL + "/{key}"
    assert found(answers=answers)["incident: ответы"][0] is State.OK


def test_channel_without_a_way_in_is_a_warning_and_by_hand_is_none() -> None:
    findings = found()
    assert findings["incident: карточки"][0] is State.WARN
    assert findings["incident: ответы"][0] is State.OK
