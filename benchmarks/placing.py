"""From the curator's approval in Redmine to the answer under the citizen's comment."""

import time
from threading import Event

from sqlalchemy import select

from benchmarks.http_load import percentile
from benchmarks.report import Bound, Goal, Measurement
from benchmarks.surroundings import Surroundings
from bridge.store import tickets
from bridge.store.models import TicketRow
from sandbox.vk import model

P95 = Goal(Bound.AT_MOST, 2.0)

ANSWERS = 40
_ANSWER = "Яму на улице Ленина заделают завтра до 18:00."
_PATIENCE_SECONDS = 60.0
_LOOK_SECONDS = 0.05


class _Wall:
    """Tells when the community's next comment appears on its wall."""

    def __init__(self, owner_id: int) -> None:
        self._owner_id = owner_id
        self._appeared = Event()
        self._at = 0.0

    def accept(self, event: model.Event) -> None:
        if event.type == "wall_reply_new" and event.object.get("from_id") == self._owner_id:
            self._at = time.perf_counter()
            self._appeared.set()

    def expect(self) -> None:
        self._appeared.clear()

    def appeared_at(self) -> float:
        if not self._appeared.wait(_PATIENCE_SECONDS):
            raise TimeoutError("no answer appeared")
        return self._at


def measure(here: Surroundings) -> list[Measurement]:
    """Have tickets answered and approved one after the other."""
    wall = _Wall(here.page.community.owner_id)
    here.vk.world.subscribe(wall.accept)
    issues = _assigned(here)
    seconds = [_seconds_to_place(here, wall, issue_id) for issue_id in issues]
    return [
        Measurement("approval to visible answer, p50", percentile(seconds, 50), "s"),
        Measurement("approval to visible answer, p95", percentile(seconds, 95), "s", P95),
    ]


def _assigned(here: Surroundings) -> list[int]:
    with here.store.reading() as session:
        issues = session.scalars(
            select(TicketRow.issue_id)
            .where(TicketRow.issue_id.is_not(None), TicketRow.status == "assigned")
            .order_by(TicketRow.id)
            .limit(ANSWERS)
        ).all()
    return [issue_id for issue_id in issues if issue_id is not None]


def _seconds_to_place(here: Surroundings, wall: _Wall, issue_id: int) -> float:
    """From Redmine's answer to the curator until the comment stands on the wall."""
    here.staff.roads.desk.move(issue_id, "review", {"answer_text": _ANSWER}).raise_for_status()
    _await_status(here, issue_id, "review")
    wall.expect()
    here.staff.curator.desk.move(issue_id, "approved").raise_for_status()
    approved_at = time.perf_counter()
    seconds = max(0.0, wall.appeared_at() - approved_at)
    _await_status(here, issue_id, "placed")
    return seconds


def _await_status(here: Surroundings, issue_id: int, status: str) -> None:
    """Wait until the bridge has seen it and written what follows from it.

    A person who saves a ticket while the bridge does is told by Redmine to look at it again.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not _has_settled(here, issue_id, status):
        if time.monotonic() > deadline:
            raise TimeoutError(f"issue {issue_id} is not seen as {status}")
        time.sleep(_LOOK_SECONDS)


def _has_settled(here: Surroundings, issue_id: int, status: str) -> bool:
    with here.store.reading() as session:
        ticket = tickets.by_issue(session, issue_id)
    return ticket is not None and ticket.status == status and ticket.lease_owner is None
