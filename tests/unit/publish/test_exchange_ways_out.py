"""What a channel with cards can do is data, and a person is the way out where there is no other."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bridge.channels import ChannelSettings
from bridge.config.document import ConfigError
from bridge.messages import Capabilities, Network, Placement, Visibility
from bridge.networks.registry import module_of
from bridge.publish.port import CannotLook, PublishError, Remedy
from tests.exchange_channel import exchange_channel
from tests.outside import outside

URL = "http://incident.invalid/answers"


def capabilities(channel: ChannelSettings) -> Capabilities:
    return module_of(channel).capabilities(channel).by_visibility[Visibility.FEED]


@pytest.mark.clause("2.1.4")
@pytest.mark.reading(11)
def test_departments_place_answers_themselves_in_incident_and_not_in_mss() -> None:
    assert capabilities(exchange_channel(Network.INCIDENT)).self_placement
    assert not capabilities(exchange_channel(Network.MSS)).self_placement


@pytest.mark.parametrize(
    ("answers", "place", "photos", "verify"),
    [
        ({}, False, False, False),
        ({"files": {"folder": "answers"}}, True, True, True),
        ({"http": {"url": URL}}, True, False, False),
        ({"http": {"url": URL, "pictures": True}}, True, True, False),
        ({"http": {"url": URL, "status_url": URL + "/{key}"}}, True, False, True),
    ],
)
def test_capabilities_follow_from_the_way_out(
    answers: dict[str, Any], place: bool, photos: bool, verify: bool
) -> None:
    able = capabilities(exchange_channel(answers=answers))
    assert (able.place, able.photos, able.verify) == (place, photos, verify)
    assert bool(able.pictures_limit) == photos


@pytest.mark.clause("2.1.4", "3.5")
def test_answer_that_no_machine_may_write_is_handed_to_the_curator() -> None:
    channel = exchange_channel(Network.MSS)
    publisher = module_of(channel).publisher(channel, outside())
    placement = Placement("k", {"number": "17"}, "Да")
    with pytest.raises(PublishError) as failed:
        publisher.place(placement)
    assert failed.value.remedy is Remedy.BY_HAND
    for word in ("«Модуль «Мониторинг социальных сетей»»", "№ 17", "подтвердите", "заметку"):
        assert word in failed.value.meaning
    with pytest.raises(CannotLook):
        publisher.find(placement, datetime.now(UTC))


def test_each_way_out_has_its_publisher(tmp_path: Path) -> None:
    files = exchange_channel(answers={"files": {"folder": str(tmp_path)}})
    http = exchange_channel(answers={"http": {"url": URL}})
    made = [type(module_of(each).publisher(each, outside())).__name__ for each in (files, http)]
    assert made == ["FilePublisher", "HttpPublisher"]


def test_answers_go_one_way() -> None:
    with pytest.raises(ConfigError, match="keep one of the two"):
        exchange_channel(answers={"files": {"folder": "a"}, "http": {"url": URL}})


@pytest.mark.parametrize(
    ("exchange", "message"),
    [
        ({"time_zone": "Perm"}, "exchange.time_zone: .*invalid timezone"),
        ({"time_zone": "../etc"}, "exchange.time_zone"),
        ({"pull": {"url": "ftp://a.b"}}, "exchange.pull.url"),
        ({"push": {"secret": "plain"}}, "exchange.push.secret"),
        ({"push": {"secret": {"env": "A"}, "signature_header": "X Y"}}, "signature_header"),
        ({"day_begins": "9:00"}, "day_begins"),
        ({"fields": {"nomer": "Номер"}}, "exchange.fields.nomer"),
    ],
)
def test_mistake_in_the_section_is_named(exchange: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        exchange_channel(**exchange)
