"""A ticket's way as one timeline: everything that the store knows, in its order, in Russian."""

import pytest

from bridge.admin.inbox.journey import by_day, journey, only_main
from bridge.admin.inbox.steps import Step, quoted
from bridge.admin.inbox.words import JourneyWords
from bridge.effects import EffectKind
from bridge.office import Office
from bridge.store import audit, outbox
from bridge.store.audit import Action, AuditEntry
from bridge.store.database import Store
from bridge.store.journeys import Chronicle, chronicle
from bridge.store.models import EffectState, RouteCorrectionRow, SourceRow, TicketRow
from tests.inbox_and_placement import Told, answer, fill_journey, tell
from tests.unit.admin.conftest import NOW


@pytest.fixture
def words(office: Office) -> JourneyWords:
    return JourneyWords.of(office)


def read(store: Store, ticket: int) -> Chronicle:
    with store.reading() as session:
        found = chronicle(session, ticket)
    assert found
    return found


@pytest.fixture
def told(store: Store) -> Told:
    return fill_journey(store, NOW)


@pytest.fixture
def steps(store: Store, told: Told, words: JourneyWords) -> tuple[Step, ...]:
    return journey(read(store, told.ticket), words)


def titled(steps: tuple[Step, ...], beginning: str) -> Step:
    (found,) = [step for step in steps if step.title.startswith(beginning)]
    return found


def test_the_steps_are_in_the_order_in_which_they_happened(steps: tuple[Step, ...]) -> None:
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert steps[0].title == "Сообщение появилось: ВКонтакте, страница Главы города, лента"
    assert steps[1].title == "Получено событие: ВКонтакте, страница Главы города"
    assert steps[-1].title.startswith("Ответ размещён")


@pytest.mark.parametrize(
    ("beginning", "detail"),
    [
        ("Получено событие: ВКонтакте, страница Главы города", "через 3 с после появления"),
        ("Определено, кто отвечает: Департамент дорог", "версия обученной модели: 9c1e"),
        ("Определено, кто отвечает: Департамент дорог", "уверенность: 93 %"),
        ("Карточка #1030 создана", "попыток: 2"),
        ("Вложение: не взято", "файл больше 20 МБ"),
        ("Гражданин изменил сообщение", "было: «Яма у дома 12.»"),
        ("Обход нашёл изменение", "изменено 22.11.2026 18:30"),
        ("Мост принял решение (повод: изменение в Redmine)", "поставить статус: «Размещено»"),
        ("Начался срок «Размещение ответа» (п. 3.5)", "30 мин подряд"),
        ("Остановлен срок «Размещение ответа» (п. 3.5): с опозданием", "срок был до"),
        ("Ответ размещён: ВКонтакте", "попыток: 2"),
        ("Ночная сверка: #1030", ""),
    ],
)
def test_each_step_says_what_is_known_of_it(
    steps: tuple[Step, ...], beginning: str, detail: str
) -> None:
    found = [step for step in steps if step.title.startswith(beginning)]
    assert found
    assert not detail or any(detail in each for step in found for each in step.details)


def test_a_decision_tells_what_it_took_for_granted(steps: tuple[Step, ...]) -> None:
    decision = titled(steps, "Мост принял решение")
    assert decision.details[0].startswith("принято на веру: исполнитель не назван")
    assert decision.tone == "warn"


def test_the_main_steps_are_those_that_staff_ask_for(steps: tuple[Step, ...]) -> None:
    titles = [step.title for step in only_main(steps)]
    assert any(title.startswith("Ответ размещён") for title in titles)
    assert any(title.startswith("Остановлен срок") for title in titles)
    assert not any(title.startswith(("Мост принял", "Redmine сообщил")) for title in titles)


def test_days_are_the_offices(steps: tuple[Step, ...], words: JourneyWords) -> None:
    days = by_day(steps, words)
    assert [f"{day.date:%d.%m}" for day in days] == ["22.11", "23.11"]
    assert sum(len(day.steps) for day in days) == len(steps)


def test_what_is_said_by_clause_1_3_stands_beside_the_route(
    store: Store, words: JourneyWords
) -> None:
    record = {
        "flags": ["threat"],
        "found": [{"flag": "threat", "text": "убью"}],
        "lexicon_version": "77aa",
    }
    with store.writing() as session:
        told = tell(session, 1, NOW, department=None, route={"moderation": record})
    steps = journey(read(store, told.ticket), words)
    assert titled(steps, "Отмечено по пункту 1.3").details[0] == "найдено: «убью»"
    assert titled(steps, "Определено, кто отвечает: решает куратор")


def test_a_further_system_a_correction_and_peoples_deeds_are_steps(
    store: Store, words: JourneyWords
) -> None:
    with store.writing() as session:
        told = tell(session, 1, NOW)
        first = session.get_one(SourceRow, told.source)
        values = {
            column.name: getattr(first, column.name)
            for column in SourceRow.__table__.columns
            if column.name != "id"
        }
        session.add(
            SourceRow(**{**values, "channel": "vk-administration", "external_id": "card-1"})
        )
        session.add(
            RouteCorrectionRow(
                ticket_id=told.ticket,
                proposed=["roads"],
                chosen=["housing"],
                reasons=[],
                mapping_version="3f2a",
                model_version="",
                at=NOW,
            )
        )
        entry = AuditEntry(
            NOW,
            "anna",
            Action.PLACEMENT_DROPPED,
            f"ticket:{told.ticket}",
            {"words": "Автор удалил."},
        )
        audit.record(session, entry)
    steps = journey(read(store, told.ticket), words)
    assert titled(steps, "То же сообщение известно и из системы: ВКонтакте, страница администрации")
    assert titled(steps, "Куратор решил иначе:").details == (
        "предложено было: Департамент дорог и благоустройства",
    )
    assert titled(steps, "anna: решено не размещать").details == ("пояснение: Автор удалил.",)


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (EffectState.PENDING, "Ответ ждёт отправки"),
        (EffectState.SENDING, "Ответ отправляется"),
        (EffectState.UNCERTAIN, "Ответ неизвестно, размещён ли"),
        (EffectState.FAILED, "Ответ не размещён"),
    ],
)
def test_an_answer_on_its_way_is_told_as_far_as_it_came(
    store: Store, words: JourneyWords, state: EffectState, title: str
) -> None:
    with store.writing() as session:
        told = tell(session, 1, NOW)
        answer(session, told, NOW, state, code="6", meaning="Слишком часто.")
    step = titled(journey(read(store, told.ticket), words), title)
    assert "Слишком часто." in step.details
    assert "код: 6" in step.details


@pytest.mark.parametrize(
    ("found", "told"), [(True, "найден"), (False, "не найден"), (None, "узнать не удалось")]
)
def test_a_look_that_somebody_asked_for_is_told_with_its_outcome(
    store: Store, words: JourneyWords, found: bool | None, told: str
) -> None:
    with store.writing() as session:
        ticket = tell(session, 1, NOW).ticket
        outbox.order(
            session,
            ticket_id=ticket,
            key="look:1",
            kind=EffectKind.LOOK_FOR_ANSWER,
            payload={"delivery": 1},
            now=NOW,
        )
    assert titled(journey(read(store, ticket), words), "Предстоит: проверка, виден ли ответ")
    with store.writing() as session:
        (row,) = outbox.of_kind(session, ticket, EffectKind.LOOK_FOR_ANSWER)
        outbox.finish(session, row.id, state=EffectState.DONE, now=NOW, result={"found": found})
    step = titled(journey(read(store, ticket), words), "Проверено, виден ли ответ")
    assert step.title.endswith(f": {told}")


def test_a_part_knows_its_whole_and_the_whole_its_parts(store: Store) -> None:
    with store.writing() as session:
        whole, part = tell(session, 1, NOW), tell(session, 2, NOW)
        session.get_one(TicketRow, part.ticket).parent_id = whole.ticket
    assert [row.id for row in read(store, whole.ticket).parts] == [part.ticket]
    above = read(store, part.ticket).whole
    assert above
    assert above.id == whole.ticket


def test_a_ticket_that_is_not_there_has_no_way(store: Store) -> None:
    with store.reading() as session:
        assert chronicle(session, 99) is None


def test_long_words_are_cut_between_the_marks() -> None:
    assert len(quoted("д" * 999)) == 302
    assert quoted("яма") == "«яма»"
