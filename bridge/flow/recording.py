"""Records an observation and what was decided on it, with its effects, in one transaction."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bridge.additions import read_additions
from bridge.composing import Composer
from bridge.effects import DECIDED, EffectKind, kind_of, to_payload, to_placement
from bridge.flow.correcting import note_correction
from bridge.flow.knowledge import Knowledge
from bridge.flow.late_sources import late_placements
from bridge.flow.lease import Lease
from bridge.flow.splitting import open_part
from bridge.helpdesk.port import Issue, JournalEntry
from bridge.observation import observe
from bridge.sla.additions import NOTE_LIMIT
from bridge.sla.case import Case, Decision
from bridge.sla.effects import Effect, PlaceAnswer
from bridge.sla.policy import SlaSettings
from bridge.sla.rules import decide
from bridge.sla.service_time import ServiceCalendar
from bridge.store import additions, clocks, families, gaps, inbox, outbox, tickets
from bridge.store.models import DecisionRow, EffectState, MessageRow, TicketRow
from bridge.unattached import read_unattached

log = structlog.get_logger()


@dataclass(frozen=True)
class Recording:
    """Decides on an observed issue and makes the decision durable.

    `webhook_patience`: one that is on its way longer than that counts as lost.
    """

    policies: SlaSettings
    calendar: ServiceCalendar
    composer: Composer
    knowledge: Knowledge
    webhook_patience: timedelta
    now: Callable[[], datetime]

    def record(
        self, lease: Lease, ticket: TicketRow, message: MessageRow, issue: Issue, trigger: str
    ) -> Decision:
        """Take the decision and store it. Raises `LeaseLost`: then nothing was stored."""
        with lease.writing(ticket.parent_id) as session:
            decision = decide(self.case(session, ticket, message, issue))
            self._store_effects(session, ticket, message, issue, decision)
            self._store_state(session, ticket.id, issue, decision, trigger)
            self._store_family(session, ticket, message, decision)
            note_correction(session, ticket, decision, self.now())
            clocks.save(session, ticket.id, decision.clocks)
        return decision

    def case(self, session: Session, ticket: TicketRow, message: MessageRow, issue: Issue) -> Case:
        """All that a decision on the issue, taken now, depends on."""
        placements = [
            row
            for row in outbox.of_kind(session, ticket.id, EffectKind.PLACE_ANSWER)
            if to_placement(row.payload).only_source is None
        ]
        return Case(
            timeline=observe(issue, message.posted_at, placements),
            policy=self.policies.policy(ticket.policy),
            calendar=self.calendar,
            frozen=clocks.frozen(session, ticket.id),
            due_date=issue.due_date,
            now=self.now(),
            around=self.knowledge.of(ticket, message),
            parts=families.parts_of(session, ticket.id),
            whole=families.whole_of(session, ticket),
            split=tuple(ticket.route.get("split", ())),
            compose=self.composer.for_channel(message.channel),
            additions=read_additions(
                additions.untold(session, ticket, NOTE_LIMIT),
                message.id,
                self.knowledge.channel_titles,
            ),
            late=late_placements(session, ticket),
            unattached=read_unattached(session, ticket),
        )

    def _store_family(
        self, session: Session, ticket: TicketRow, message: MessageRow, decision: Decision
    ) -> None:
        now = self.now()
        for department in decision.split:
            open_part(session, ticket, message, department, now)
        row = session.get_one(TicketRow, ticket.id)
        families.save_part(session, row, decision.part, now)
        families.save_whole(session, row, decision.whole, now)

    def _store_effects(
        self,
        session: Session,
        ticket: TicketRow,
        message: MessageRow,
        issue: Issue,
        decision: Decision,
    ) -> None:
        keys = {effect.key for effect in decision.effects}
        outbox.withdraw_others(session, ticket.id, keys, DECIDED)
        for begun in outbox.sending(session, ticket.id, EffectKind.UPDATE_TICKET):
            if begun.key not in keys:
                # Its call was cut short, and the issue shows that there is nothing left to do.
                outbox.finish(session, begun.id, state=EffectState.DONE, now=self.now())
        for effect in decision.effects:
            outbox.add(
                session,
                ticket_id=ticket.id,
                key=effect.key,
                kind=kind_of(effect),
                channel=message.channel if isinstance(effect, PlaceAnswer) else None,
                payload=to_payload(effect),
                now=self.now(),
                unknown_since=gaps.unknown_since(
                    session, _known_at(effect, ticket, message, issue)
                ),
            )

    def _store_state(
        self, session: Session, ticket_id: int, issue: Issue, decision: Decision, trigger: str
    ) -> None:
        row = session.get_one(TicketRow, ticket_id)
        journal_id = _newest(issue)
        self._count_repair(session, row, issue)
        if row.observed_update is None or journal_id > row.observed_journal or decision.effects:
            session.add(self._audit(ticket_id, journal_id, decision, trigger))
        row.status = issue.status or ""
        row.closed = decision.closed
        row.observed_update = issue.updated_at
        row.observed_journal = journal_id
        row.look_at = decision.look_at
        row.reconciled_at = self.now()
        row.attempts = 0
        failures = outbox.failures(session, ticket_id, {effect.key for effect in decision.effects})
        row.attention = "; ".join(failure.meaning for failure in failures)

    def _count_repair(self, session: Session, row: TicketRow, issue: Issue) -> None:
        """Count what staff did and no webhook told of, though it had the time to."""
        news = [entry for entry in issue.journal if self._should_be_announced(row, entry)]
        announced = (inbox.has(session, inbox.HELPDESK, f"journal:{entry.id}") for entry in news)
        if news and not any(announced):
            log.warning("a change came without its webhook", issue=issue.id, journal=news[-1].id)
            tickets.note_repair(session, row.id, issue.updated_at, self.now())

    def _should_be_announced(self, row: TicketRow, entry: JournalEntry) -> bool:
        """Redmine announces a private note together with another entry, or without its number."""
        return (
            entry.id > row.observed_journal
            and not entry.by_bridge
            and not entry.private
            and self.now() - entry.at > self.webhook_patience
        )

    def _audit(
        self, ticket_id: int, journal_id: int, decision: Decision, trigger: str
    ) -> DecisionRow:
        return DecisionRow(
            ticket_id=ticket_id,
            at=self.now(),
            trigger=trigger,
            journal_id=journal_id or None,
            summary={
                "effects": [effect.key for effect in decision.effects],
                "clocks": {clock.key: clock.verdict or "running" for clock in decision.clocks},
                "assumptions": [asdict(each) for each in decision.assumptions],
            },
        )


def _known_at(effect: Effect, ticket: TicketRow, message: MessageRow, issue: Issue) -> datetime:
    """Until when the store certainly knew whether an effect had been carried out.

    An answer was not placed before it was approved, nothing else before the ticket was last
    decided on.
    """
    if isinstance(effect, PlaceAnswer):
        approved = (entry.at for entry in issue.journal if entry.id == effect.approval)
        return next(approved, issue.created_at)
    return ticket.reconciled_at or message.posted_at


def _newest(issue: Issue) -> int:
    return max(_ids(issue), default=0)


def _ids(issue: Issue) -> Iterable[int]:
    return (entry.id for entry in issue.journal)
