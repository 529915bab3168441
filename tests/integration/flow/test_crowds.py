"""Many at once: callbacks in a burst, workers at the same ticket."""

import threading

import pytest
from sqlalchemy import func, select

from bridge.store.models import DecisionRow, EffectRow, MessageRow, TicketRow
from sandbox.vk.client import SandboxVk
from sandbox.vk.seed import ADMINISTRATION
from tests.town import Town, eventually

ANSWER = "Яму заделают завтра до 18:00."
BURST = 1000
BURST_SECONDS = 420.0


def tickets_with_issue(town: Town) -> int:
    with town.store.reading() as session:
        with_issue = select(func.count(TicketRow.id)).where(TicketRow.issue_id.is_not(None))
        return session.scalar(with_issue) or 0


@pytest.mark.scenario(13, 21)
def test_a_thousand_callbacks_with_duplicates_make_a_ticket_each(town: Town) -> None:
    # As often as in service: reading the list of changes costs the helpdesk, too.
    town.settings["BRIDGE_SWEEP_SECONDS"] = "60"
    town.start_everything()
    burst = {
        "owner_id": ADMINISTRATION.owner_id,
        "post_id": 1,
        "count": BURST,
        "text": "Яма на дороге, номер {n}.",
        "each_event_twice": True,
    }
    SandboxVk(town.surroundings.vk_url).control("POST", "burst", burst)
    assert town.surroundings.vk.settle(120)
    deliveries = town.surroundings.vk.callbacks.log.all()
    assert len(deliveries) == 2 * BURST
    assert {delivery.attempts[-1].answer for delivery in deliveries} == {"ok"}
    eventually(lambda: tickets_with_issue(town) == BURST, "a ticket each", BURST_SECONDS)
    with town.store.reading() as session:
        assert session.scalar(select(func.count(MessageRow.id))) == BURST
        distinct = select(func.count(func.distinct(TicketRow.issue_id)))
        assert session.scalar(distinct) == BURST


@pytest.mark.scenario(21)
@pytest.mark.parametrize("workers", [4])
def test_workers_at_the_same_ticket_take_one_decision(town: Town, workers: int) -> None:
    town.open_hooks()
    comment = town.citizen_comments()
    eventually(lambda: town.run("sweep").returncode == 0 and town.ticket_of(comment), "ticket")
    issue = town.issue_of(comment)
    town.approved_answer(issue, ANSWER)
    at_once = [
        threading.Thread(target=town.run, args=("reconcile", str(issue))) for _ in range(workers)
    ]
    for thread in at_once:
        thread.start()
    for thread in at_once:
        thread.join()
    assert town.run("sweep").returncode == 0
    assert len(town.answers_under(comment)) == 1
    assert town.surroundings.curator.read(issue).status == "placed"
    with town.store.reading() as session:
        placements = select(func.count(EffectRow.id)).where(EffectRow.kind == "place_answer")
        assert session.scalar(placements) == 1
        decisions = session.scalars(select(DecisionRow)).all()
        deciding = [row for row in decisions if "placed" in str(row.summary["effects"])]
        assert len(deciding) == 1
