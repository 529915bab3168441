"""One action of a person on an answer: what is held for it, what it leaves, what stops it.

An action changes rows only while no worker holds the ticket, only if what the person saw is still
so, and in one transaction with its audit entry. A worker is told of it afterwards.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.flow.delivery_summary import mirror
from bridge.flow.queue import Hints
from bridge.flow.reconcile import Trigger
from bridge.office import Office
from bridge.sla.field_moments import field_moment
from bridge.store import audit, placements, sources, tickets
from bridge.store.audit import Action, AuditEntry
from bridge.store.database import Store
from bridge.store.models import DeliveryRow, EffectState, SourceRow, TicketRow
from bridge.store.placements import OnItsWay


class NotDone(Exception):
    """Nothing was changed; the text says to the person, in Russian, why and what would be right."""


@dataclass(frozen=True)
class Orderer:
    """Who acts. `login` goes into the audit, `name` into the ticket."""

    login: str
    name: str


@dataclass(frozen=True)
class Seen:
    """The answer as the person saw it: an action holds only for that."""

    delivery: int
    mark: str


def mark_of(row: DeliveryRow) -> str:
    """Changes whenever something happened to the delivery."""
    return f"{row.state}.{row.attempts}"


@dataclass(frozen=True)
class Held:
    """An answer on its way to one system, in a transaction. `rows` are all its parts there."""

    session: Session
    found: OnItsWay
    rows: Sequence[DeliveryRow]
    by: Orderer
    now: datetime
    names: Mapping[int, str]

    @property
    def ticket(self) -> TicketRow:
        """Whose answer it is."""
        return self.found.ticket

    @property
    def left(self) -> Sequence[DeliveryRow]:
        """The parts that are not there."""
        return [row for row in self.rows if row.state != EffectState.DONE]

    @property
    def has_standing_parts(self) -> bool:
        """Whether the citizen reads some of the parts."""
        return len(self.left) < len(self.rows)

    @property
    def system(self) -> str:
        """How staff call the system that it goes to."""
        return self.names[self.found.source.id]

    def show(self) -> None:
        """Have the outbox show what the deliveries come to now."""
        mirror(self.session, self.found.effect.id, self.names)

    def record(self, action: Action, **details: object) -> None:
        """The audit entry of the action."""
        told = {
            "delivery": self.found.delivery.id,
            "issue": self.ticket.issue_id,
            "channel": self.found.source.channel,
            "was": self.found.delivery.state,
            **details,
        }
        entry = AuditEntry(self.now, self.by.login, action, f"ticket:{self.ticket.id}", told)
        audit.record(self.session, entry)


@dataclass(frozen=True)
class PlacementDesk:
    """Where people's actions on answers are carried out."""

    store: Store
    office: Office
    hints: Hints
    now: Callable[[], datetime]

    @contextmanager
    def holding(self, seen: Seen, by: Orderer, states: Sequence[EffectState]) -> Iterator[Held]:
        """The answer, if it is still as it was seen and in one of `states`. Raises `NotDone`."""
        with self.store.writing() as session:
            held = self._hold(session, seen, by)
            if held.found.delivery.state not in states:
                raise NotDone("С ответом в этом состоянии так поступить нельзя.")
            yield held
            tickets.look_now(session, held.ticket.id, self.now())
        self.hints.ticket(held.ticket.id, Trigger.ORDER)

    def _hold(self, session: Session, seen: Seen, by: Orderer) -> Held:
        found = placements.hold(session, seen.delivery)
        if found is None:
            raise NotDone(
                "Этого ответа в списке больше нет: карточку закрыли или одобрили ответ заново."
            )
        refuse_if_busy(found.ticket, self.now())
        if mark_of(found.delivery) != seen.mark:
            raise NotDone(_changed(found.delivery))
        brought = sources.of_message(session, found.message.id)
        names = {source.id: self.title(source) for source in brought}
        return Held(
            session, found, placements.parts(session, found.delivery), by, self.now(), names
        )

    def title(self, source: SourceRow) -> str:
        """How staff call the system; its key where it is no longer configured."""
        channels = self.office.channels
        return channels[source.channel].title if source.channel in channels else source.channel

    def moment(self) -> str:
        """Now, as tickets write it."""
        return field_moment(self.now(), self.office.calendar.zone)

    def status_name(self, key: str) -> str:
        """How the helpdesk calls a status."""
        return next(each.name for each in self.office.layout.statuses if each.key == key)


def refuse_if_busy(ticket: TicketRow, now: datetime) -> None:
    """Raises `NotDone` while a worker acts for the ticket."""
    if ticket.lease_until and ticket.lease_until >= now:
        raise NotDone("Карточкой сейчас занят обработчик. Повторите через минуту.")


def _changed(row: DeliveryRow) -> str:
    if row.state == EffectState.DONE:
        return "Пока вы смотрели, ответ размещён. Ничего не изменено."
    return "Пока вы смотрели, состояние ответа изменилось. Проверьте и решите заново."
