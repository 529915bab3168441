"""A ticket's way as one timeline, from the rows that the store keeps of it. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from bridge.admin.inbox.steps import Step, quoted
from bridge.admin.inbox.words import EVENT_STATES, JourneyWords
from bridge.admin.inbox.work_steps import clock_steps, delivery_steps, effect_steps
from bridge.admin.journal.wording import deed, trigger
from bridge.moderation import kinds_in_russian, read_record
from bridge.sla.wording import amount
from bridge.store.inbox import HELPDESK
from bridge.store.journeys import Chronicle
from bridge.store.models import AttachmentState, AuditRow, DecisionRow, InboxEvent


@dataclass(frozen=True)
class Day:
    """The steps of one local day."""

    date: date
    steps: Sequence[Step]


def journey(chronicle: Chronicle, words: JourneyWords) -> tuple[Step, ...]:
    """Every step with its time, in their order; of the same instant in the order of causes."""
    steps = (step for tell in _TELLERS for step in tell(chronicle, words))
    return tuple(sorted(steps, key=lambda step: step.at))


def by_day(steps: Sequence[Step], words: JourneyWords) -> tuple[Day, ...]:
    """The steps by the office's days."""
    zone = words.office.calendar.zone
    days = groupby(steps, key=lambda step: step.at.astimezone(zone).date())
    return tuple(Day(day, tuple(some)) for day, some in days)


def only_main(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Without what is of interest only when something went wrong."""
    return tuple(step for step in steps if step.is_main)


def _posted(chronicle: Chronicle, words: JourneyWords) -> Iterator[Step]:
    message = chronicle.message
    place = words.place(message.channel, message.visibility)
    link = message.link
    yield Step(message.posted_at, f"Сообщение появилось: {place}", link=link, is_main=True)


def _events(chronicle: Chronicle, words: JourneyWords) -> Iterator[Step]:
    posted = {source.inbox_event_id: source.posted_at for source in chronicle.sources}
    for event in chronicle.events:
        if event.source == HELPDESK:
            yield from _webhook(event)
            continue
        yield replace(received(event, words, posted.get(event.id)), is_main=event.id in posted)
        yield from finished(event, words)


def received(event: InboxEvent, words: JourneyWords, posted_at: datetime | None) -> Step:
    """An event came; how long after it happened."""
    details = [f"вид: {event.kind}", f"номер у отправителя: {event.external_id}"]
    if posted_at and event.received_at >= posted_at:
        lag = (event.received_at - posted_at).total_seconds()
        details.insert(0, f"через {_lag(lag)} после появления")
    title = f"Получено событие: {words.channel(event.source)}"
    return Step(event.received_at, title, tuple(details), event=event.id)


def finished(event: InboxEvent, words: JourneyWords) -> Iterator[Step]:
    """What became of an event, if anything has."""
    if event.finished_at is None:
        return
    details = (f"обработок: {event.attempts}",) if event.attempts > 1 else ()
    yield Step(
        event.finished_at,
        f"Событие {words.outcome(event.state, event.reason)}",
        details,
        tone=EVENT_STATES[event.state][1],
        is_main=event.state == "unreadable",
        event=event.id,
    )


def _webhook(event: InboxEvent) -> Iterator[Step]:
    number = event.external_id.removeprefix("journal:")
    title = f"Redmine сообщил об изменении карточки (запись {number})"
    yield Step(event.received_at, title, event=event.id)


def _further_sources(chronicle: Chronicle, words: JourneyWords) -> Iterator[Step]:
    for source in chronicle.sources[1:]:
        place = words.place(source.channel, source.visibility)
        title = f"То же сообщение известно и из системы: {place}"
        yield Step(source.received_at, title, link=source.link, is_main=True)


def _route(chronicle: Chronicle, words: JourneyWords) -> Iterator[Step]:
    ticket, route = chronicle.ticket, chronicle.ticket.route
    name = words.department(ticket.department)
    title = f"Определено, кто отвечает: {name}"
    if ticket.department is None:
        title = "Определено, кто отвечает: решает куратор"
    yield Step(ticket.created_at, title, tuple(_grounds(route)), is_main=True)
    record = route.get("moderation")
    if record:
        yield _flagged(ticket.created_at, record)


def _grounds(route: Mapping[str, Any]) -> Iterator[str]:
    yield from (line for line in str(route.get("explanation", "")).splitlines() if line.strip())
    if "confidence" in route:
        yield f"уверенность: {route['confidence']:.0%}".replace("%", " %")
    if route.get("mapping_version"):
        yield f"версия справочника подразделений: {route['mapping_version']}"
    if route.get("model_version"):
        yield f"версия обученной модели: {route['model_version']}"
    if route.get("why_important"):
        yield f"важно: {route['why_important']}"


def _flagged(at: datetime, record: Mapping[str, Any]) -> Step:
    verdict = read_record(record)
    found = tuple(f"найдено: {quoted(each.text)}" for each in verdict.found)
    details = (*found, f"версия словаря: {verdict.lexicon_version}")
    title = f"Отмечено по пункту 1.3: {kinds_in_russian(verdict.flags)}"
    return Step(at, title, details, tone="warn", is_main=True)


def _correction(chronicle: Chronicle, words: JourneyWords) -> Iterator[Step]:
    row = chronicle.correction
    if row is None:
        return
    chosen = ", ".join(words.department(key) for key in row.chosen) or "никто"
    proposed = ", ".join(words.department(key) for key in row.proposed) or "никто"
    details = (f"предложено было: {proposed}",)
    yield Step(row.at, f"Куратор решил иначе: {chosen}", details, is_main=True)


def _decisions(chronicle: Chronicle, words: JourneyWords) -> Iterator[Step]:
    for row in chronicle.decisions:
        assumed = [each["words"] for each in row.summary.get("assumptions", ())]
        details = [f"принято на веру: {each}" for each in assumed]
        details += list(_decided(row, chronicle, words))
        title = f"Мост принял решение (повод: {trigger(row.trigger)})"
        yield Step(row.at, title, tuple(details), tone="warn" if assumed else "")


def _decided(row: DecisionRow, chronicle: Chronicle, words: JourneyWords) -> Iterator[str]:
    if row.journal_id:
        yield f"по записи {row.journal_id} в истории карточки"
    effects = {effect.key: effect for effect in chronicle.effects}
    statuses = [
        effects[key].payload.get("status")
        for key in row.summary.get("effects", ())
        if key in effects
    ]
    named = [words.status(status) for status in statuses if status]
    if named:
        yield f"поставить статус: {', '.join(quoted(name) for name in named)}"
    count = len(row.summary.get("effects", ()))
    yield f"действий: {count}" if count else "делать нечего"


def _additions(chronicle: Chronicle, words: JourneyWords) -> Iterator[Step]:
    for row, told in chronicle.additions:
        details = [quoted(row.text)] if row.text else []
        if row.text_before:
            details.append(f"было: {quoted(row.text_before)}")
        if row.suggestion:
            details.append(row.suggestion)
        title = words.addition(row.kind)
        yield Step(row.at, title, tuple(details), link=told.link, is_main=True)


def _attachments(chronicle: Chronicle, words: JourneyWords) -> Iterator[Step]:
    for row in chronicle.attachments:
        details = [detail for detail in (row.name or row.title, row.reason) if detail]
        if row.attempts:
            details.append(f"попыток: {row.attempts}")
        refused = row.state == AttachmentState.REFUSED
        title = f"Вложение: {words.attachment(row.state)}"
        # It is known since the message is, which was posted a little earlier.
        at = max(row.at, chronicle.message.received_at)
        yield Step(at, title, tuple(details), tone="warn" if refused else "", is_main=refused)


def _repairs(chronicle: Chronicle, words: JourneyWords) -> Iterator[Step]:
    for row in chronicle.repairs:
        details = (f"изменено {words.moment(row.changed_at)}",)
        title = "Обход нашёл изменение, о котором Redmine не сообщил"
        yield Step(row.at, title, details, tone="warn")


def _differences(chronicle: Chronicle, words: JourneyWords) -> Iterator[Step]:
    for row in chronicle.differences:
        sentence = words.differences.sentence(row, chronicle.ticket.issue_id)
        yield Step(row.at, f"Ночная сверка: {sentence}", tone="warn", is_main=True)


def _deeds(chronicle: Chronicle, _words: JourneyWords) -> Iterator[Step]:
    for row in sorted(chronicle.deeds, key=lambda deed: deed.id):
        title = f"{row.actor}: {deed(row.action)}"
        yield Step(row.at, title, tuple(_of_deed(row)), is_main=True)


def _of_deed(row: AuditRow) -> Iterator[str]:
    for name, label in (("link", "ссылка"), ("words", "пояснение")):
        if row.details.get(name):
            yield f"{label}: {row.details[name]}"


Teller = Callable[[Chronicle, JourneyWords], Iterator[Step]]

_TELLERS: Final[tuple[Teller, ...]] = (
    _posted,
    _events,
    _further_sources,
    _route,
    _attachments,
    _additions,
    _correction,
    _deeds,
    _decisions,
    clock_steps,
    effect_steps,
    delivery_steps,
    _repairs,
    _differences,
)
"""In the order in which steps of the same instant follow from one another."""

_MINUTE: Final = 60


def _lag(seconds: float) -> str:
    return f"{int(seconds)} с" if seconds < _MINUTE else amount(timedelta(minutes=seconds // 60))
