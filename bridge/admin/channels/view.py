"""What the page says of one channel, read in one view of the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bridge.admin.channels.rhythm_picture import RhythmPicture, draw
from bridge.channels import ChannelSettings
from bridge.findings import State
from bridge.store import channel_checks, channel_figures, channel_states, channel_switches, silences
from bridge.store import polls as poll_rows
from bridge.store.channel_checks import ChannelCheck
from bridge.store.channel_figures import Incoming, Outgoing, Trouble
from bridge.store.channel_states import ChannelCondition, Hold
from bridge.store.models import ChannelSwitchRow, PollRow

WEEK: Final = timedelta(days=7)
_MOST_TROUBLES: Final = 8


@dataclass(frozen=True)
class Light:
    """How a channel does in a word; `tone` as the pages' badges have it."""

    tone: str
    word: str


@dataclass(frozen=True)
class ChannelView:
    """One channel. Instants are UTC; counts are of the last seven days."""

    settings: ChannelSettings
    light: Light
    incoming: Incoming
    outgoing: Outgoing
    troubles: Sequence[Trouble]
    polls: Sequence[PollRow]
    switch: ChannelSwitchRow | None
    hold: Hold | None
    silent_since: datetime | None
    check: ChannelCheck | None
    rhythm: RhythmPicture


def read_channel(
    session: Session, settings: ChannelSettings, now: datetime, zone: ZoneInfo
) -> ChannelView:
    """The channel as it is at `now`."""
    key, since = settings.key, now - WEEK
    came = channel_figures.incoming(session, key, since)
    switch = channel_switches.switch_of(session, key)
    hold = channel_states.hold_of(session, key, now)
    polled = poll_rows.of_channel(session, key)
    silence = {row.source: row.since for row in silences.silent(session)}.get(key)
    check = channel_checks.last(session, key)
    return ChannelView(
        settings=settings,
        light=light_of(
            switch=switch,
            hold=hold,
            polled=polled,
            silent_since=silence,
            check=check,
            heard=came.last is not None,
        ),
        incoming=came,
        outgoing=channel_figures.outgoing(session, key, since),
        troubles=channel_figures.troubles(session, key, since, _MOST_TROUBLES),
        polls=polled,
        switch=switch,
        hold=hold,
        silent_since=silence,
        check=check,
        rhythm=draw(came.by_hour, now, zone),
    )


def light_of(
    *,
    switch: ChannelSwitchRow | None,
    hold: Hold | None,
    polled: Sequence[PollRow],
    silent_since: datetime | None,
    check: ChannelCheck | None,
    heard: bool,
) -> Light:
    """The worst that is known of the channel."""
    if switch:
        return Light("idle", "выключен")
    if hold and hold.condition is ChannelCondition.DOWN:
        return Light("bad", "не работает")
    if any(row.failing_since for row in polled):
        return Light("bad", "не опрашивается")
    if check and check.state is State.FAIL:
        return Light("bad", "проверка не пройдена")
    if hold:
        return Light("warn", "отдыхает")
    if silent_since:
        return Light("warn", "необычно тихо")
    if check and check.state is State.WARN:
        return Light("warn", "есть замечания")
    if not heard and not check:
        return Light("idle", "событий ещё не было")
    return Light("good", "работает")
