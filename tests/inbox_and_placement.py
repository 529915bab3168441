"""A store for the pages of placement and of the inbox: answers in every state, events of each kind.

The texts are as citizens write them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from bridge.effects import CREATE_KEY, EffectKind
from bridge.sla.clocks import Verdict
from bridge.sla.policy import ClockKind
from bridge.store.database import Store
from bridge.store.models import (
    AdditionRow,
    AttachmentRow,
    AttachmentState,
    ClockRow,
    DecisionRow,
    DeliveryRow,
    EffectRow,
    EffectState,
    EventState,
    InboxEvent,
    MessageRow,
    NightlyDifferenceRow,
    NightlyRunRow,
    NumberRow,
    RepairRow,
    SourceRow,
    TicketRow,
)

MESSAGES: Final = (
    (
        "Анна Петрова",
        "На Ленина у дома 12 огромная яма, вчера оставила там колесо. Когда заделаете?",
    ),
    ("Сергей Кузнецов", "Третий день не вывозят мусор с площадки на Пушкина, 40. Крысы бегают."),
    (
        "Мария Соколова",
        "Почему 14-й автобус ходит раз в час? На остановке стоим по 40 минут с детьми.",
    ),
    ("Олег Н.", "Во дворе Мира, 8 не горит ни один фонарь, вечером страшно ходить."),
    ("Галина Ивановна", "Спасибо, снег почистили! Но на тротуаре у школы 32 лёд, дети падают."),
    ("Дмитрий Орлов", "Светофор на Попова — Революции мигает жёлтым с утра, чудом не столкнулись."),
)
ANSWER: Final = (
    "Здравствуйте! Ремонт покрытия на этом участке включён в план, работы выполнит подрядчик "
    "до 1 декабря. Контроль за исполнением — у департамента дорог."
)


@dataclass(frozen=True)
class Told:
    """A message's rows."""

    event: int
    message: int
    source: int
    ticket: int


def tell(session: Session, number: int, at: datetime, **ticket: Any) -> Told:
    """A citizen's message with its ticket, as intake leaves them."""
    name, text = MESSAGES[number % len(MESSAGES)]
    event = InboxEvent(
        source="vk-head",
        external_id=f"event-{number}",
        kind="wall_reply_new",
        body=b'{"type": "wall_reply_new", "object": {"text": "\xd0\xaf\xd0\xbc\xd0\xb0"}}',
        received_at=at + timedelta(seconds=3),
        state=EventState.PROCESSED,
        attempts=1,
        finished_at=at + timedelta(seconds=4),
    )
    session.add(event)
    session.flush()
    common = {
        "inbox_event_id": event.id,
        "channel": "vk-head",
        "network": "vk",
        "visibility": "feed",
        "external_id": f"wall-1_2_r{number}",
        "link": f"https://vk.com/wall-1_2?reply={number}",
        "address": {"owner_id": -1, "post_id": 2, "comment_id": number},
        "posted_at": at,
        "received_at": at + timedelta(seconds=3),
    }
    message = MessageRow(
        **common,
        author_id=str(500 + number),
        author_name=name,
        author_link=f"https://vk.com/id{500 + number}",
        text=text,
        attachments=[],
    )
    session.add(message)
    session.flush()
    source = SourceRow(**common, message_id=message.id)
    row = TicketRow(
        **{
            "message_id": message.id,
            "external_number": f"vk:feed:wall-1_2_r{number}",
            "department": "roads",
            "route": {
                "departments": ["roads"],
                "confidence": 0.93,
                "mapping_version": "3f2a",
                "model_version": "9c1e",
                "explanation": "Подразделение: Департамент дорог (по словам «яма»).",
            },
            "policy": "head-feed",
            "issue_id": 1000 + number,
            "created_at": at + timedelta(seconds=4),
            "status": "manual_placement",
            **ticket,
        }
    )
    session.add_all((source, row, NumberRow(number=row.external_number, message_id=message.id)))
    session.flush()
    return Told(event.id, message.id, source.id, row.id)


def answer(session: Session, told: Told, at: datetime, state: EffectState, **more: Any) -> int:
    """An approved answer of the ticket, as far as it has come; the delivery's id."""
    ended = None if state in (EffectState.PENDING, EffectState.SENDING) else at
    key = more.pop("key", f"place:{told.ticket * 10}")
    text = more.pop("text", ANSWER)
    payload = {"key": key, "approval": told.ticket * 10, "text": text, **more.pop("payload", {})}
    effect = EffectRow(
        ticket_id=told.ticket,
        key=key,
        kind=EffectKind.PLACE_ANSWER,
        channel="vk-head",
        payload=payload,
        state=state,
        created_at=at - timedelta(minutes=5),
        next_attempt_at=at,
        finished_at=ended,
        result={},
    )
    session.add(effect)
    session.flush()
    values: dict[str, Any] = {
        "source_id": told.source,
        "part": 1,
        "text": text,
        "attempts": 1,
        "next_attempt_at": at,
        "sending_since": at,
        "finished_at": ended,
        "result": {},
        "code": "",
        "meaning": "",
        **more,
    }
    delivery = DeliveryRow(effect_id=effect.id, state=state, **values)
    session.add(delivery)
    session.flush()
    return delivery.id


def term(session: Session, ticket: int, start: datetime, **more: Any) -> None:
    """The placement term of a ticket, which runs."""
    values: dict[str, Any] = {
        "key": "placement:1",
        "kind": ClockKind.PLACEMENT,
        "clause": "3.5",
        "holder": "curator",
        "policy": "head-feed",
        "policy_version": "p1",
        "calendar_version": "c1",
        "start": start,
        "due": start + timedelta(minutes=30),
        "stop": None,
        "verdict": None,
        "explanation": "30 мин подряд",
        **more,
    }
    session.add(ClockRow(ticket_id=ticket, **values))


def fill_placements(store: Store, now: datetime) -> dict[str, int]:
    """One answer in each state, and what else the page lists; the deliveries' ids by name."""
    found: dict[str, int] = {}
    with store.writing() as session:
        told = tell(session, 1, now - timedelta(hours=3))
        found["failed"] = answer(
            session,
            told,
            now - timedelta(minutes=20),
            EffectState.FAILED,
            code="213",
            text="Сергей, здравствуйте! Площадку на Пушкина, 40 очистят сегодня до 20:00, "
            "перевозчику выдано предписание.",
            meaning="Комментарии под этой записью закрыты. Разместите ответ вручную или закройте "
            "сообщение без ответа. (код: 213)",
        )
        term(session, told.ticket, now - timedelta(minutes=40))
        told = tell(session, 2, now - timedelta(hours=2))
        found["uncertain"] = answer(
            session,
            told,
            now - timedelta(minutes=12),
            EffectState.UNCERTAIN,
            code="unknown",
            meaning="Приём ответа не подтверждён, а проверить, виден ли он, не удалось.",
            text="Мария, здравствуйте! С понедельника на маршруте № 14 добавят два автобуса, "
            "интервал сократится до 25 минут.",
        )
        term(session, told.ticket, now - timedelta(minutes=17))
        told = tell(session, 3, now - timedelta(hours=1), status="approved")
        found["waiting"] = answer(
            session,
            told,
            now + timedelta(minutes=2),
            EffectState.PENDING,
            code="6",
            attempts=2,
            text="Здравствуйте, Олег! Фонари во дворе включат сегодня вечером, обрыв устранён.",
        )
        term(session, told.ticket, now - timedelta(minutes=8))
        told = tell(session, 4, now - timedelta(hours=1), status="approved")
        found["sending"] = answer(session, told, now, EffectState.SENDING)
        told = tell(session, 5, now - timedelta(hours=9), status="placed", closed=True)
        link = {"link": "https://vk.com/wall-1_2?reply=905", "external_id": "905"}
        found["done"] = answer(
            session, told, now - timedelta(hours=6), EffectState.DONE, result=link
        )
        found["late"] = _late(session, told, now)
        told = tell(session, 6, now - timedelta(hours=5))
        tell(
            session,
            7,
            now - timedelta(hours=4),
            status="new",
            issue_id=None,
            attention="Redmine отказал: 422 Трекер не может быть пустым",
            attempts=7,
            look_at=now + timedelta(minutes=4),
        )
    return found


def _late(session: Session, told: Told, now: datetime) -> int:
    """The same message came by a card when its answer stood already, and the card is closed."""
    event = InboxEvent(
        source="vk-administration",
        external_id="card:15",
        kind="card",
        body=b"{}",
        received_at=now - timedelta(hours=2),
        state=EventState.PROCESSED,
        attempts=1,
        finished_at=now - timedelta(hours=2),
    )
    session.add(event)
    session.flush()
    source = SourceRow(
        message_id=told.message,
        inbox_event_id=event.id,
        channel="vk-administration",
        network="incident",
        visibility="feed",
        external_id="card-15",
        link="https://incident.invalid/cards/15",
        address={"number": "15"},
        posted_at=now - timedelta(hours=2),
        received_at=now - timedelta(hours=2),
    )
    session.add(source)
    session.flush()
    late = Told(event.id, told.message, source.id, told.ticket)
    return answer(
        session,
        late,
        now - timedelta(hours=1),
        EffectState.FAILED,
        key=f"place:{told.ticket * 10}:source-{source.id}",
        payload={"only_source": source.id},
        code="410",
        meaning="Карточка в системе удалена или закрыта. Внесите ответ в систему вручную.",
    )


def fill_journey(store: Store, now: datetime) -> Told:
    """A ticket that has been through everything."""
    with store.writing() as session:
        at = now - timedelta(days=1, hours=2)
        told = tell(session, 30, at, status="placed", closed=True)
        _work(session, told, at)
        _trouble(session, told, at)
        answer(
            session,
            told,
            now - timedelta(minutes=30),
            EffectState.DONE,
            attempts=2,
            result={"link": "https://vk.com/wall-1_2?reply=930", "external_id": "930"},
        )
        return told


def _work(session: Session, told: Told, at: datetime) -> None:
    created = EffectRow(
        ticket_id=told.ticket,
        key=CREATE_KEY,
        kind=EffectKind.CREATE_TICKET,
        channel=None,
        payload={},
        state=EffectState.DONE,
        attempts=2,
        created_at=at + timedelta(seconds=4),
        next_attempt_at=at,
        finished_at=at + timedelta(seconds=9),
        result={"issue": 1030},
    )
    placed = EffectRow(
        ticket_id=told.ticket,
        key="placed:300",
        kind=EffectKind.UPDATE_TICKET,
        channel=None,
        payload={
            "key": "placed:300",
            "status": "placed",
            "fields": {"answer_link": "x"},
            "due_date": None,
            "note": None,
        },
        state=EffectState.DONE,
        attempts=1,
        created_at=at + timedelta(hours=25),
        next_attempt_at=at,
        finished_at=at + timedelta(hours=25, seconds=2),
        result={},
    )
    decision = DecisionRow(
        ticket_id=told.ticket,
        at=at + timedelta(hours=25),
        trigger="webhook",
        journal_id=77,
        summary={
            "effects": ["placed:300"],
            "clocks": {},
            "assumptions": [
                {
                    "key": "without_department",
                    "journal_id": 77,
                    "words": "исполнитель не назван или не из справочника: его срок не "
                    "отсчитывается",
                }
            ],
        },
    )
    webhook = InboxEvent(
        source="helpdesk",
        external_id="journal:77",
        kind="issue.updated",
        body=b"{}",
        received_at=at + timedelta(hours=24, minutes=59),
        state=EventState.PROCESSED,
        attempts=1,
        finished_at=at + timedelta(hours=25),
    )
    session.add_all((created, placed, decision, webhook))
    term(
        session,
        told.ticket,
        at + timedelta(hours=24),
        stop=at + timedelta(hours=25),
        verdict=Verdict.LATE,
    )


def _trouble(session: Session, told: Told, at: datetime) -> None:
    event = InboxEvent(
        source="vk-head",
        external_id="edit-30",
        kind="wall_reply_edit",
        body=b"{}",
        received_at=at + timedelta(hours=1),
        state=EventState.PROCESSED,
        attempts=1,
        finished_at=at + timedelta(hours=1),
    )
    run = NightlyRunRow(started_at=at, since=at, finished_at=at)
    session.add_all((event, run))
    session.flush()
    session.add_all(
        (
            AdditionRow(
                ticket_id=told.ticket,
                message_id=told.message,
                inbox_event_id=event.id,
                kind="edited",
                at=at + timedelta(hours=1),
                text="И ещё одна яма у дома 14.",
                text_before="Яма у дома 12.",
            ),
            AttachmentRow(
                message_id=told.message,
                kind="photo",
                url="https://vk.com/photo1",
                title="Яма",
                state=AttachmentState.REFUSED,
                reason="файл больше 20 МБ",
                attempts=3,
                next_attempt_at=at,
                at=at,
            ),
            RepairRow(
                ticket_id=told.ticket,
                at=at + timedelta(hours=3),
                changed_at=at + timedelta(hours=2),
            ),
            NightlyDifferenceRow(
                run_id=run.id,
                ticket_id=told.ticket,
                at=at + timedelta(hours=9),
                side="helpdesk",
                what="status",
                was="new",
                became="assigned",
                cause="edited_by_hand",
                outcome="mended",
            ),
        )
    )


def fill_events(store: Store, now: datetime) -> dict[str, int]:
    """Events that are no messages; their ids by name."""
    with store.writing() as session:
        unreadable = InboxEvent(
            source="vk-head",
            external_id="broken-1",
            kind="wall_reply_new",
            body=b'{"object": {"text": "<script>alert(1)</script>"',
            received_at=now - timedelta(minutes=3),
            state=EventState.UNREADABLE,
            reason="object.from_id: нет обязательного поля",
            attempts=1,
            finished_at=now - timedelta(minutes=3),
        )
        known = InboxEvent(
            source="vk-head",
            external_id="again-1",
            kind="wall_reply_new",
            body=b"{}",
            received_at=now - timedelta(minutes=2),
            state=EventState.SET_ASIDE,
            reason="known",
            attempts=1,
            finished_at=now - timedelta(minutes=2),
        )
        session.add_all((unreadable, known))
        session.flush()
        return {"unreadable": unreadable.id, "known": known.id}
