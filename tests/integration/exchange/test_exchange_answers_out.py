"""An answer reaches the system once, whatever happens to the connection and to files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bridge.findings import State
from bridge.messages import Network, Picture, Placed, Placement
from bridge.networks.exchange_api import ExchangeClient
from bridge.networks.exchange_settings import AnswerHttp
from bridge.networks.registry import module_of
from bridge.publish.exchange_http import HttpPublisher
from bridge.publish.port import CannotLook, Publisher, PublishError, Remedy
from sandbox.exchange import ExchangeSandbox
from sandbox.exchange.api import ADD, LOOK
from sandbox.exchange.client import SandboxExchange
from sandbox.exchange.model import TOKENS, System
from sandbox.faults import Fault, FaultKind
from tests.exchange_channel import exchange_channel
from tests.outside import outside
from tests.town import eventually

ANSWER = "Здравствуйте!\n\nЯму заделают до 1 декабря «за счёт подрядчика» 😀.\n\nАдминистрация"
SHORT = (1.0, 0.3)
"""Seconds, so that a test of a silent server is quick."""


@dataclass(frozen=True)
class Case:
    """A registered card, and the way in which its answer goes out."""

    desk: SandboxExchange
    sandbox: ExchangeSandbox
    publisher: Publisher
    number: str

    def placement(self, key: str = "bridge-1-place-7", *pictures: Picture) -> Placement:
        return Placement(key, {"number": self.number, "link": ""}, ANSWER, pictures)

    def fail(self, method: str, kind: FaultKind, **fields: Any) -> None:
        self.sandbox.faults.add(Fault(method=method, kind=kind, **fields))

    def answers(self) -> list[dict[str, Any]]:
        return self.desk.answers(System.INCIDENT, self.number)

    def deliver(self) -> Placed:
        """As the flow does: what is unknown is looked up before it is sent again."""
        placement, is_unknown = self.placement(), False
        for _ in range(6):
            try:
                found = self.publisher.find(placement, datetime.now(UTC)) if is_unknown else None
                return found or self.publisher.place(placement)
            except PublishError as error:
                is_unknown = is_unknown or error.remedy is Remedy.LOOK
        raise AssertionError("not delivered")


@pytest.fixture
def http_case(desk: SandboxExchange, sandbox: ExchangeSandbox, url: str) -> Callable[..., Case]:
    def make(**settings: Any) -> Case:
        addresses = {
            "url": f"{url}/api/incident/cards/{{number}}/answers",
            "status_url": f"{url}/api/incident/answers/{{key}}",
            "token": {"env": "TEST_INCIDENT_TOKEN"},
        }
        http = AnswerHttp.model_validate(addresses | settings)
        token = http.token.read("token") if http.token else None
        publisher = HttpPublisher(
            http, ExchangeClient(http.url, token, SHORT), lambda: datetime.now(UTC)
        )
        return Case(desk, sandbox, publisher, desk.register(System.INCIDENT, "Яма"))

    return make


@pytest.mark.clause("2.1.4")
def test_answer_stands_in_the_card(http_case: Callable[..., Case]) -> None:
    case = http_case()
    placed = case.deliver()
    (answer,) = case.answers()
    assert (answer["answer"], answer["way"]) == (ANSWER, "http")
    assert placed.link == f"{case.desk.url}/incident/cards/{case.number}"


@pytest.mark.scenario(12)
@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (FaultKind.DROP_AFTER_PROCESSING, {}),
        (FaultKind.DROP_BEFORE_PROCESSING, {}),
        (FaultKind.TRUNCATED_BODY, {}),
        (FaultKind.GARBAGE, {}),
        (FaultKind.HTTP_STATUS, {"code": 500}),
        (FaultKind.HTTP_STATUS, {"code": 502}),
        (FaultKind.ERROR, {"code": 423}),
        (FaultKind.ERROR, {"code": 409}),
    ],
)
def test_answer_is_there_once_after_any_trouble(
    http_case: Callable[..., Case], kind: FaultKind, fields: dict[str, int]
) -> None:
    case = http_case()
    case.fail(ADD, kind, **fields)
    case.deliver()
    assert len(case.answers()) == 1


@pytest.mark.scenario(12)
def test_answer_still_on_its_way_when_time_was_out_is_found_and_not_sent_again(
    http_case: Callable[..., Case],
) -> None:
    case = http_case()
    case.fail(ADD, FaultKind.DELAY, seconds=0.6)
    with pytest.raises(PublishError) as failed:
        case.publisher.place(case.placement())
    assert failed.value.remedy is Remedy.LOOK
    eventually(
        lambda: case.publisher.find(case.placement(), datetime.now(UTC)), "the answer has arrived"
    )
    assert len(case.answers()) == 1


@pytest.mark.scenario(12)
def test_looking_that_fails_never_leads_to_a_second_answer(
    http_case: Callable[..., Case],
) -> None:
    case = http_case()
    case.fail(ADD, FaultKind.DROP_AFTER_PROCESSING)
    case.fail(LOOK, FaultKind.HTTP_STATUS, code=502)
    case.fail(LOOK, FaultKind.TRUNCATED_BODY)
    case.deliver()
    assert len(case.answers()) == 1


@pytest.mark.scenario(12)
def test_unknown_outcome_goes_to_a_person_where_nobody_can_look(
    http_case: Callable[..., Case],
) -> None:
    case = http_case(status_url=None)
    case.fail(ADD, FaultKind.DROP_AFTER_PROCESSING)
    with pytest.raises(PublishError) as failed:
        case.publisher.place(case.placement())
    assert failed.value.remedy is Remedy.LOOK
    with pytest.raises(CannotLook):
        case.publisher.find(case.placement(), datetime.now(UTC))


@pytest.mark.scenario(16)
def test_wrong_token_stops_the_channel(
    http_case: Callable[..., Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_INCIDENT_TOKEN", "expired")
    case = http_case()
    with pytest.raises(PublishError) as failed:
        case.publisher.place(case.placement())
    assert failed.value.remedy is Remedy.CHANNEL_DOWN
    assert "expired" not in str(failed.value)
    assert case.answers() == []


@pytest.mark.scenario(17)
def test_answer_to_a_card_that_is_gone_goes_to_a_person(http_case: Callable[..., Case]) -> None:
    case = http_case()
    case.sandbox.reset()
    with pytest.raises(PublishError) as failed:
        case.publisher.place(case.placement())
    assert failed.value.remedy is Remedy.BY_HAND


@pytest.mark.clause("3.4")
def test_pictures_reach_the_card(http_case: Callable[..., Case]) -> None:
    case = http_case(pictures=True)
    case.publisher.place(case.placement("k", Picture("после.jpg", "image/jpeg", b"jpeg")))
    assert case.answers()[0]["pictures"] == ["после.jpg"]


@pytest.fixture
def file_case(
    desk: SandboxExchange, sandbox: ExchangeSandbox, tmp_path: Path
) -> Callable[[str], Case]:
    def make(form: str = "csv") -> Case:
        desk.exchange_files(System.INCIDENT, tmp_path / "cards", tmp_path / "answers")
        files = {"folder": str(tmp_path / "answers"), "format": form}
        channel = exchange_channel(Network.INCIDENT, answers={"files": files})
        publisher = module_of(channel).publisher(channel, outside())
        return Case(desk, sandbox, publisher, desk.register(System.INCIDENT, "Яма"))

    return make


@pytest.mark.clause("2.1.4", "3.4")
@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_answer_file_is_imported_with_its_pictures(
    file_case: Callable[[str], Case], form: str
) -> None:
    case = file_case(form)
    case.publisher.place(case.placement("k", Picture("после.jpg", "image/jpeg", b"jpeg")))
    (answer,) = case.answers()
    assert (answer["answer"], answer["way"]) == (ANSWER, "file")
    assert len(answer["pictures"]) == 1


@pytest.mark.scenario(12, 19)
def test_answer_file_that_was_imported_is_not_written_again(
    file_case: Callable[[str], Case],
) -> None:
    case = file_case("csv")
    first = case.deliver()
    assert len(case.answers()) == 1
    assert case.publisher.find(case.placement(), datetime.now(UTC)) == first
    assert case.deliver() == first
    assert len(case.answers()) == 1


def test_check_of_a_well_set_up_channel_is_green(url: str, exchange: Mapping[str, Any]) -> None:
    http = {
        "url": f"{url}/api/incident/cards/{{number}}/answers",
        "status_url": f"{url}/api/incident/answers/{{key}}",
        "token": {"env": "TEST_INCIDENT_TOKEN"},
    }
    channel = exchange_channel(Network.INCIDENT, **exchange, answers={"http": http})
    findings = module_of(channel).check(channel, outside())
    assert {finding.state for finding in findings} == {State.OK}, findings


def test_check_tells_of_a_token_that_the_system_refuses(
    exchange: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_INCIDENT_TOKEN", TOKENS[System.MSS])
    channel = exchange_channel(Network.INCIDENT, **exchange)
    states = {f.name: f.state for f in module_of(channel).check(channel, outside())}
    assert states["incident: опрос карточек"] is State.FAIL
