"""Whether the nightly reconciliation comes to its end, for `bridge check`."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bridge.findings import Finding, State
from bridge.store import nightly
from bridge.store.models import NightlyRunRow

NAME: Final = "Ночная сверка"
LONGEST: Final = timedelta(hours=6)
"""More than any run needs; one that takes longer is held up."""
RAREST: Final = timedelta(hours=36)
"""A night that was missed is made good by the next day's noon."""

_HELD_UP: Final = "Проверьте Redmine и обработчики; bridge nightly продолжит сверку и покажет ход."
_MISSING: Final = (
    "Проверьте, запущены ли bridge schedule и bridge worker, или выполните bridge nightly."
)


def check_nightly(session: Session, zone: ZoneInfo, now: datetime) -> Finding:
    """One line; `zone` is the office's."""
    running = nightly.active_run(session)
    if running and now - running.started_at > LONGEST:
        return Finding(NAME, State.FAIL, _never_ends(running, zone), _HELD_UP)
    finished = nightly.last_finished(session)
    if finished and finished.finished_at and now - finished.finished_at <= RAREST:
        return Finding(NAME, State.OK, _ended(finished, zone))
    first = nightly.first_ticket_at(session)
    if first is None or now - first <= RAREST:
        return Finding(NAME, State.OK, "ещё не проводилась: карточки появились недавно")
    last = f"с {_local(finished.finished_at, zone)}" if finished else "ни разу"
    return Finding(NAME, State.FAIL, f"не завершалась {last}", _MISSING)


def _never_ends(run: NightlyRunRow, zone: ZoneInfo) -> str:
    text = f"начата {_local(run.started_at, zone)} и не закончена"
    return f"{text}: {run.reason}" if run.reason else text


def _ended(run: NightlyRunRow, zone: ZoneInfo) -> str:
    return (
        f"закончена {_local(run.finished_at, zone)}: карточек {run.looked},"
        f" с расхождениями {run.differing}, не сверено {run.failed}"
    )


def _local(instant: datetime | None, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%d.%m.%Y %H:%M}" if instant else ""
