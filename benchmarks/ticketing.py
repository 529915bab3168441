"""Tickets a second from bursts of comments, against the REST limit of the same Redmine.

The limit is what as many connections as there are workers reach by doing nothing but creating
issues with the same fields. Bursts and plain creations take turns, and each burst is compared with
the plain creations right before and after it, because Redmine slows down as its database grows,
and others may use the machine, too. The median of the turns is reported.
"""

import itertools
import json
import time
from collections.abc import Mapping, Sequence
from statistics import mean, median
from typing import Any

from sqlalchemy import func, select

from benchmarks.http_load import as_fast_as_answered, post_request
from benchmarks.report import Bound, Goal, Measurement
from benchmarks.surroundings import Surroundings
from bridge.effects import EffectKind
from bridge.store.models import EffectRow, EventState, InboxEvent, TicketRow
from bridge.store.tickets import open_ids
from sandbox.redmine_staff import RedmineDesk
from sandbox.vk.client import SandboxVk

LIMIT_RATIO = Goal(Bound.AT_LEAST, 0.9)

POST = 2
WARM_UP = 10
TURNS = 5
TICKETS = 80
_TEXT = "На улице Ленина огромная яма, чуть колесо не оставила. Сообщение {n}. Когда заделаете?"
_PATIENCE_SECONDS = 300.0
_LOOK_SECONDS = 0.05


def measure(here: Surroundings, connections: int) -> list[Measurement]:
    """Make tickets by the bridge, and issues without it."""
    _burst(here, WARM_UP)
    template = _an_issue(here)
    plain = [_plain_rate(here, template, connections)]
    bursts = []
    for _ in range(TURNS):
        bursts.append(_burst(here, TICKETS))
        plain.append(_plain_rate(here, template, connections))
    ratios = [
        burst / mean(around)
        for burst, around in zip(bursts, itertools.pairwise(plain), strict=True)
    ]
    return [
        Measurement(f"tickets by {connections} workers", median(bursts), "/s"),
        Measurement(f"plain REST creation, {connections} connections", median(plain), "/s"),
        Measurement("tickets / plain REST creation", median(ratios), goal=LIMIT_RATIO),
    ]


def _burst(here: Surroundings, count: int) -> float:
    """Tickets a second, from the first ticket of a burst to the last."""
    _await_rest(here)
    wanted = _tickets(here) + count
    owner_id = here.page.community.owner_id
    burst = {"owner_id": owner_id, "post_id": POST, "count": count, "text": _TEXT}
    started = time.perf_counter()
    SandboxVk(here.vk_url).control("POST", "burst", burst)
    while _tickets(here) < wanted:
        if time.perf_counter() - started > _PATIENCE_SECONDS:
            raise TimeoutError(f"{_tickets(here)} of {wanted} tickets")
        time.sleep(_LOOK_SECONDS)
    return _rate_of_the_last(here, count)


def _rate_of_the_last(here: Surroundings, count: int) -> float:
    with here.store.reading() as session:
        made = session.scalars(
            select(EffectRow.finished_at)
            .where(EffectRow.kind == EffectKind.CREATE_TICKET)
            .order_by(EffectRow.finished_at.desc())
            .limit(count)
        ).all()
    instants = [instant for instant in made if instant is not None]
    return (count - 1) / (max(instants) - min(instants)).total_seconds()


def _await_rest(here: Surroundings) -> None:
    """Wait until no event is left to process, so that one measurement does not slow the next."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while _waiting_events(here):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{_waiting_events(here)} events are still to be processed")
        time.sleep(_LOOK_SECONDS)


def _waiting_events(here: Surroundings) -> int:
    with here.store.reading() as session:
        waiting = select(func.count()).where(InboxEvent.state == EventState.RECEIVED)
        return session.scalar(waiting) or 0


def _tickets(here: Surroundings) -> int:
    """How many tickets stand in the helpdesk."""
    with here.store.reading() as session:
        known = select(func.count()).where(TicketRow.issue_id.is_not(None))
        return session.scalar(known) or 0


def _an_issue(here: Surroundings) -> Mapping[str, Any]:
    """What one of the bridge's tickets consists of, as one would send it to create another."""
    with here.store.reading() as session:
        issue_id = session.get_one(TicketRow, open_ids(session, 0, 1)[0]).issue_id
    robot = RedmineDesk(here.access.url, here.access.robot_key, {"statuses": {}, "fields": {}})
    issue = robot.call("GET", f"/issues/{issue_id}.json").json()["issue"]
    fields = [
        {"id": entry["id"], "value": entry["value"]}
        for entry in issue["custom_fields"]
        if entry["value"]
    ]
    return {
        "project_id": issue["project"]["id"],
        "tracker_id": issue["tracker"]["id"],
        "status_id": issue["status"]["id"],
        "assigned_to_id": issue["assigned_to"]["id"],
        "subject": issue["subject"],
        "description": issue["description"],
        "start_date": None,
        "due_date": issue["due_date"],
        "custom_fields": fields,
    }


def _plain_rate(here: Surroundings, template: Mapping[str, Any], connections: int) -> float:
    url = f"{here.access.url}/issues.json"
    requests = [
        post_request(url, body, X_Redmine_API_Key=here.access.robot_key)
        for body in _bodies(template)
    ]
    _await_rest(here)
    return as_fast_as_answered(url, requests, connections).rate


def _bodies(template: Mapping[str, Any]) -> Sequence[bytes]:
    """Issues that differ in their subject, as tickets do."""
    return [
        json.dumps({"issue": {**template, "subject": f"Сообщение {number}"}}).encode()
        for number in range(TICKETS)
    ]
