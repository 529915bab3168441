"""Takes one part of an answer to one system: sends it, or looks whether it is there."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy.orm import Session

from bridge.backoff import Backoff
from bridge.flow.delivery_summary import mirror
from bridge.flow.lease import Lease
from bridge.messages import Placed, Placement
from bridge.publish.port import CannotLook, Publisher, PublishError, Remedy
from bridge.store import channel_states, deliveries
from bridge.store.channel_states import ChannelCondition, Hold
from bridge.store.models import DeliveryRow, EffectState

log = structlog.get_logger()

SKEW = timedelta(minutes=5)
"""How far a network's clock may be from ours when an answer is looked for by its time."""

_UNKNOWN = "Приём ответа не подтверждён, а проверить, виден ли он, не удалось."
_NOT_THERE = "Приём ответа несколько раз не подтверждён, и на месте его нет."


class Publishers(Protocol):
    """The way out of each channel."""

    def of(self, channel: str) -> Publisher:
        """The channel's publisher. Raises `PublishError` when it cannot be made."""


@dataclass(frozen=True)
class PlacingRules:
    """How patient placements are.

    `attempts`: tries before a person takes over. `pause`: rest after flood control. `grace`: how
    long what was sent may still be on its way before its absence means anything. `look_for`: how
    long to go on looking before a person is asked to.
    """

    backoff: Backoff
    attempts: int
    pause: timedelta
    grace: timedelta
    look_for: timedelta


@dataclass(frozen=True)
class Consignment:
    """One delivery with all that its way needs. `systems`: how staff call each, by its source.

    `wanted_since`: before that, nothing of it can stand anywhere.
    `retract`: whether what stands there can be taken away again.
    """

    lease: Lease
    row: DeliveryRow
    channel: str
    placement: Placement
    systems: Mapping[int, str]
    wanted_since: datetime
    retract: bool = False

    @contextmanager
    def recording(self) -> Iterator[Session]:
        """A transaction under the ticket's lease; the outbox shows what all deliveries come to."""
        with self.lease.writing() as session:
            yield session
            mirror(session, self.row.effect_id, self.systems)


@dataclass(frozen=True)
class Delivering:
    """Makes the next step with a delivery; each outcome is recorded before returning."""

    publishers: Publishers
    rules: PlacingRules
    now: Callable[[], datetime]

    def step(self, consignment: Consignment) -> None:
        """Send what waits; look for what was sent and is not known to have arrived."""
        hold = self._hold(consignment)
        if hold:
            self._wait_for_channel(consignment, hold)
            return
        try:
            publisher = self.publishers.of(consignment.channel)
            if consignment.row.state == EffectState.SENDING:
                self._look(consignment, publisher)
            else:
                self._send(consignment, publisher)
        except PublishError as error:
            self._deal_with(consignment, error)

    def leave_to_person(self, consignment: Consignment, code: str, meaning: str) -> None:
        """Nothing more is tried: staff read why, and place the answer by hand.

        Of an answer in parts all are visible or none; where those that went out cannot be taken
        away again, it is uncertain what the citizen makes of them.
        """
        standing = self._standing_parts(consignment)
        if consignment.retract and self._taken_back(consignment, standing):
            standing = ()
        state = EffectState.UNCERTAIN if standing else EffectState.FAILED
        self._finish(consignment, state, code, meaning)

    def _standing_parts(self, consignment: Consignment) -> Sequence[DeliveryRow]:
        with consignment.lease.store.reading() as session:
            rows = deliveries.of_effect(session, consignment.row.effect_id)
        return [
            row
            for row in rows
            if row.source_id == consignment.row.source_id and row.state == EffectState.DONE
        ]

    def _taken_back(self, consignment: Consignment, standing: Sequence[DeliveryRow]) -> bool:
        """Take the parts away again, the last first; False when one of them stays."""
        for row in reversed(standing):
            placed = Placed(row.result["external_id"], row.result["link"])
            try:
                publisher = self.publishers.of(consignment.channel)
                publisher.retract(consignment.placement.address, placed)
            except PublishError as error:
                log.error("part stays visible", delivery=row.id, code=error.code)
                return False
            with consignment.recording() as session:
                deliveries.finish(
                    session, row.id, state=EffectState.FAILED, now=self.now(), code="retracted"
                )
        return True

    def _hold(self, consignment: Consignment) -> Hold | None:
        with consignment.lease.store.reading() as session:
            return channel_states.hold_of(session, consignment.channel, self.now())

    def _send(self, consignment: Consignment, publisher: Publisher) -> None:
        with consignment.recording() as session:
            deliveries.begin_sending(session, consignment.row.id, self.now())
        self._placed(consignment, publisher.place(consignment.placement))

    def _look(self, consignment: Consignment, publisher: Publisher) -> None:
        """An earlier call was begun and its outcome is unknown: is the answer there?"""
        since = consignment.row.sending_since or consignment.row.next_attempt_at
        if self.now() < since + self.rules.grace:
            self._look_later(consignment, since + self.rules.grace)
            return
        try:
            placed = publisher.find(consignment.placement, consignment.wanted_since - SKEW)
        except CannotLook:
            self._uncertain(consignment)
        except PublishError as error:
            self._look_again(consignment, since, error)
        else:
            self._looked(consignment, placed)

    def _looked(self, consignment: Consignment, placed: Placed | None) -> None:
        if placed:
            self._placed(consignment, placed)
        elif consignment.row.attempts >= self.rules.attempts:
            self.leave_to_person(consignment, "not_there", _NOT_THERE)
        else:
            self._postpone(consignment, self.now(), "not_there", "")

    def _look_again(self, consignment: Consignment, since: datetime, error: PublishError) -> None:
        """Looking failed too: that says nothing of the answer, so it must not be sent again."""
        log.warning("looking failed", ticket=consignment.lease.ticket_id, code=error.code)
        if self.now() - since > self.rules.look_for:
            self._uncertain(consignment)
        else:
            self._look_later(consignment, self.now() + self.rules.grace)

    def _placed(self, consignment: Consignment, placed: Placed) -> None:
        log.info(
            "answer placed",
            ticket=consignment.lease.ticket_id,
            channel=consignment.channel,
            delivery=consignment.row.id,
            link=placed.link,
        )
        result = {"link": placed.link, "external_id": placed.external_id}
        with consignment.recording() as session:
            deliveries.finish(
                session,
                consignment.row.id,
                state=EffectState.DONE,
                now=self.now(),
                result=result,
            )

    def _deal_with(self, consignment: Consignment, error: PublishError) -> None:
        log.warning(
            "placement failed",
            ticket=consignment.lease.ticket_id,
            channel=consignment.channel,
            remedy=error.remedy,
            code=error.code,
        )
        now = self.now()
        match error.remedy:
            case Remedy.LOOK:
                self._look_later(consignment, now + self.rules.grace)
            case Remedy.PAUSE:
                self._hold_channel(consignment, error, now + self.rules.pause)
            case Remedy.CHANNEL_DOWN:
                self._hold_channel(consignment, error, None)
            case Remedy.RETRY if self._attempts(consignment) < self.rules.attempts:
                until = now + self.rules.backoff.after(self._attempts(consignment))
                self._postpone(consignment, until, error.code, "")
            case Remedy.RETRY | Remedy.BY_HAND:
                self.leave_to_person(consignment, error.code, error.meaning)

    def _attempts(self, consignment: Consignment) -> int:
        with consignment.lease.store.reading() as session:
            return session.get_one(DeliveryRow, consignment.row.id).attempts

    def _hold_channel(
        self, consignment: Consignment, error: PublishError, until: datetime | None
    ) -> None:
        condition = ChannelCondition.PAUSED if until else ChannelCondition.DOWN
        now = self.now()
        hold = Hold(consignment.channel, condition, now, until, error.code, error.meaning)
        again = until or now + self.rules.backoff.longest
        with consignment.recording() as session:
            is_new = channel_states.set_hold(session, hold)
            _wait(consignment)(session, consignment.row.id, again, error.code, error.meaning)
        if is_new:
            log.error(
                "channel held", channel=consignment.channel, condition=condition, code=error.code
            )

    def _wait_for_channel(self, consignment: Consignment, hold: Hold) -> None:
        until = hold.until or self.now() + self.rules.backoff.longest
        if consignment.row.state == EffectState.SENDING:
            self._look_later(consignment, until)
        else:
            self._postpone(consignment, until, hold.code, hold.meaning)

    def _postpone(self, consignment: Consignment, until: datetime, code: str, meaning: str) -> None:
        with consignment.recording() as session:
            deliveries.postpone(session, consignment.row.id, until, code, meaning)

    def _look_later(self, consignment: Consignment, until: datetime) -> None:
        with consignment.recording() as session:
            deliveries.postpone_look(session, consignment.row.id, until, "unknown", "")

    def _uncertain(self, consignment: Consignment) -> None:
        log.error(
            "placement uncertain",
            ticket=consignment.lease.ticket_id,
            channel=consignment.channel,
            delivery=consignment.row.id,
        )
        self._finish(consignment, EffectState.UNCERTAIN, "unknown", _UNKNOWN)

    def _finish(
        self, consignment: Consignment, state: EffectState, code: str, meaning: str
    ) -> None:
        with consignment.recording() as session:
            deliveries.finish(
                session,
                consignment.row.id,
                state=state,
                now=self.now(),
                code=code,
                meaning=meaning,
            )
            self._end_the_rest(session, consignment)

    def _end_the_rest(self, session: Session, consignment: Consignment) -> None:
        """The parts behind one that did not go out stay where they are."""
        for row in deliveries.of_effect(session, consignment.row.effect_id):
            is_behind = row.source_id == consignment.row.source_id and row.id > consignment.row.id
            if is_behind and deliveries.is_open(row):
                deliveries.finish(
                    session, row.id, state=EffectState.FAILED, now=self.now(), code="behind"
                )


def _wait(consignment: Consignment) -> Callable[[Session, int, datetime, str, str], None]:
    """What was begun before this step stays unknown: a key that is missing tells nothing of it."""
    begun = consignment.row.state == EffectState.SENDING
    return deliveries.postpone_look if begun else deliveries.postpone
