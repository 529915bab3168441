"""What a citizen's further message is to the ticket of the one before (reading 14)."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from bridge.effects import EffectKind, to_placement
from bridge.messages import Message
from bridge.routing import DepartmentMapping
from bridge.sla.clocks import CURATOR
from bridge.sla.readings import Readings
from bridge.sla.timeline import AnswerKind, Status
from bridge.store import clocks, conversations, outbox
from bridge.store.models import EffectState, TicketRow


class Standing(StrEnum):
    """How a ticket stands for its citizen."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"
    """Closed without an answer."""


@dataclass(frozen=True)
class EarlierTicket:
    """The ticket of what its author wrote before in the same conversation.

    `department` is the one that last had to answer; None while that was never one.
    """

    id: int
    issue_id: int | None
    standing: Standing
    department: str | None

    def takes(self, readings: Readings) -> bool:
        """Whether a further message is added to this ticket, instead of getting one of its own."""
        if self.standing is Standing.ANSWERED:
            return readings.question_after_answer == "note"
        return self.standing is Standing.OPEN


def find_earlier(session: Session, message: Message) -> EarlierTicket | None:
    """The ticket that the message continues; it does not change until the transaction ends."""
    ticket = conversations.earlier_ticket(session, message)
    return None if ticket is None else as_earlier(session, ticket)


def as_earlier(session: Session, ticket: TicketRow) -> EarlierTicket:
    """The ticket as one that a further message finds there."""
    return EarlierTicket(
        ticket.id, ticket.issue_id, _standing(session, ticket), _last_in_charge(session, ticket)
    )


def explain_follow_up(earlier: EarlierTicket, mapping: DepartmentMapping, *, is_sure: bool) -> str:
    """What staff read of it in the new ticket: lines in Russian, in the helpdesk's markup."""
    ended = "ответ размещён" if earlier.standing is Standing.ANSWERED else "закрыта без ответа"
    lines = [f"Продолжение карточки #{earlier.issue_id} ({ended}): заявитель пишет снова."]
    if earlier.department:
        lines.append(f"Исполнитель по ней: {_name(earlier.department, mapping)}.")
        if not is_sure:
            lines.append("Предлагается он же.")
    return "\n".join(lines)


def _standing(session: Session, ticket: TicketRow) -> Standing:
    """An answer that is visible is one, though the ticket is not yet closed for it."""
    if ticket.closed:
        return Standing.ANSWERED if ticket.status == Status.PLACED else Standing.CLOSED
    if ticket.status == Status.APPROVED and _is_answered(session, ticket):
        return Standing.ANSWERED
    return Standing.OPEN


def _is_answered(session: Session, ticket: TicketRow) -> bool:
    return any(
        row.state == EffectState.DONE and to_placement(row.payload).kind is AnswerKind.FINAL
        for row in outbox.of_kind(session, ticket.id, EffectKind.PLACE_ANSWER)
    )


def _last_in_charge(session: Session, ticket: TicketRow) -> str | None:
    holders = [clock.holder for clock in clocks.of_ticket(session, ticket.id)]
    return next((holder for holder in reversed(holders) if holder != CURATOR), ticket.department)


def _name(key: str, mapping: DepartmentMapping) -> str:
    """A department that was taken out of the mapping since has its key only."""
    try:
        return mapping.department(key).name
    except KeyError:
        return key
