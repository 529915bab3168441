"""Carries out placements: the answer becomes visible to the citizen, once (clauses 2.1.4, 3.5).

It goes to every system that brought the message: first to the pages, then to the systems that are
told where it stands. How it fares is kept for each of them (`delivery`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from bridge.effects import to_placement
from bridge.flow.answer_pictures import PicturesRefused
from bridge.flow.delivering import Consignment, Delivering
from bridge.flow.delivery_summary import mirror, next_parts
from bridge.flow.lease import Lease
from bridge.flow.standing_answers import standing_answers
from bridge.messages import Message, Network, Picture, Placement, Visibility
from bridge.publish.rendering import EmptyAnswer, TooLong
from bridge.sla.effects import PlaceAnswer
from bridge.store import deliveries, sources, tickets
from bridge.store.models import DeliveryRow, EffectRow, EffectState, MessageRow, SourceRow

_PHOTOS = "К ответу приложены фотоматериалы (пункт 3.4), а здесь робот размещает только текст."


class Renderer(Protocol):
    """From an approved answer to what the citizen reads."""

    def __call__(self, message: Message, answer: PlaceAnswer) -> Sequence[str]:
        """In parts, where it is longer than the channel allows. Raises `TooLong`, `EmptyAnswer`."""


class Systems(Protocol):
    """Tells of channels what placing must know."""

    def title(self, channel: str) -> str:
        """How staff call it."""

    def is_told_where(self, channel: str, visibility: Visibility) -> bool:
        """Whether an answer is entered there with a link to where it stands on a page."""

    def pictures_limit(self, channel: str, visibility: Visibility) -> int:
        """How many pictures an answer takes there; 0 where it takes none."""

    def can_retract(self, channel: str, visibility: Visibility) -> bool:
        """Whether an answer that stands there can be taken away again."""


class Pictures(Protocol):
    """The pictures that belong to an approved answer (clause 3.4)."""

    def of(self, ticket_id: int, approval: int, limit: int) -> tuple[Picture, ...]:
        """At most `limit`. Raises `PicturesRefused`, `HelpdeskError`."""


@dataclass(frozen=True)
class Placing:
    """Carries out `place_answer`."""

    delivering: Delivering
    render: Renderer
    systems: Systems
    pictures: Pictures
    now: Callable[[], datetime]

    def carry_out(self, lease: Lease, effect: EffectRow, message: MessageRow) -> None:
        """Make the next step with each delivery that is due.

        Raises `HelpdeskError` when the answer's pictures cannot be read now: nothing was sent then.
        """
        if effect.next_attempt_at > self.now():
            return
        origins, rows = self._opened(lease, effect, message)
        for row in next_parts(rows):
            if row.next_attempt_at <= self.now():
                self._step(self._consignment(lease, effect, row, origins), effect, origins)

    def consignment(
        self, lease: Lease, effect: EffectRow, row: DeliveryRow, message: MessageRow
    ) -> Consignment:
        """One part of an answer with all that its way needs, whatever its state."""
        with lease.store.reading() as session:
            found = sources.of_message(session, message.id)
        return self._consignment(lease, effect, row, {source.id: source for source in found})

    def _step(
        self, consignment: Consignment, effect: EffectRow, origins: Mapping[int, SourceRow]
    ) -> None:
        try:
            source = origins[consignment.row.source_id]
            self.delivering.step(self._with_pictures(consignment, effect, source))
        except PicturesRefused as refusal:
            self.delivering.leave_to_person(consignment, refusal.code, refusal.meaning)

    def _with_pictures(
        self, consignment: Consignment, effect: EffectRow, source: SourceRow
    ) -> Consignment:
        """As it is to be sent: pictures go with the first part.

        An answer that is only looked for is known again without them.
        """
        answer = to_placement(effect.payload)
        is_first = consignment.row.part == 1 and consignment.row.state == EffectState.PENDING
        if not (answer.with_photos and is_first):
            return consignment
        limit = self._pictures_limit(source)
        pictures = self.pictures.of(effect.ticket_id, answer.approval, limit)
        return replace(consignment, placement=replace(consignment.placement, pictures=pictures))

    def _pictures_limit(self, source: SourceRow) -> int:
        return self.systems.pictures_limit(source.channel, Visibility(source.visibility))

    def _opened(
        self, lease: Lease, effect: EffectRow, message: MessageRow
    ) -> tuple[Mapping[int, SourceRow], Sequence[DeliveryRow]]:
        """The systems by their ids, and the deliveries to them, opened when there are none yet."""
        with lease.store.reading() as session:
            origins = {row.id: row for row in sources.of_message(session, message.id)}
            rows = deliveries.of_effect(session, effect.id)
        if rows:
            return origins, rows
        texts = self._texts(message, to_placement(effect.payload), tuple(origins.values()))
        with lease.writing() as session:
            self._open(session, effect, texts)
            mirror(session, effect.id, self._names(origins))
            return origins, deliveries.of_effect(session, effect.id)

    def _open(self, session: Session, effect: EffectRow, texts: Sequence["_Text"]) -> None:
        standing = standing_answers(session, effect)
        for text in texts:
            rows = [
                deliveries.open_part(session, effect, text.source_id, number, part, self.now())
                for number, part in enumerate(text.parts, 1)
            ]
            result = standing.get(text.source_id)
            for row in rows:
                if text.failure:
                    self._end(session, row, EffectState.FAILED, code=text.code, why=text.failure)
                elif result is not None:
                    self._end(session, row, EffectState.DONE, result=result)

    def _end(
        self,
        session: Session,
        row: DeliveryRow,
        state: EffectState,
        *,
        result: Mapping[str, str] | None = None,
        code: str = "",
        why: str = "",
    ) -> None:
        deliveries.finish(
            session, row.id, state=state, now=self.now(), result=result, code=code, meaning=why
        )

    def _texts(
        self, message: MessageRow, answer: PlaceAnswer, origins: Sequence[SourceRow]
    ) -> Sequence["_Text"]:
        return [self._text(message, answer, source) for source in self._in_order(answer, origins)]

    def _in_order(self, answer: PlaceAnswer, origins: Sequence[SourceRow]) -> Iterator[SourceRow]:
        """Pages first: a system that is told where the answer stands waits for them."""
        wanted = [source for source in origins if answer.only_source in (None, source.id)]
        yield from sorted(wanted, key=lambda source: (self._is_told_where(source), source.id))

    def _is_told_where(self, source: SourceRow) -> bool:
        return self.systems.is_told_where(source.channel, Visibility(source.visibility))

    def _text(self, message: MessageRow, answer: PlaceAnswer, source: SourceRow) -> "_Text":
        if answer.with_photos and not self._pictures_limit(source):
            return _Text(source.id, ("",), "photos", _PHOTOS)
        try:
            return _Text(source.id, tuple(self.render(_as_brought(message, source), answer)))
        except (TooLong, EmptyAnswer) as error:
            return _Text(source.id, ("",), "text", str(error))

    def _consignment(
        self, lease: Lease, effect: EffectRow, row: DeliveryRow, origins: Mapping[int, SourceRow]
    ) -> Consignment:
        source = origins[row.source_id]
        placement = Placement(
            idempotency_key=_idempotency_key(effect, row, first=next(iter(origins))),
            address=source.address,
            text=row.text,
            stands_at=self._stands_at(lease, row),
        )
        return Consignment(
            lease,
            row,
            source.channel,
            placement,
            systems=self._names(origins),
            wanted_since=effect.created_at,
            retract=self.systems.can_retract(source.channel, Visibility(source.visibility)),
        )

    def _stands_at(self, lease: Lease, row: DeliveryRow) -> str:
        """Read anew for each: a page may just have taken the answer."""
        with lease.store.reading() as session:
            rows = deliveries.of_effect(session, row.effect_id)
        others = (other.result.get("link", "") for other in rows if other.id != row.id)
        return next((link for link in others if link), "")

    def _names(self, origins: Mapping[int, SourceRow]) -> Mapping[int, str]:
        return {row.id: self.systems.title(row.channel) for row in origins.values()}


@dataclass(frozen=True)
class _Text:
    """What goes to one system, or why nothing can."""

    source_id: int
    parts: tuple[str, ...]
    code: str = ""
    failure: str = ""


def _as_brought(row: MessageRow, source: SourceRow) -> Message:
    """The message as this system brought it."""
    return replace(
        tickets.as_message(row),
        channel=source.channel,
        network=Network(source.network),
        visibility=Visibility(source.visibility),
        external_id=source.external_id,
        link=source.link,
        address=source.address,
    )


def _idempotency_key(effect: EffectRow, row: DeliveryRow, first: int) -> str:
    """The same for every try. What goes to further systems, and further parts, is told apart."""
    key = f"bridge-{effect.ticket_id}-{effect.key.replace(':', '-')}"
    if row.source_id != first:
        key += f"-s{row.source_id}"
    return key if row.part == 1 else f"{key}-p{row.part}"
