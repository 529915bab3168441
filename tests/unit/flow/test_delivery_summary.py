"""The outbox shows one state for all the ways that an answer takes."""

from datetime import datetime

import pytest

from bridge.flow.delivery_summary import next_parts, summarize
from bridge.store.models import DeliveryRow, EffectState
from tests.store_contract.rows import NOW, minutes

NAMES = {1: "ВКонтакте", 2: "Инцидент"}


def delivery(
    number: int,
    state: EffectState,
    source: int = 1,
    part: int = 1,
    meaning: str = "",
    at: datetime = NOW,
) -> DeliveryRow:
    done = state is EffectState.DONE
    return DeliveryRow(
        id=number,
        effect_id=1,
        source_id=source,
        part=part,
        text="Ответ.",
        state=state,
        attempts=1,
        next_attempt_at=at,
        sending_since=None,
        finished_at=None if state in (EffectState.PENDING, EffectState.SENDING) else at,
        result={"link": f"https://vk.com/{number}"} if done else {},
        code="9" if meaning else "",
        meaning=meaning,
    )


def test_the_parts_of_one_system_go_out_one_after_the_other_and_the_systems_apart() -> None:
    rows = [
        delivery(1, EffectState.DONE),
        delivery(2, EffectState.PENDING, part=2),
        delivery(3, EffectState.PENDING, part=3),
        delivery(4, EffectState.PENDING, source=2),
    ]
    assert [row.id for row in next_parts(rows)] == [2, 4]


@pytest.mark.parametrize(
    ("states", "state"),
    [
        ((EffectState.PENDING, EffectState.PENDING), EffectState.PENDING),
        ((EffectState.SENDING, EffectState.PENDING), EffectState.SENDING),
        ((EffectState.DONE, EffectState.PENDING), EffectState.SENDING),
        ((EffectState.FAILED, EffectState.PENDING), EffectState.PENDING),
        ((EffectState.DONE, EffectState.DONE), EffectState.DONE),
        ((EffectState.DONE, EffectState.FAILED), EffectState.FAILED),
        ((EffectState.UNCERTAIN, EffectState.FAILED), EffectState.UNCERTAIN),
    ],
)
def test_the_worst_end_is_the_end_and_what_has_begun_is_being_sent(
    states: tuple[EffectState, EffectState], state: EffectState
) -> None:
    rows = [delivery(number, each, source=number) for number, each in enumerate(states, 1)]
    assert summarize(rows, NAMES).state is state


def test_the_next_try_is_the_nearest_of_those_whose_turn_it_is() -> None:
    rows = [
        delivery(1, EffectState.PENDING, at=minutes(7)),
        delivery(2, EffectState.PENDING, part=2, at=minutes(1)),
        delivery(3, EffectState.PENDING, source=2, at=minutes(5), meaning="Ждём."),
    ]
    summary = summarize(rows, NAMES)
    assert (summary.next_attempt_at, summary.meaning) == (minutes(5), "Ждём.")


@pytest.mark.scenario(18)
def test_staff_read_of_each_system_how_it_stands() -> None:
    rows = [
        delivery(1, EffectState.DONE),
        delivery(2, EffectState.UNCERTAIN, part=2, meaning="Нет связи."),
        delivery(3, EffectState.FAILED, source=2, meaning="Карточка закрыта."),
    ]
    assert summarize(rows, NAMES).meaning.splitlines() == [
        "Нет связи.",
        "",
        "* ВКонтакте, часть 1 из 2: размещён (https://vk.com/1)",
        "* ВКонтакте, часть 2 из 2: неизвестно, размещён ли (Нет связи.)",
        "* Инцидент: не размещён (Карточка закрыта.)",
    ]


def test_of_one_system_and_one_part_only_the_reason_is_told() -> None:
    rows = [delivery(1, EffectState.FAILED, meaning="Комментарии закрыты.")]
    assert summarize(rows, NAMES).meaning == "Комментарии закрыты."


def test_an_answer_stands_where_its_first_part_does() -> None:
    rows = [delivery(1, EffectState.DONE), delivery(2, EffectState.DONE, part=2)]
    assert summarize(rows, NAMES).result == {"link": "https://vk.com/1"}
