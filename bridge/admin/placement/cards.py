"""One answer on its way to one system, as the page shows it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bridge.effects import EffectKind, to_placement
from bridge.flow.placement_hold import mark_of
from bridge.messages import Network, Visibility
from bridge.networks.canonical_links import PAGE_HOSTS
from bridge.sla.clocks import Clock
from bridge.sla.policy import ClockKind
from bridge.sla.timeline import AnswerKind
from bridge.store.models import DeliveryRow, EffectRow, EffectState
from bridge.store.outbox import OPEN_STATES
from bridge.store.placements import OnItsWay

STATES: Final[Mapping[EffectState, tuple[str, str]]] = {
    EffectState.PENDING: ("ждёт отправки", "info"),
    EffectState.SENDING: ("отправляется", "info"),
    EffectState.UNCERTAIN: ("неизвестно, размещён ли", "bad"),
    EffectState.FAILED: ("не размещён", "bad"),
    EffectState.DONE: ("размещён", "good"),
}
VISIBILITY: Final = {Visibility.FEED: "лента", Visibility.DIRECT: "личные сообщения"}

_REASONS: Final = {
    "behind": "Предыдущая часть ответа не размещена, поэтому эта не отправлялась.",
    "retracted": "Часть была размещена и снята: целиком ответ разместить не удалось.",
    "not_there": "Приём ответа не подтверждён, и на месте его нет.",
    "unknown": "Приём ответа не подтверждён. Робот сам проверит, виден ли он.",
    "": "",
}
_OWN_CODES: Final = {*_REASONS, "photos", "text"}
"""Said in words already; a network's codes are what its documentation is read for."""
_EXPECTED: Final = {
    EffectState.PENDING: "Ничего: робот отправит ответ сам. Если ждать нельзя, куратор размещает "
    "его вручную и вписывает здесь ссылку.",
    EffectState.SENDING: "Ничего: робот дождётся подтверждения или посмотрит, виден ли ответ.",
    EffectState.UNCERTAIN: "От куратора: узнать, виден ли ответ. Если виден — вписать ссылку, если "
    "нет — отправить ещё раз.",
    EffectState.FAILED: "От куратора: разместить ответ вручную и вписать ссылку; если причина "
    "устранена — отправить ещё раз; если отвечать уже некому — решить не размещать.",
    EffectState.DONE: "",
}
_LATE: Final = (
    "От куратора: внести ответ в эту систему вручную. Гражданину он уже виден, сроки не идут."
)
_LOOKED: Final = {True: "найден, ссылка записана", False: "не найден"}


@dataclass(frozen=True)
class Order:
    """What somebody ordered for the answer, and what came of it."""

    text: str
    at: datetime
    is_waiting: bool
    tone: str = "info"


@dataclass(frozen=True)
class PlacementCard:
    """All that the page shows of one part of an answer."""

    id: int
    mark: str
    ticket: int
    issue: int | None
    state: EffectState
    title: str
    tone: str
    kind: str
    system: str
    target: str
    author: str
    asked: str
    text: str
    part: int
    parts: int
    approved_at: datetime
    due: datetime | None
    attempts: int
    next_try: datetime | None
    finished_at: datetime | None
    code: str
    reason: str
    expected: str
    link: str
    is_late: bool
    needs_link: bool
    may_stand_there: bool
    orders: tuple[Order, ...]

    @property
    def has_ended(self) -> bool:
        """Whether the workers do nothing more by themselves."""
        return self.state in (EffectState.UNCERTAIN, EffectState.FAILED)

    @property
    def can_act(self) -> bool:
        """Whether a person may decide something now."""
        waits = any(order.is_waiting for order in self.orders)
        return not waits and (self.has_ended or self.state == EffectState.PENDING)

    @property
    def can_look(self) -> bool:
        """Whether there is anything that could be there."""
        return self.has_ended and bool(self.text)


@dataclass(frozen=True)
class Surroundings:
    """What belongs to the answers of a page: by effect, by ticket, and the systems' names."""

    deliveries: Mapping[int, Sequence[DeliveryRow]]
    clocks: Mapping[int, Sequence[Clock]]
    orders: Mapping[int, Sequence[EffectRow]]
    titles: Mapping[str, str]


def card_of(way: OnItsWay, around: Surroundings) -> PlacementCard:
    """The answer as it is shown."""
    row, state = way.delivery, EffectState(way.delivery.state)
    title, tone = STATES[state]
    rows = around.deliveries.get(row.effect_id, (row,))
    siblings = [other for other in rows if other.source_id == row.source_id]
    is_feed = way.source.visibility == Visibility.FEED
    has_pages = Network(way.source.network) in PAGE_HOSTS
    channel = around.titles.get(way.source.channel, way.source.channel)
    kind = to_placement(way.effect.payload).kind
    return PlacementCard(
        id=row.id,
        mark=mark_of(row),
        ticket=way.ticket.id,
        issue=way.ticket.issue_id,
        state=state,
        title=title,
        tone=tone,
        kind="промежуточный ответ" if kind is AnswerKind.INTERIM else "ответ",
        system=f"{channel}, {VISIBILITY[Visibility(way.source.visibility)]}",
        target=way.source.link,
        author=way.message.author_name,
        asked=way.message.text,
        text=row.text or to_placement(way.effect.payload).text,
        part=row.part,
        parts=len(siblings),
        approved_at=_to_the_minute(way.effect.created_at),
        due=_due(around.clocks.get(way.ticket.id, ())),
        attempts=row.attempts,
        next_try=_to_the_minute(row.next_attempt_at) if state in OPEN_STATES else None,
        finished_at=_to_the_minute(row.finished_at) if row.finished_at else None,
        code="" if row.code in _OWN_CODES else row.code,
        reason=reason_of(row),
        expected=_LATE if way.is_late and state in _ENDED else _EXPECTED[state],
        link=row.result.get("link", ""),
        is_late=way.is_late,
        needs_link=is_feed and has_pages,
        may_stand_there=_may_stand_there(rows, siblings),
        orders=tuple(_orders(way, around.orders.get(way.ticket.id, ()))),
    )


_ENDED: Final = (EffectState.UNCERTAIN, EffectState.FAILED)


def _to_the_minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)


def reason_of(row: DeliveryRow) -> str:
    """Why it is not there (yet), in plain Russian."""
    if row.state == EffectState.DONE:
        return ""
    if row.meaning:
        return row.meaning
    usual = f"Прошлая попытка не удалась (код: {row.code}). Робот повторит её сам."
    return _REASONS.get(row.code, usual)


def _due(clocks: Sequence[Clock]) -> datetime | None:
    """The end of the placement term that runs (3.5)."""
    running = [each.due for each in clocks if each.kind is ClockKind.PLACEMENT and each.running]
    return running[-1] if running else None


def _may_stand_there(rows: Sequence[DeliveryRow], siblings: Sequence[DeliveryRow]) -> bool:
    unsure = any(row.state == EffectState.UNCERTAIN for row in rows)
    done = sum(row.state == EffectState.DONE for row in siblings)
    return unsure or 0 < done < len(siblings)


def _orders(way: OnItsWay, orders: Sequence[EffectRow]) -> Iterator[Order]:
    for row in orders:
        if row.kind == EffectKind.LOOK_FOR_ANSWER:
            if row.payload["delivery"] == way.delivery.id:
                yield _look(row)
        elif _is_of(row, way.effect) and row.state != EffectState.DONE:
            yield _update(row)


def _is_of(order: EffectRow, answer: EffectRow) -> bool:
    _, _, about, *_ = *order.key.split(":"), "", ""
    return about == str(answer.id)


def _look(row: EffectRow) -> Order:
    at = row.finished_at or row.created_at
    if row.state in OPEN_STATES:
        return Order("Поручено проверить, виден ли ответ", at, is_waiting=True)
    found = row.result.get("found")
    if found is None:
        return Order(f"Проверить не удалось: {row.meaning}", at, is_waiting=False, tone="warn")
    return Order(f"Робот проверил: ответ {_LOOKED[found]}", at, is_waiting=False)


def _update(row: EffectRow) -> Order:
    at = row.finished_at or row.created_at
    if row.state in OPEN_STATES:
        return Order("Решение записывается в карточку", at, is_waiting=True)
    return Order(f"Решение в карточку не записано: {row.meaning}", at, False, "warn")
