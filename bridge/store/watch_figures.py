"""Figures of what the bridge watches: channels, polls, sources, the nightly run."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bridge.store import nightly, silences
from bridge.store.figures import Figures, age, single
from bridge.store.models import ChannelStateRow, NightlyRunRow, PollRow


def held_channels(session: Session, now: datetime) -> Figures:
    """1 for each channel that must not be used now, by its condition, `paused` or `down`."""
    held = or_(ChannelStateRow.until.is_(None), ChannelStateRow.until > now)
    rows = session.scalars(select(ChannelStateRow).where(held))
    return {(row.channel, row.state): 1.0 for row in rows}


def silent_sources(session: Session, _now: datetime) -> Figures:
    """1 for each source that is silent for longer than usual."""
    return {(row.source,): 1.0 for row in silences.silent(session)}


def failing_polls(session: Session, now: datetime) -> Figures:
    """Seconds since when each poll fails; 0 for those that do not."""
    rows = session.scalars(select(PollRow))
    return {(row.channel, row.name): age(now, row.failing_since) for row in rows}


def last_looks(session: Session, now: datetime) -> Figures:
    """Seconds since each poll last succeeded; left out: those that never did."""
    rows = session.scalars(select(PollRow).where(PollRow.looked_at.is_not(None)))
    return {(row.channel, row.name): age(now, row.looked_at) for row in rows}


def nightly_finished(session: Session, now: datetime) -> Figures:
    """Seconds since the last nightly run ended that came to its end; nothing when none did."""
    run = nightly.last_finished(session)
    return single(age(now, run.finished_at)) if run else {}


def nightly_running(session: Session, now: datetime) -> Figures:
    """Seconds since the nightly run began that has not ended; 0 when there is none."""
    run = nightly.active_run(session)
    return single(age(now, run.started_at) if run else 0.0)


def nightly_tickets(session: Session, _now: datetime) -> Figures:
    """What the last finished run came to: tickets looked at, read, differing, failed."""
    run = nightly.last_finished(session)
    return _counters(run) if run else {}


def nightly_differences(session: Session, _now: datetime) -> Figures:
    """What the last finished run found, by cause and outcome."""
    run = nightly.last_finished(session)
    counts = nightly.counts(session, run.id) if run else {}
    return {labels: float(count) for labels, count in counts.items()}


def _counters(run: NightlyRunRow) -> Figures:
    names = ("looked", "read", "differing", "failed")
    return {(name,): float(getattr(run, name)) for name in names}
