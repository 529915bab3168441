"""A store in which something of every kind waits, runs, failed: for whoever looks at figures."""

from dataclasses import replace

from bridge.effects import EffectKind
from bridge.sla.clocks import CURATOR, stopped
from bridge.sla.readings import Readings
from bridge.store import channel_states, clocks, nightly, outbox, polls, silences, tickets
from bridge.store.channel_states import ChannelCondition, Hold
from bridge.store.database import Store
from bridge.store.models import (
    AttachmentRow,
    Cause,
    DeliveryRow,
    EffectState,
    NightlyDifferenceRow,
    Outcome,
    Side,
    SourceRow,
    TicketRow,
)
from bridge.store.nightly import Tally
from bridge.store.polls import PollKey
from tests.store_contract.clocks import ANSWER, PLACEMENT
from tests.store_contract.rows import NOW, minutes, new_ticket

OWNER = "w1"


def fill(store: Store) -> None:
    """Three tickets: one needs attention, one is answered, one's answer is uncertain."""
    waits, answered, uncertain = (new_ticket(store, number) for number in (1, 2, 3))
    with store.writing() as session:
        row = session.get_one(TicketRow, waits)
        row.attention, row.status = "нет прав", "assigned"
        session.get_one(TicketRow, uncertain).status = "manual_placement"
        session.get_one(TicketRow, answered).closed = True
        tickets.note_repair(session, waits, minutes(1), minutes(2))
        clocks.save(session, waits, [ANSWER, replace(PLACEMENT, due=minutes(-5))])
        clocks.save(
            session,
            answered,
            [
                stopped(ANSWER, minutes(30), Readings()),
                stopped(replace(PLACEMENT, holder=CURATOR), minutes(300), Readings()),
            ],
        )
    _place(store, answered, EffectState.DONE)
    _place(store, uncertain, EffectState.UNCERTAIN)
    _watch(store)
    _reconcile_nightly(store, waits)


def _place(store: Store, ticket_id: int, state: EffectState) -> None:
    with store.writing() as session:
        message = session.get_one(TicketRow, ticket_id).message_id
        outbox.add(
            session,
            ticket_id=ticket_id,
            key="place:1",
            kind=EffectKind.PLACE_ANSWER,
            channel="vk-head",
            payload={},
            now=NOW,
        )
        effect = outbox.first_open(session, ticket_id, EffectKind.PLACE_ANSWER)
        assert effect
        source = session.query(SourceRow).filter_by(message_id=message).one()
        outbox.finish(session, effect.id, state=state, now=NOW)
        session.add(
            DeliveryRow(
                effect_id=effect.id,
                source_id=source.id,
                part=1,
                text="",
                state=state,
                next_attempt_at=NOW,
            )
        )
        session.add(
            AttachmentRow(
                message_id=message, kind="photo", url="", title="", next_attempt_at=NOW, at=NOW
            )
        )


def _watch(store: Store) -> None:
    key = PollKey("ok-head", "feed")
    with store.writing() as session:
        for channel, until in (("down", None), ("paused", minutes(5)), ("rested", minutes(-5))):
            condition = ChannelCondition.PAUSED if until else ChannelCondition.DOWN
            channel_states.set_hold(session, Hold(channel, condition, minutes(-10), until, "9", ""))
        silences.begin(session, "vk-head", minutes(-90), NOW)
        polls.acquire(session, key, OWNER, minutes(-20), minutes(20))
        polls.keep(session, key, OWNER, {}, minutes(-20))
        polls.fail(session, key, OWNER, minutes(-10), "100", "")


def _reconcile_nightly(store: Store, ticket_id: int) -> None:
    with store.writing() as session:
        nightly.open_run(session, minutes(-99), minutes(-60))
        run = nightly.take(session, OWNER, minutes(-60), minutes(60))
        assert run
        nightly.advance(session, run.id, OWNER, 1, Tally(looked=3, read=2, differing=1), NOW)
        nightly.add_difference(
            session,
            NightlyDifferenceRow(
                run_id=run.id,
                ticket_id=ticket_id,
                at=NOW,
                side=Side.HELPDESK,
                what="status",
                was="",
                became="",
                cause=Cause.LOST_WEBHOOK,
                outcome=Outcome.MENDED,
            ),
        )
        nightly.finish(session, run.id, OWNER, minutes(-30))
        nightly.open_run(session, minutes(-60), minutes(-15))
