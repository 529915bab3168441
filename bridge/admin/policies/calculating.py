"""The calculator: what a person asks about one message, and every deadline with its arithmetic."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from bridge.messages import Visibility
from bridge.office import Office
from bridge.sla.day_marks import note_on
from bridge.sla.deadlines import Deadline
from bridge.sla.forecast import DueCase, forecast
from bridge.sla.given_instants import given_instant
from bridge.sla.office_calendar import OfficeDay
from bridge.sla.policy import ClockKind, Policy
from bridge.sla.service_time import Segment, ServiceCalendar
from bridge.sla.wording import CLOCK_TITLES, amount, clock_time, counted, weekday

_ONE_DAY = timedelta(days=1)
_SHOWN_AT_EACH_END = 20
_VISIBILITIES = {Visibility.FEED: "лента", Visibility.DIRECT: "личные сообщения"}

Option = tuple[str, str]


@dataclass(frozen=True)
class Question:
    """One case as asked. `source` is `<channel>:<visibility>` or `policy:<key>`."""

    source: str
    policy: Policy
    arrived_at: datetime
    sent_at: datetime | None
    interim_at: datetime | None
    photos: bool

    @classmethod
    def of(cls, arguments: Mapping[str, str], office: Office, now: datetime) -> Self:
        """Raises ValueError, in Russian, for what cannot be asked."""
        zone = office.calendar.zone
        at_once = bool(arguments.get("now"))

        def instant(key: str, name: str) -> datetime | None:
            given = arguments.get(key, "")
            return given_instant(name, given, zone) if given and not at_once else None

        source = arguments.get("source") or sources(office)[0][0]
        question = cls(
            source=source,
            policy=_policy(source, office),
            arrived_at=instant("moment", "Поступило") or _minute(now.astimezone(zone)),
            sent_at=instant("sent", "Направлено исполнителю"),
            interim_at=instant("interim", "Промежуточный ответ"),
            photos=arguments.get("photos") == "1",
        )
        question._check()
        return question

    def _check(self) -> None:
        if self.sent_at and self.sent_at < self.arrived_at:
            raise ValueError("Сообщение направлено исполнителю раньше, чем поступило.")
        if self.interim_at and self.interim_at < (self.sent_at or self.arrived_at):
            raise ValueError("Промежуточный ответ раньше, чем сообщение направлено исполнителю.")

    @property
    def case(self) -> DueCase:
        """What is known of the message: without another word it is sent on as it arrives."""
        return DueCase(
            sent_at=self.sent_at or self.arrived_at,
            arrived_at=self.arrived_at,
            interim_at=self.interim_at,
            photos=self.photos,
        )

    @property
    def fields(self) -> dict[str, str]:
        """What the form's fields hold; instants in the office's own time."""
        zone = self.arrived_at.tzinfo
        instants = {"moment": self.arrived_at, "sent": self.sent_at, "interim": self.interim_at}
        written = {
            key: f"{instant.astimezone(zone):%Y-%m-%dT%H:%M}" if instant else ""
            for key, instant in instants.items()
        }
        return written | {"source": self.source, "photos": "1" if self.photos else ""}


@dataclass(frozen=True)
class Reckoning:
    """One deadline: the sentences of its arithmetic, and what was counted line by line."""

    title: str
    clause: str
    start: datetime
    due: datetime
    sentences: tuple[str, ...]
    lines: tuple[str, ...]
    provisional: bool


def reckon(question: Question, calendar: ServiceCalendar) -> tuple[Reckoning, ...]:
    """Every deadline. Raises ValueError when one leaves the calendar's years."""
    return tuple(
        _reckoning(deadline, calendar)
        for deadline in forecast(question.policy, question.case, calendar)
    )


def sources(office: Office) -> Sequence[Option]:
    """What a message can come by: each channel's feed and direct messages, then each policy."""
    channels = [
        (f"{channel.key}:{visibility.value}", f"{channel.title} — {_VISIBILITIES[visibility]}")
        for channel in office.channels
        for visibility in Visibility
    ]
    policies = [
        (f"policy:{key}", f"Политика «{policy.title}»")
        for key, policy in office.policies.by_key.items()
    ]
    return [*channels, *policies]


def channels_of(policy: str, office: Office) -> tuple[str, ...]:
    """Which messages the policy rules."""
    return tuple(
        f"{channel.title} — {_VISIBILITIES[visibility]}"
        for channel in office.channels
        for visibility in Visibility
        if channel.policy.of(visibility) == policy
    )


def _policy(source: str, office: Office) -> Policy:
    kind, _, key = source.partition(":")
    if kind == "policy":
        return office.policies.policy(key)
    known = [visibility.value for visibility in Visibility]
    if kind not in office.channels or key not in known:
        raise ValueError(f"Канала «{source}» нет.")
    return office.policies.policy(office.channels[kind].policy.of(Visibility(key)))


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _reckoning(deadline: Deadline, calendar: ServiceCalendar) -> Reckoning:
    # An interim answer is due with the answer, whose lines are told already.
    counted_in_hours = deadline.alarm.in_service_time and deadline.clock is not ClockKind.INTERIM
    lines = _lines(deadline, calendar) if counted_in_hours else ()
    return Reckoning(
        title=CLOCK_TITLES[deadline.clock],
        clause=deadline.clause,
        start=deadline.start,
        due=deadline.due,
        sentences=tuple(deadline.explanation.split("; ")),
        lines=_without_middle(tuple(lines)),
        provisional=deadline.provisional,
    )


def _lines(deadline: Deadline, calendar: ServiceCalendar) -> Iterator[str]:
    """Day by day: what of it was counted, and what it had come to by then."""
    total = timedelta()
    segments = calendar.segments(deadline.start, deadline.due)
    day = calendar.local_date(deadline.start)
    while day <= calendar.local_date(deadline.due):
        of_day = [segment for segment in segments if segment.start.date() == day]
        for segment in of_day:
            total += segment.amount
            yield _segment(segment, total)
        if not of_day:
            yield _uncounted(calendar.office.day(day))
        day += _ONE_DAY


def _segment(segment: Segment, total: timedelta) -> str:
    start, end = clock_time(segment.start), clock_time(segment.end)
    day = f"{weekday(segment.start)} {segment.start:%d.%m}"
    return f"{day}, {start}–{end}: {amount(segment.amount)}, всего {amount(total)}"


def _uncounted(day: OfficeDay) -> str:
    why = "рабочее время дня уже кончилось" if day.is_working else note_on(day)
    return f"{weekday(day.date)} {day.date:%d.%m}: не считается — {why}"


def _without_middle(lines: tuple[str, ...]) -> tuple[str, ...]:
    middle = len(lines) - 2 * _SHOWN_AT_EACH_END
    if middle <= 1:
        return lines
    gap = f"… ещё {counted(middle, 'строка', 'строки', 'строк')} …"
    return (*lines[:_SHOWN_AT_EACH_END], gap, *lines[-_SHOWN_AT_EACH_END:])
