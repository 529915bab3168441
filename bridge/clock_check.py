"""Does this host's clock agree with the store's? Leases are taken and judged by hosts' clocks."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bridge.findings import Finding, State
from bridge.store import clock
from bridge.store.database import Store

WARN = timedelta(seconds=5)
NAME = "Хранилище: часы"
REMEDY = "Включите на этом сервере и на сервере хранилища синхронизацию времени (NTP)."


def check_clock(store: Store, spare: timedelta, now: Callable[[], datetime]) -> Finding | None:
    """How far the clocks are apart; None where there is only one.

    `spare` is by how much a lease outlasts the longest call that is made under it. Each host may be
    off by half of it before one of them could take a ticket over from another that is at work.
    """
    before = now()
    told = clock.server_time(store)
    if told is None:
        return None
    return judge(max(before - told, told - now(), timedelta()), spare)


def judge(difference: timedelta, spare: timedelta) -> Finding:
    """What a difference between the two clocks means."""
    seconds = f"{difference.total_seconds():.1f} с".replace(".", ",")
    text = f"расходятся с часами этого сервера на {seconds}"
    if difference <= WARN:
        return Finding(NAME, State.OK, text)
    if difference <= spare / 2:
        return Finding(NAME, State.WARN, text, REMEDY)
    return Finding(
        NAME, State.FAIL, f"{text}: два обработчика могут взяться за одну карточку", REMEDY
    )
