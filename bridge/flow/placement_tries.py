"""«Отправить ещё раз» and «Проверить»: a person has the bridge try once more (clause 3.5).

A second answer below a citizen's message is worse than a late one, so nothing that may stand there
is sent again unless a look, or the person's own word, says that it does not.
"""

from dataclasses import dataclass
from typing import Final

from bridge.effects import to_placement
from bridge.flow.looking_up import LOOKED_AT, order_look
from bridge.flow.ordered_updates import OrderedUpdate, order_update
from bridge.flow.placement_hold import Held, NotDone, Orderer, PlacementDesk, Seen
from bridge.sla.effects import Note
from bridge.sla.timeline import AnswerKind, Status
from bridge.store import deliveries
from bridge.store.audit import Action
from bridge.store.models import DeliveryRow, EffectState

_RETRIED: Final = (EffectState.PENDING, EffectState.FAILED, EffectState.UNCERTAIN)
_APPROVED: Final = {
    AnswerKind.FINAL: Status.APPROVED,
    AnswerKind.INTERIM: Status.INTERIM_APPROVED,
}


@dataclass(frozen=True)
class PlacementTries:
    """What has the bridge try, or look, again."""

    desk: PlacementDesk

    def again(self, seen: Seen, by: Orderer, *, has_checked: bool) -> str:
        """Send it again; what was done, in Russian. Raises `NotDone`.

        `has_checked`: the person says that the answer is not there.
        """
        with self.desk.holding(seen, by, _RETRIED) as held:
            if held.found.delivery.state == EffectState.PENDING:
                told = self._hurry(held)
            else:
                _insist(held, has_checked=has_checked)
                told = self._anew(held) if held.found.is_late else self._approve(held)
            held.record(Action.PLACEMENT_RETRIED, checked=has_checked)
        return told

    def look(self, seen: Seen, by: Orderer) -> str:
        """Have a worker look whether it is there; what was done. Raises `NotDone`."""
        with self.desk.holding(seen, by, LOOKED_AT) as held:
            if not held.found.delivery.text:
                raise NotDone("Проверять нечего: этот ответ не отправлялся.")
            if not order_look(held.session, held.ticket.id, seen.delivery, held.now):
                raise NotDone("Проверка уже поручена, результат появится здесь.")
            held.record(Action.PLACEMENT_LOOKED_FOR)
        return "Поручено проверить. Результат появится здесь, обычно в течение минуты."

    def _hurry(self, held: Held) -> str:
        for row in held.left:
            deliveries.hurry(held.session, row.id, held.now)
        held.show()
        return "Ответ будет отправлен сейчас, если канал работает."

    def _anew(self, held: Held) -> str:
        """The ticket is closed and the answer stands elsewhere: this system alone is served."""
        for row in held.left:
            deliveries.begin_anew(held.session, row.id, held.now)
        held.show()
        return "Ответ будет отправлен ещё раз."

    def _approve(self, held: Held) -> str:
        """As the curator does in the helpdesk: a new approval, in everybody's sight.

        So nobody places it by hand meanwhile, what was corrected goes out corrected, and it goes
        only where it does not stand.
        """
        if held.ticket.status != Status.MANUAL_PLACEMENT:
            name = self.desk.status_name(Status.MANUAL_PLACEMENT)
            raise NotDone(f"Карточка ещё не в статусе «{name}». Повторите через минуту.")
        status = _APPROVED[to_placement(held.found.effect.payload).kind]
        values = {
            "who": held.by.name,
            "at": self.desk.moment(),
            "status": self.desk.status_name(status),
        }
        order = OrderedUpdate(
            Note("ordered_again", values), only_in=(Status.MANUAL_PLACEMENT,), status=status
        )
        key = f"again:{held.found.effect.id}"
        if not order_update(held.session, held.ticket.id, key, order, held.now):
            raise NotDone("Этот ответ уже поручено отправить ещё раз.")
        return "Поручено отправить ещё раз. Ответ уйдёт, как он сейчас записан в карточке."


def _insist(held: Held, *, has_checked: bool) -> None:
    rows: list[DeliveryRow] = [*deliveries.of_effect(held.session, held.found.effect.id)]
    unsure = any(row.state == EffectState.UNCERTAIN for row in rows) or held.has_standing_parts
    if unsure and not has_checked:
        raise NotDone(
            "Неизвестно, виден ли ответ, а второй такой же хуже опоздавшего. Сначала нажмите "
            "«Проверить, нет ли его там» или откройте сообщение и отметьте «я проверил: ответа "
            "там нет»."
        )
