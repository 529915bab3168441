"""A ticket's line of the board: what is to be done, by whom, until when, and why it is late."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bridge.messages import Visibility
from bridge.office import Office
from bridge.sla.clocks import CURATOR, Clock, Verdict
from bridge.sla.policy import ClockKind, Policy, Unit
from bridge.sla.wording import CLOCK_TITLES, amount, cited
from bridge.store.board import WORDS, Band, Duty, OpenTicket

CURATORS = "Куратор"
_VISIBILITIES = {Visibility.FEED: "лента", Visibility.DIRECT: "личные сообщения"}
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class DutyLine:
    """One clock of a ticket. `outcome` is empty while it runs; instants are UTC."""

    title: str
    clause: str
    holder: str
    due: datetime
    outcome: str
    explanation: str


@dataclass(frozen=True)
class TicketLine:
    """One ticket. `service_time` is what is left, or was overrun, of the office's own hours.

    `words` are the citizen's, None for who may not read them. `reasons` say why it is late.
    """

    ticket_id: int
    issue_id: int | None
    whole_issue_id: int | None
    band: Band
    title: str
    clause: str
    holder: str
    department: str
    due: datetime | None
    service_time: str
    channel: str
    status: str
    words: str | None
    reasons: tuple[str, ...]
    others: tuple[DutyLine, ...]
    past: tuple[DutyLine, ...]
    explanation: str


@dataclass(frozen=True)
class Writer:
    """Writes lines for one office at one moment, UTC, to the minute where it matters."""

    office: Office
    now: datetime

    def line(self, duty: Duty, ticket: OpenTicket, clocks: Sequence[Clock]) -> TicketLine:
        """The ticket's line, without the citizen's words; `clocks` are all of its own."""
        nearest = next((clock for clock in clocks if clock.key == duty.clock_key), None)
        others = [clock for clock in clocks if clock.running and clock is not nearest]
        return TicketLine(
            ticket_id=duty.ticket_id,
            issue_id=ticket.issue_id,
            whole_issue_id=ticket.whole_issue_id,
            band=Band(duty.band),
            title=CLOCK_TITLES[nearest.kind] if nearest else "Срок не идёт",
            clause=nearest.clause if nearest else "",
            holder=self.holder(duty.holder),
            department=self._department(duty),
            due=nearest.due if nearest else None,
            service_time=self._service_time(nearest) if nearest else "",
            channel=self.channel(duty.channel, ticket.visibility),
            status=self.status(ticket.status),
            words=None,
            reasons=(*_attention(ticket), *self._reasons(nearest, clocks)),
            others=tuple(self._duty(clock) for clock in others),
            past=tuple(self._duty(clock) for clock in clocks if not clock.running),
            explanation=nearest.explanation if nearest else "",
        )

    def holder(self, key: str) -> str:
        """Who is meant by a clock's holder."""
        return CURATORS if key == CURATOR else self.office.department_names.get(key, key)

    def channel(self, key: str, visibility: str = "") -> str:
        """The channel's name, with where in it the message stands."""
        title = self.office.channels[key].title if key in self.office.channels else key
        kind = _VISIBILITIES.get(Visibility(visibility)) if visibility else None
        return f"{title}, {kind}" if kind else title

    def status(self, key: str) -> str:
        """The status as staff see it."""
        names = {status.key: status.name for status in self.office.layout.statuses}
        return names.get(key, key)

    def _department(self, duty: Duty) -> str:
        """Whose answer it is about, where that is not who holds the clock."""
        if duty.holder != CURATOR or not duty.department:
            return ""
        return self.holder(duty.department)

    def _service_time(self, clock: Clock) -> str:
        if not _in_service_time(clock, self.office.policies.by_key.get(clock.policy)):
            return ""
        first, last = sorted((self.now, clock.due))
        spent = self.office.calendar.between(first, last)
        return f"{amount(spent - spent % _MINUTE)} служебного времени"

    def _reasons(self, nearest: Clock | None, clocks: Sequence[Clock]) -> Iterator[str]:
        if nearest and nearest.cause:
            yield f"Возвращено на доработку: {self._cause(nearest)}"
        if nearest is None or not nearest.overdue(self.now):
            return
        for clock in clocks:
            if clock.verdict is Verdict.LATE:
                who = self.holder(clock.holder)
                yield f"До этого опоздание: {CLOCK_TITLES[clock.kind]} — {who}, {_late_by(clock)}"
        sent_back = sum(clock.kind is ClockKind.REVISION for clock in clocks)
        if sent_back > 1:
            yield f"На доработке в {sent_back}-й раз"

    def _duty(self, clock: Clock) -> DutyLine:
        return DutyLine(
            title=CLOCK_TITLES[clock.kind],
            clause=clock.clause,
            holder=self.holder(clock.holder),
            due=clock.due,
            outcome=self._outcome(clock),
            explanation=clock.explanation,
        )

    def _outcome(self, clock: Clock) -> str:
        if clock.verdict is None:
            return ""
        if clock.verdict is Verdict.CANCELLED:
            why = self.status(clock.cause)
            return f"отменён: {why}" if why else "отменён"
        return "выполнено в срок" if clock.verdict is Verdict.IN_TIME else _late_by(clock)

    def _cause(self, clock: Clock) -> str:
        words = self.office.policies.readings.revision_reasons.get(clock.cause)
        return f"{cited(clock.cause)}, {words}" if words else clock.cause


def _in_service_time(clock: Clock, policy: Policy | None) -> bool:
    """As the policies of today have it: what a running clock follows."""
    if policy is None:
        return False
    if clock.kind is ClockKind.FINAL:
        return policy.interim is not None and policy.interim.extension.unit is Unit.SERVICE_TIME
    name = ClockKind.ANSWER if clock.kind is ClockKind.INTERIM else clock.kind
    rule = getattr(policy, name)
    if name is ClockKind.ANSWER and policy.photos and clock.clause == policy.photos.clause:
        rule = policy.photos
    return rule is not None and rule.term.unit is Unit.SERVICE_TIME


def _attention(ticket: OpenTicket) -> Iterator[str]:
    if ticket.attention:
        yield f"Мост не смог: {ticket.attention}"


def _late_by(clock: Clock) -> str:
    late = (clock.stop or clock.due) - clock.due
    return f"на {amount(late - late % _MINUTE)} позже срока" if late >= _MINUTE else "позже срока"


def with_words(line: TicketLine, text: str) -> TicketLine:
    """The line for somebody who may read citizens' messages; «…» where the message goes on."""
    return replace(line, words=_on_one_line(text))


def _on_one_line(text: str) -> str:
    line = " ".join(text.split())
    return f"{line.rstrip()}…" if len(text) >= WORDS else line
