"""Carries out placements: the answer becomes visible to the citizen, once (clauses 2.1.4, 3.5)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bridge.backoff import Backoff
from bridge.effects import to_placement
from bridge.flow.answer_pictures import PicturesRefused
from bridge.flow.lease import Lease
from bridge.messages import Message, Picture, Placed, Placement
from bridge.publish.port import CannotLook, Publisher, PublishError, Remedy
from bridge.publish.rendering import EmptyAnswer, TooLong
from bridge.sla.effects import PlaceAnswer
from bridge.store import channel_states, outbox, tickets
from bridge.store.channel_states import ChannelCondition, Hold
from bridge.store.models import EffectRow, EffectState, MessageRow

log = structlog.get_logger()

SKEW = timedelta(minutes=5)
"""How far a network's clock may be from ours when an answer is looked for by its time."""

_PHOTOS = "К ответу приложены фотоматериалы (пункт 3.4), а здесь робот размещает только текст."
_UNKNOWN = "Соцсеть не подтвердила приём ответа, а проверить, виден ли он, не удалось."
_NOT_THERE = "Соцсеть несколько раз не подтвердила приём ответа, и на странице его нет."


class Publishers(Protocol):
    """The way out of each channel."""

    def of(self, channel: str) -> Publisher:
        """The channel's publisher. Raises `PublishError` when it cannot be made."""


class Renderer(Protocol):
    """From an approved answer to what the citizen reads."""

    def __call__(self, message: Message, answer: PlaceAnswer) -> str:
        """Raises `TooLong`, `EmptyAnswer`."""


class Pictures(Protocol):
    """The pictures that belong to an approved answer (clause 3.4)."""

    def of(self, ticket_id: int, approval: int, limit: int) -> tuple[Picture, ...]:
        """At most `limit`. Raises `PicturesRefused`, `HelpdeskError`."""


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
class Placing:
    """Carries out `place_answer`."""

    publishers: Publishers
    render: Renderer
    pictures_limit: Callable[[Message], int]
    pictures: Pictures
    rules: PlacingRules
    now: Callable[[], datetime]

    def carry_out(self, lease: Lease, effect: EffectRow, message: MessageRow) -> None:
        """Make the next step with this placement; each outcome is recorded before returning.

        Raises `HelpdeskError` when the answer's pictures cannot be read now: nothing was sent.
        """
        if effect.next_attempt_at > self.now():
            return
        if self._is_beyond_the_channel(effect, message):
            self._by_hand(lease, effect, "photos", _PHOTOS)
            return
        hold = self._hold(lease, message.channel)
        if hold:
            self._wait_for_channel(lease, effect, hold)
            return
        try:
            placement = self._placement(effect, message)
            publisher = self.publishers.of(message.channel)
            if effect.state == EffectState.SENDING:
                self._look(lease, effect, publisher, placement)
            else:
                self._send(
                    lease, effect, publisher, self._with_pictures(placement, effect, message)
                )
        except (TooLong, EmptyAnswer) as error:
            self._by_hand(lease, effect, "text", str(error))
        except PicturesRefused as refusal:
            self._by_hand(lease, effect, refusal.code, refusal.meaning)
        except PublishError as error:
            self._deal_with(lease, effect, message.channel, error)

    def _is_beyond_the_channel(self, effect: EffectRow, row: MessageRow) -> bool:
        with_photos = to_placement(effect.payload).with_photos
        return with_photos and not self.pictures_limit(tickets.as_message(row))

    def _hold(self, lease: Lease, channel: str) -> Hold | None:
        with lease.store.reading() as session:
            return channel_states.hold_of(session, channel, self.now())

    def _placement(self, effect: EffectRow, row: MessageRow) -> Placement:
        message = tickets.as_message(row)
        return Placement(
            idempotency_key=f"bridge-{effect.ticket_id}-{effect.key.replace(':', '-')}",
            address=message.address,
            text=self.render(message, to_placement(effect.payload)),
        )

    def _with_pictures(self, placement: Placement, effect: EffectRow, row: MessageRow) -> Placement:
        """The placement as it is to be sent; an answer is known again without its pictures."""
        answer = to_placement(effect.payload)
        if not answer.with_photos:
            return placement
        limit = self.pictures_limit(tickets.as_message(row))
        pictures = self.pictures.of(effect.ticket_id, answer.approval, limit)
        return replace(placement, pictures=pictures)

    def _send(
        self, lease: Lease, effect: EffectRow, publisher: Publisher, placement: Placement
    ) -> None:
        with lease.writing() as session:
            outbox.begin_sending(session, effect.id, self.now())
        self._placed(lease, effect, publisher.place(placement))

    def _look(
        self, lease: Lease, effect: EffectRow, publisher: Publisher, placement: Placement
    ) -> None:
        """An earlier call was begun and its outcome is unknown: is the answer there?"""
        since = effect.sending_since or effect.created_at
        if self.now() < since + self.rules.grace:
            self._look_later(lease, effect, since + self.rules.grace)
            return
        try:
            placed = publisher.find(placement, since - SKEW)
        except CannotLook:
            self._uncertain(lease, effect)
        except PublishError as error:
            self._look_again(lease, effect, since, error)
        else:
            self._looked(lease, effect, placed)

    def _looked(self, lease: Lease, effect: EffectRow, placed: Placed | None) -> None:
        if placed:
            self._placed(lease, effect, placed)
        elif effect.attempts >= self.rules.attempts:
            self._by_hand(lease, effect, "not_there", _NOT_THERE)
        else:
            self._postpone(lease, effect, self.now(), "not_there", "")

    def _look_again(
        self, lease: Lease, effect: EffectRow, since: datetime, error: PublishError
    ) -> None:
        """Looking failed too: that says nothing of the answer, so it must not be sent again."""
        log.warning("looking failed", ticket=effect.ticket_id, code=error.code)
        if self.now() - since > self.rules.look_for:
            self._uncertain(lease, effect)
        else:
            self._look_later(lease, effect, self.now() + self.rules.grace)

    def _placed(self, lease: Lease, effect: EffectRow, placed: Placed) -> None:
        log.info("answer placed", ticket=effect.ticket_id, effect=effect.key, link=placed.link)
        with lease.writing() as session:
            outbox.finish(
                session,
                effect.id,
                state=EffectState.DONE,
                now=self.now(),
                result={"link": placed.link, "external_id": placed.external_id},
            )

    def _deal_with(
        self, lease: Lease, effect: EffectRow, channel: str, error: PublishError
    ) -> None:
        log.warning(
            "placement failed",
            ticket=effect.ticket_id,
            channel=channel,
            remedy=error.remedy,
            code=error.code,
        )
        now = self.now()
        match error.remedy:
            case Remedy.LOOK:
                self._look_later(lease, effect, now + self.rules.grace)
            case Remedy.PAUSE:
                self._hold_channel(lease, effect, channel, error, now + self.rules.pause)
            case Remedy.CHANNEL_DOWN:
                self._hold_channel(lease, effect, channel, error, None)
            case Remedy.RETRY if self._attempts(lease, effect) < self.rules.attempts:
                until = now + self.rules.backoff.after(self._attempts(lease, effect))
                self._postpone(lease, effect, until, error.code, "")
            case Remedy.RETRY | Remedy.BY_HAND:
                self._by_hand(lease, effect, error.code, error.meaning)

    def _attempts(self, lease: Lease, effect: EffectRow) -> int:
        with lease.store.reading() as session:
            return session.get_one(EffectRow, effect.id).attempts

    def _hold_channel(
        self,
        lease: Lease,
        effect: EffectRow,
        channel: str,
        error: PublishError,
        until: datetime | None,
    ) -> None:
        condition = ChannelCondition.PAUSED if until else ChannelCondition.DOWN
        now = self.now()
        hold = Hold(channel, condition, now, until, error.code, error.meaning)
        with lease.writing() as session:
            is_new = channel_states.set_hold(session, hold)
            outbox.postpone(
                session,
                effect.id,
                until or now + self.rules.backoff.longest,
                error.code,
                error.meaning,
            )
        if is_new:
            log.error("channel held", channel=channel, condition=condition, code=error.code)

    def _wait_for_channel(self, lease: Lease, effect: EffectRow, hold: Hold) -> None:
        until = hold.until or self.now() + self.rules.backoff.longest
        if effect.state == EffectState.SENDING:
            self._look_later(lease, effect, until)
        else:
            self._postpone(lease, effect, until, hold.code, hold.meaning)

    def _postpone(
        self, lease: Lease, effect: EffectRow, until: datetime, code: str, meaning: str
    ) -> None:
        with lease.writing() as session:
            outbox.postpone(session, effect.id, until, code, meaning)

    def _look_later(self, lease: Lease, effect: EffectRow, until: datetime) -> None:
        with lease.writing() as session:
            outbox.postpone_look(session, effect.id, until, "unknown", "")

    def _uncertain(self, lease: Lease, effect: EffectRow) -> None:
        log.error("placement uncertain", ticket=effect.ticket_id, effect=effect.key)
        self._finish(lease, effect, EffectState.UNCERTAIN, "unknown", _UNKNOWN)

    def _by_hand(self, lease: Lease, effect: EffectRow, code: str, meaning: str) -> None:
        self._finish(lease, effect, EffectState.FAILED, code, meaning)

    def _finish(
        self, lease: Lease, effect: EffectRow, state: EffectState, code: str, meaning: str
    ) -> None:
        with lease.writing() as session:
            outbox.finish(
                session, effect.id, state=state, now=self.now(), code=code, meaning=meaning
            )
