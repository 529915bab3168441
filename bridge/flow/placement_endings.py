"""«Размещено вручную» and «Не размещать»: a person ends what the bridge cannot (2.1.4, 3.5).

A message is to be answered. An answer is dropped where nobody can read it any more or the citizen
has it already, with a reason that the ticket tells; the ticket's clocks go on as its status says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from bridge.effects import to_placement
from bridge.flow.ordered_updates import OrderedUpdate, order_update
from bridge.flow.placement_hold import Held, NotDone, Orderer, PlacementDesk, Seen
from bridge.messages import Network, Visibility
from bridge.networks.canonical_links import PAGE_HOSTS
from bridge.sla.effects import Note
from bridge.sla.field_moments import field_moment
from bridge.sla.policy import ClockKind
from bridge.sla.timeline import AnswerKind, Status
from bridge.store import clocks, deliveries, placements
from bridge.store.audit import Action
from bridge.store.models import EffectState

LONGEST_LINK: Final = 1000
LONGEST_REASON: Final = 500

_ENDED: Final = (EffectState.PENDING, EffectState.FAILED, EffectState.UNCERTAIN)
_BEFORE_PLACEMENT: Final = (
    Status.REVIEW,
    Status.APPROVED,
    Status.INTERIM_REVIEW,
    Status.INTERIM_APPROVED,
    Status.MANUAL_PLACEMENT,
)


class DropReason(StrEnum):
    """Why an answer is not placed."""

    DELETED = "deleted"
    ANSWERED = "answered"
    OTHER = "other"


DROP_REASONS: Final[Mapping[DropReason, str]] = {
    DropReason.DELETED: "сообщение удалено",
    DropReason.ANSWERED: "ответ уже дан иначе",
    DropReason.OTHER: "другая причина",
}
_CLOSING: Final = {
    DropReason.DELETED: Status.WITHDRAWN,
    DropReason.ANSWERED: Status.NO_ANSWER_NEEDED,
    DropReason.OTHER: Status.NO_ANSWER_NEEDED,
}


@dataclass(frozen=True)
class PlacementEndings:
    """What ends an answer's way without the bridge."""

    desk: PlacementDesk

    def by_hand(self, seen: Seen, by: Orderer, link: str) -> str:
        """It is placed, by a person; what was done, in Russian. Raises `NotDone`."""
        with self.desk.holding(seen, by, _ENDED) as held:
            _check_link(held, link)
            result = {"link": link, "external_id": ""}
            for row in held.left:
                deliveries.finish(
                    held.session, row.id, state=EffectState.DONE, now=held.now, result=result
                )
            held.show()
            values = {"link": link, "where": held.system, **self._who(held)}
            self._tell(held, "by-hand", OrderedUpdate(Note("placed_by_hand", values)))
            held.record(Action.PLACED_BY_HAND, link=link)
        return "Записано: ответ размещён вручную."

    def drop(self, seen: Seen, by: Orderer, reason: DropReason, words: str) -> str:
        """It is not to be placed there; what was done. Raises `NotDone`."""
        if reason is DropReason.OTHER and not words:
            raise NotDone("Назовите причину своими словами: она останется в карточке.")
        with self.desk.holding(seen, by, _ENDED) as held:
            why = "; ".join(each for each in (_named(reason), words) if each)
            for row in held.left:
                deliveries.finish(
                    held.session,
                    row.id,
                    state=EffectState.FAILED,
                    now=held.now,
                    code=deliveries.DROPPED,
                    meaning=f"Решено не размещать: {why}.",
                )
            held.show()
            told = self._leave(held, reason, why)
            held.record(Action.PLACEMENT_DROPPED, reason=reason.value, words=words)
        return told

    def _leave(self, held: Held, reason: DropReason, why: str) -> str:
        """Tell it in the ticket, and close it where nothing is left to be placed."""
        status = self._status_after(held, reason)
        consequence = (
            f"Карточка переведена в статус «{self.desk.status_name(status)}»."
            if status
            else "Статус карточки от этого не меняется."
        )
        values = {
            "reason": why,
            "where": held.system,
            "consequence": consequence,
            "term": self._term(held),
            **self._who(held),
        }
        only_in = _BEFORE_PLACEMENT if status else ()
        self._tell(held, "dropped", OrderedUpdate(Note("answer_dropped", values), only_in, status))
        return f"Записано: ответ не будет размещён ({held.system}). {consequence}"

    def _status_after(self, held: Held, reason: DropReason) -> Status | None:
        rows = deliveries.of_effect(held.session, held.found.effect.id)
        nothing_is_left = all(row.code == deliveries.DROPPED for row in rows)
        if held.found.is_late or not nothing_is_left:
            return None
        if to_placement(held.found.effect.payload).kind is AnswerKind.INTERIM:
            return Status.IN_PROGRESS
        if placements.has_parts(held.session, held.ticket.id):
            raise NotDone(
                "Это общий ответ нескольких подразделений: сначала закройте в Redmine их карточки, "
                "затем решите, что делать с общей."
            )
        return _CLOSING[reason]

    def _term(self, held: Held) -> str:
        """How the placement clock stands: a drop makes no duty kept that was not."""
        running = [
            clock
            for clock in clocks.of_ticket(held.session, held.ticket.id)
            if clock.kind is ClockKind.PLACEMENT and clock.running
        ]
        if not running:
            return "не идёт"
        due = field_moment(running[-1].due, self.desk.office.calendar.zone)
        return f"истёк {due}" if running[-1].due < held.now else f"до {due}"

    def _tell(self, held: Held, what: str, order: OrderedUpdate) -> None:
        key = f"{what}:{held.found.effect.id}:{held.found.source.id}"
        order_update(held.session, held.ticket.id, key, order, held.now)

    def _who(self, held: Held) -> Mapping[str, str]:
        return {"who": held.by.name, "at": self.desk.moment()}


def _named(reason: DropReason) -> str:
    return "" if reason is DropReason.OTHER else DROP_REASONS[reason]


def _check_link(held: Held, link: str) -> None:
    source = held.found.source
    hosts = PAGE_HOSTS.get(Network(source.network))
    if not link:
        if hosts and source.visibility == Visibility.FEED:
            raise NotDone("Вставьте ссылку на размещённый ответ: по ней его найдут и проверят.")
        return
    host = _host_of(link)
    if not host:
        raise NotDone("Ссылка на ответ должна начинаться с https:// и вести на страницу.")
    if hosts and not any(_is_within(host, domain) for domain in hosts):
        raise NotDone(f"Ссылка ведёт не туда: ответ стоит на {' или '.join(sorted(hosts))}.")
    if link == source.link:
        raise NotDone("Это ссылка на сообщение гражданина, а нужна ссылка на сам ответ.")


def _host_of(link: str) -> str:
    """The host that an https link leads to; empty for what is none."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    is_link = parts.scheme == "https" and len(link) <= LONGEST_LINK and not set(link) & set(" <>")
    return (parts.hostname or "") if is_link else ""


def _is_within(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")
