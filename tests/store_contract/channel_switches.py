"""What is switched off waits whole, and says who did it and why."""

from sqlalchemy.orm import Session

from bridge.findings import Finding, State
from bridge.store import channel_checks, channel_figures, channel_states, channel_switches, inbox
from bridge.store.channel_states import SWITCHED_OFF, ChannelCondition, Hold
from bridge.store.database import Store
from bridge.store.models import DeliveryRow, EffectRow, EffectState, SourceRow
from tests.store_contract.rows import NOW, add_ticket, arrival, minutes, record

CHANNEL = "vk-head"


class ChannelSwitchesContract:
    def test_a_channel_is_off_until_somebody_switches_it_on(self, store: Store) -> None:
        assert _switch_off(store, "ivanov", "меняем ключи")
        assert not _switch_off(store, "petrov", "тоже")
        with store.reading() as session:
            (row,) = channel_switches.switched_off(session)
        assert (row.channel, row.actor, row.reason) == (CHANNEL, "ivanov", "меняем ключи")
        with store.writing() as session:
            assert channel_switches.switch_on(session, CHANNEL)
            assert not channel_switches.switch_on(session, CHANNEL)
            assert channel_switches.switch_of(session, CHANNEL) is None

    def test_being_off_holds_answers_whatever_a_probe_finds(self, store: Store) -> None:
        down = Hold(CHANNEL, ChannelCondition.DOWN, NOW, None, "5", "Ключ не принят.")
        with store.writing() as session:
            channel_states.set_hold(session, down)
        _switch_off(store, "ivanov", "меняем ключи")
        with store.writing() as session:
            channel_states.release(session, CHANNEL)
            hold = channel_states.hold_of(session, CHANNEL, minutes(600))
        assert hold
        assert (hold.condition, hold.code) == (ChannelCondition.OFF, SWITCHED_OFF)
        assert "меняем ключи" in hold.meaning

    def test_events_of_a_channel_that_is_off_wait(self, store: Store) -> None:
        mine = record(store, arrival("e1", CHANNEL))
        other = record(store, arrival("e2", "vk-other"))
        _switch_off(store, "ivanov", "меняем ключи")
        assert _waiting(store) == [other]
        with store.writing() as session:
            channel_switches.switch_on(session, CHANNEL)
        assert _waiting(store) == [mine, other]

    def test_what_a_probe_found_last_is_kept(self, store: Store) -> None:
        green, red = Finding("ключ", State.OK, "Действует."), Finding("ключ", State.FAIL, "Нет.")
        with store.writing() as session:
            assert channel_checks.last(session, CHANNEL) is None
            channel_checks.keep(session, CHANNEL, [red], NOW)
            channel_checks.keep(session, CHANNEL, [green, red, green], minutes(5))
        with store.reading() as session:
            check = channel_checks.last(session, CHANNEL)
        assert check
        assert (check.at, check.findings) == (minutes(5), (green, red, green))
        assert check.state is State.FAIL

    def test_a_channels_traffic_is_counted(self, store: Store) -> None:
        with store.writing() as session:
            for number, state in enumerate(
                (EffectState.DONE, EffectState.FAILED, EffectState.FAILED, EffectState.PENDING)
            ):
                _deliver(session, number, state)
        with store.reading() as session:
            came = channel_figures.incoming(session, CHANNEL, minutes(-60))
            went = channel_figures.outgoing(session, CHANNEL, minutes(-60))
            troubles = channel_figures.troubles(session, CHANNEL, minutes(-60), 5)
        assert came.last == NOW
        assert (came.waiting, came.unreadable) == (4, 0)
        assert came.by_hour == {NOW.replace(minute=0): 4}
        assert (went.placed, went.failed, went.waiting) == (1, 2, 1)
        assert [(each.code, each.count) for each in troubles] == [("213", 2)]


def _switch_off(store: Store, actor: str, reason: str) -> bool:
    with store.writing() as session:
        return channel_switches.switch_off(session, CHANNEL, actor, reason, NOW)


def _waiting(store: Store) -> list[int]:
    with store.reading() as session:
        return list(inbox.waiting(session, minutes(1), 10))


def _deliver(session: Session, number: int, state: EffectState) -> None:
    ticket = add_ticket(session, number)
    effect = EffectRow(
        ticket_id=ticket.id,
        key="place:1",
        kind="place_answer",
        channel=CHANNEL,
        payload={},
        created_at=NOW,
        next_attempt_at=NOW,
    )
    session.add(effect)
    session.flush()
    source = session.query(SourceRow).filter_by(message_id=ticket.message_id).one()
    session.add(
        DeliveryRow(
            effect_id=effect.id,
            source_id=source.id,
            part=1,
            text="Яму засыплют.",
            state=state,
            next_attempt_at=NOW,
            finished_at=None if state is EffectState.PENDING else NOW,
            code="213" if state is EffectState.FAILED else "",
            meaning="Комментарии закрыты." if state is EffectState.FAILED else "",
        )
    )
    session.flush()
