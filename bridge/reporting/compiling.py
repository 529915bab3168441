"""From stored facts to the figures of one period: the report's arithmetic.

A message counts in the period in which it arrived, and its end in the one in which it ended; a
duty in the one in which it stopped. So a period that is over keeps its figures.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bridge.reporting.facts import Duty, Facts, MessageFact, Names
from bridge.reporting.fates import End, Fate, fate_of, unsure_at
from bridge.reporting.figures import (
    Breach,
    ChannelFigures,
    HolderFigures,
    MessageFigures,
    ReasonFigures,
    Report,
    Stretch,
)
from bridge.reporting.period import Period
from bridge.reporting.stretches import cut
from bridge.reporting.tallying import Span, by_clause, spread, tally
from bridge.reporting.yardstick import Yardstick
from bridge.sla.clocks import CURATOR, Verdict
from bridge.sla.policy import ClockKind

_CURATOR_NAME = "Куратор"
_REASON_UNKNOWN = "Причина не указана"
_ARRIVAL_AT_HOLDER = frozenset({ClockKind.ROUTING, ClockKind.ANSWER})
_VISIBILITIES = {"feed": "лента", "direct": "личные сообщения"}

TicketLink = Callable[[int], str]


EndedMessage = tuple[MessageFact, Fate]


@dataclass(frozen=True)
class _Traffic:
    """What came by one channel's feed, or its direct messages."""

    messages: list[EndedMessage] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)


@dataclass(frozen=True)
class Compiler:
    """Makes reports. `link` gives the address of a ticket by its number in the helpdesk."""

    yardstick: Yardstick
    names: Names
    link: TicketLink

    def report(self, period: Period, facts: Facts, now: datetime) -> Report:
        """The period's figures as known at `now`; one that goes on is reported up to `now`."""
        zone = self.yardstick.calendar.zone
        start = period.start(zone)
        span = Span(start, max(start, min(period.end(zone), now)))
        ended = [(message, fate_of(message)) for message in facts.messages]
        duties = [duty for duty in facts.duties if _concerns(duty, span)]
        return Report(
            period=period,
            zone=zone.key,
            made_at=now,
            final=period.is_closed(now, zone),
            messages=count_messages(ended, span),
            tally=tally(duties, span),
            interims=_interims(duties, span),
            curator=self._curator(duties, span),
            departments=self._departments(duties, span),
            channels=self._channels(ended, duties, span),
            clauses=by_clause(duties, span, self.yardstick),
            revisions=self._revisions(duties, span),
            breaches=self._breaches(duties, span),
            course=_course(period, facts, zone, span),
        )

    def _departments(self, duties: Iterable[Duty], span: Span) -> tuple[HolderFigures, ...]:
        """Those that had something to do, in the configuration's order; unknown ones last."""
        by_holder: dict[str, list[Duty]] = defaultdict(list)
        for duty in duties:
            if duty.holder != CURATOR:
                by_holder[duty.holder].append(duty)
        known = [key for key in self.names.departments if key in by_holder]
        keys = [*known, *sorted(by_holder.keys() - known)]
        return tuple(self._holder(key, by_holder[key], span) for key in keys)

    def _curator(self, duties: Iterable[Duty], span: Span) -> HolderFigures:
        return self._holder(CURATOR, [duty for duty in duties if duty.holder == CURATOR], span)

    def _holder(self, key: str, own: Sequence[Duty], span: Span) -> HolderFigures:
        return HolderFigures(
            key=key,
            name=self._holder_name(key),
            received=_received(own, span),
            tally=tally(own, span),
            answers=spread(
                [
                    (duty.stop - duty.start).total_seconds()
                    for duty in own
                    if duty.kind is ClockKind.ANSWER and duty.stop and span.ended(duty)
                ]
            ),
            interims=_interims(own, span),
            clauses=by_clause(own, span, self.yardstick),
            revisions=self._revisions(own, span),
        )

    def _channels(
        self, messages: Iterable[EndedMessage], duties: Iterable[Duty], span: Span
    ) -> tuple[ChannelFigures, ...]:
        """Those by which something came or was done, in the configuration's order."""
        traffic: dict[tuple[str, str], _Traffic] = defaultdict(_Traffic)
        for message, fate in messages:
            traffic[message.channel, message.visibility].messages.append((message, fate))
        for duty in duties:
            traffic[duty.channel, duty.visibility].duties.append(duty)
        found = (
            self._channel(key, traffic[key], span)
            for key in sorted(traffic, key=self._channel_order)
        )
        return tuple(one for one in found if _had_something(one))

    def _channel(self, key: tuple[str, str], traffic: _Traffic, span: Span) -> ChannelFigures:
        channel, visibility = key
        return ChannelFigures(
            key=channel,
            visibility=visibility,
            name=self._channel_name(channel, visibility),
            messages=count_messages(traffic.messages, span),
            tally=tally(traffic.duties, span),
            clauses=by_clause(traffic.duties, span, self.yardstick),
        )

    def _channel_order(self, key: tuple[str, str]) -> tuple[int, str, bool]:
        known = list(self.names.channels)
        channel, visibility = key
        place = known.index(channel) if channel in known else len(known)
        return place, channel, visibility != "feed"

    def _revisions(self, duties: Iterable[Duty], span: Span) -> tuple[ReasonFigures, ...]:
        """By reason (3.7.1–3.7.4), counted when the answer was sent back; all reasons, also 0."""
        counts = dict.fromkeys(self.names.reasons, 0)
        unknown = 0
        for duty in duties:
            if duty.kind is ClockKind.REVISION and span.holds(duty.start):
                if duty.cause in counts:
                    counts[duty.cause] += 1
                else:
                    unknown += 1
        known = [
            ReasonFigures(clause, self.names.reasons[clause], count)
            for clause, count in counts.items()
        ]
        return (*known, ReasonFigures("", _REASON_UNKNOWN, unknown)) if unknown else tuple(known)

    def _breaches(self, duties: Iterable[Duty], span: Span) -> tuple[Breach, ...]:
        """What ended late, and what was overdue at the end; the oldest due first."""
        late = [
            duty
            for duty in duties
            if (span.ended(duty) and duty.verdict is Verdict.LATE) or span.leaves_overdue(duty)
        ]
        late.sort(key=lambda duty: (duty.due, duty.issue_id or 0, duty.kind))
        return tuple(self._breach(duty, span) for duty in late)

    def _breach(self, duty: Duty, span: Span) -> Breach:
        stop = duty.stop if span.holds(duty.stop) else None
        return Breach(
            issue_id=duty.issue_id,
            link=self.link(duty.issue_id) if duty.issue_id else "",
            channel=self._channel_name(duty.channel, duty.visibility),
            holder=duty.holder,
            holder_name=self._holder_name(duty.holder),
            clause=duty.clause,
            kind=duty.kind,
            start=duty.start,
            due=duty.due,
            stop=stop,
            late_by=((stop or span.end) - duty.due).total_seconds(),
            explanation=duty.explanation,
            obstacle=duty.obstacle,
        )

    def _holder_name(self, key: str) -> str:
        return _CURATOR_NAME if key == CURATOR else self.names.departments.get(key, key)

    def _channel_name(self, channel: str, visibility: str) -> str:
        title = self.names.channels.get(channel, channel)
        return f"{title}, {_VISIBILITIES.get(visibility, visibility)}"


def count_messages(messages: Iterable[EndedMessage], span: Span) -> MessageFigures:
    """Count arrivals and ends within the span, and what waited at its end."""
    received = waiting = uncertain = 0
    ends = dict.fromkeys(End, 0)
    for message, fate in messages:
        received += span.holds(message.arrived_at)
        uncertain += span.holds(unsure_at(message))
        waiting += message.arrived_at < span.end and (fate.at is None or fate.at >= span.end)
        if fate.end and span.holds(fate.at):
            ends[fate.end] += 1
    return MessageFigures(
        received=received,
        placed=ends[End.PLACED] + ends[End.PLACED_BY_HAND],
        placed_by_hand=ends[End.PLACED_BY_HAND],
        uncertain=uncertain,
        not_answerable=ends[End.NOT_ANSWERABLE],
        no_answer_needed=ends[End.NO_ANSWER_NEEDED],
        withdrawn=ends[End.WITHDRAWN],
        waiting=waiting,
    )


def _received(duties: Iterable[Duty], span: Span) -> int:
    """Messages that reached the holder: each once, also when it came back."""
    return len(
        {
            duty.message_id
            for duty in duties
            if duty.kind in _ARRIVAL_AT_HOLDER and span.holds(duty.start)
        }
    )


def _interims(duties: Iterable[Duty], span: Span) -> int:
    """Interim answers that were placed (3.6)."""
    return sum(duty.kind is ClockKind.INTERIM and span.ended(duty) for duty in duties)


def _course(period: Period, facts: Facts, zone: ZoneInfo, span: Span) -> tuple[Stretch, ...]:
    """How the period went, part by part; what lies after `span` has not happened yet."""
    parts = cut(period, zone)
    starts = [part.start for part in parts]
    received, in_time, late = Counter[int](), Counter[int](), Counter[int]()
    for message in facts.messages:
        if span.holds(message.arrived_at):
            received[bisect_right(starts, message.arrived_at) - 1] += 1
    for duty in facts.duties:
        if duty.stop and span.ended(duty):
            counts = late if duty.verdict is Verdict.LATE else in_time
            counts[bisect_right(starts, duty.stop) - 1] += 1
    return tuple(
        Stretch(part.label, part.start, received[number], in_time[number], late[number])
        for number, part in enumerate(parts)
    )


def _concerns(duty: Duty, span: Span) -> bool:
    return span.holds(duty.start) or span.holds(duty.stop) or span.leaves_open(duty)


def _had_something(channel: ChannelFigures) -> bool:
    return bool(channel.clauses) or channel.messages != MessageFigures()
