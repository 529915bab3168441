"""A store with open tickets as an office has them in the afternoon: late, near, far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bridge.office import Office
from bridge.sla.clocks import CURATOR, Verdict
from bridge.sla.deadlines import deadline
from bridge.sla.policy import ClockRule
from bridge.store.database import Store
from bridge.store.models import ClockRow, MessageRow, TicketRow
from tests.busy_office import add_clock, add_ticket

FEED = ("vk-head", "feed", "head-feed")
DIRECT = ("vk-head", "direct", "head-direct")
ADMINISTRATION = ("vk-administration", "feed", "administration")


@dataclass(frozen=True)
class Open:
    """One open ticket. `duties` run now, begun so many minutes ago: `answer`, 200."""

    text: str
    department: str | None
    channel: tuple[str, str, str]
    status: str
    duties: tuple[tuple[str, int], ...]
    cause: str = ""
    attention: str = ""
    late_before: str = ""


TICKETS: Sequence[Open] = (
    Open(
        "На Куйбышева, 95 у остановки «Сельхозтехникум» яма во всю полосу, пробил колесо.",
        "roads",
        FEED,
        "in_progress",
        (("answer", 310),),
        late_before="routing",
    ),
    Open(
        "Третий день нет горячей воды в доме по Юрша, 64. Управляющая отвечает «ждите».",
        "housing",
        FEED,
        "revision",
        (("revision", 260),),
        cause="3.7.3",
    ),
    Open(
        "Ответ готов и согласован, но на странице его до сих пор не видно?",
        "transport",
        DIRECT,
        "manual_placement",
        (("placement", 45),),
        attention="ВКонтакте отклонил ответ: записи, под которой он должен стоять, больше нет",
    ),
    Open(
        "Добрый день! Куда обратиться, чтобы спилили сухой тополь у садика на Холмогорской?",
        None,
        FEED,
        "new",
        (("routing", 48),),
    ),
    Open(
        "Автобус 36 ходит раз в час, зимой люди мёрзнут. Сделайте что-нибудь!!!",
        "transport",
        FEED,
        "review",
        (("placement", 12),),
    ),
    Open(
        "Почему закрыли каток в саду имени Миндовского? Дети ждали весь год.",
        "sport",
        FEED,
        "in_progress",
        (("answer", 150),),
    ),
    Open(
        "Подскажите, когда откроют бассейн в Мотовилихе и будет ли льгота для многодетных?",
        "sport",
        FEED,
        "interim_review",
        (("answer", 200), ("interim", 200)),
    ),
    Open(
        "Свалка за гаражами на Гашкова, 20. Фото прилагаю, пишу уже второй раз.",
        "ecology",
        ADMINISTRATION,
        "assigned",
        (("answer", 95),),
    ),
    Open(
        "Прошу пересмотреть размер компенсации за детский сад, документы отправляла в сентябре.",
        "education",
        DIRECT,
        "assigned",
        (("answer", 600),),
    ),
    Open(
        "Во дворе Революции, 3 не горит ни один фонарь.",
        "leninsky",
        ADMINISTRATION,
        "assigned",
        (("answer", 30),),
    ),
    Open(
        "Нужны и дорога, и освещение на улице Лядовской.",
        "roads",
        FEED,
        "approved",
        (),
    ),
)


def open_tickets(store: Store, office: Office, now: datetime) -> None:
    """Put them into the store, as they stand at `now` (UTC)."""
    with store.writing() as session:
        for each in TICKETS:
            _add(session, office, each, now)
        for number in range(40):
            _finished(session, office, now - timedelta(hours=1 + number), minutes=8 * (number % 7))


def _add(session: Session, office: Office, each: Open, now: datetime) -> None:
    channel, visibility, policy = each.channel
    begun = max((minutes for _, minutes in each.duties), default=90)
    arrived = now - timedelta(minutes=begun + 5)
    ticket = add_ticket(
        session, arrived, each.department, channel=channel, visibility=visibility, policy=policy
    )
    session.get_one(MessageRow, ticket.message_id).text = each.text
    ticket.status, ticket.attention = each.status, each.attention
    if each.late_before:
        _clock(session, office, ticket, each.late_before, arrived - timedelta(minutes=80), arrived)
    for kind, minutes in each.duties:
        clock = _clock(session, office, ticket, kind, now - timedelta(minutes=minutes))
        clock.cause = each.cause


def _finished(session: Session, office: Office, at: datetime, minutes: int) -> None:
    """One of the last days' messages, answered and placed; each duty took so many minutes."""
    ticket = add_ticket(session, at, "housing")
    ticket.closed, ticket.status = True, "placed"
    for kind in ("routing", "answer", "placement"):
        _clock(session, office, ticket, kind, at, at + timedelta(minutes=minutes))


def _clock(
    session: Session,
    office: Office,
    ticket: TicketRow,
    kind: str,
    start: datetime,
    stop: datetime | None = None,
) -> ClockRow:
    policy = office.policies.policy(ticket.policy)
    rule: ClockRule = policy.answer if kind == "interim" else getattr(policy, kind)
    term = deadline(rule, start, office.calendar)
    by_curator = kind in {"routing", "placement"}
    late = stop is not None and stop > term.due
    return add_clock(
        session,
        ticket,
        key=f"{kind}:1",
        kind=kind,
        clause="3.6" if kind == "interim" else term.clause,
        holder=CURATOR if by_curator else ticket.department,
        policy=policy.key,
        start=start,
        due=term.due,
        stop=stop,
        verdict=None if stop is None else Verdict.LATE if late else Verdict.IN_TIME,
        explanation=term.explanation,
    )
