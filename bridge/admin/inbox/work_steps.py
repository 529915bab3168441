"""The steps of a message's way that are the bridge's own work: terms, writing, placing. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bridge.admin.inbox.steps import Step, quoted
from bridge.admin.inbox.words import JourneyWords
from bridge.effects import EffectKind
from bridge.sla.wording import cited
from bridge.store.journeys import Chronicle
from bridge.store.models import DeliveryRow, EffectRow, EffectState

_OUTCOMES: Final[Mapping[str, tuple[str, str]]] = {
    EffectState.DONE: ("размещён", "good"),
    EffectState.UNCERTAIN: ("неизвестно, размещён ли", "bad"),
    EffectState.FAILED: ("не размещён", "bad"),
}
_LOOKED: Final[Mapping[bool | None, str]] = {
    True: "найден",
    False: "не найден",
    None: "узнать не удалось",
}
_WAITING: Final = {
    EffectState.PENDING: "ждёт отправки",
    EffectState.SENDING: "отправляется",
}


def clock_steps(chronicle: Chronicle, words: JourneyWords) -> Iterator[Step]:
    """Every term: when it began and why so long, when it ended and how."""
    for row in chronicle.clocks:
        name = f"{quoted(words.clock(row.kind))} ({cited(row.clause)})"
        begun = (
            f"до {words.moment(row.due)}, исполняет: {words.department(row.holder)}",
            row.explanation,
        )
        yield Step(row.start, f"Начался срок {name}", tuple(filter(None, begun)), is_main=True)
        if row.stop is None or row.verdict is None:
            continue
        verdict, tone = words.verdict(row.verdict)
        details = [f"срок был до {words.moment(row.due)}"]
        if row.cause:
            details.append(words.cause(row.cause))
        yield Step(
            row.stop,
            f"Остановлен срок {name}: {verdict}",
            tuple(details),
            tone=tone,
            is_main=True,
        )


def effect_steps(chronicle: Chronicle, words: JourneyWords) -> Iterator[Step]:
    """What was written into the ticket, or could not be; answers are told by their deliveries."""
    for row in chronicle.effects:
        if row.kind == EffectKind.PLACE_ANSWER:
            yield _approved(row)
        elif row.kind == EffectKind.CREATE_TICKET:
            yield _creation(row)
        elif row.kind == EffectKind.LOOK_FOR_ANSWER:
            yield from _look(row)
        elif row.kind == EffectKind.ATTACH_FILE:
            yield from _written(row, "вложение приложено к карточке", is_main=False)
        else:
            status = row.payload.get("status")
            yield from _written(row, _what(row.payload, words), is_main=bool(status))


def _approved(row: EffectRow) -> Step:
    text = str(row.payload.get("text", ""))
    late = row.payload.get("only_source") is not None
    title = "Размещённый ответ нужно внести и сюда" if late else "Ответ одобрен к размещению"
    details = (quoted(text),) if text else ()
    if row.state == EffectState.WITHDRAWN:
        details = (*details, "отозвано раньше, чем что-либо отправлено")
    return Step(row.created_at, title, details, is_main=True)


def _creation(row: EffectRow) -> Step:
    if row.state == EffectState.DONE and row.finished_at:
        title = f"Карточка #{row.result.get('issue', '?')} создана в Redmine"
        return Step(row.finished_at, title, _tries(row), tone="good", is_main=True)
    title = "Карточка в Redmine ещё не создана"
    return Step(row.created_at, title, _tries(row), tone="warn", is_main=True)


def _look(row: EffectRow) -> Iterator[Step]:
    if row.state != EffectState.DONE or not row.finished_at:
        yield from _written(row, "проверка, виден ли ответ", is_main=True)
        return
    found = _LOOKED[row.result.get("found")]
    details = (row.meaning,) if row.meaning else ()
    title = f"Проверено, виден ли ответ: {found}"
    yield Step(row.finished_at, title, details, is_main=True)


def _written(row: EffectRow, what: str, *, is_main: bool) -> Iterator[Step]:
    if row.state == EffectState.WITHDRAWN:
        return
    at = row.finished_at or row.created_at
    if row.state == EffectState.FAILED:
        details = (row.meaning, *_tries(row))
        yield Step(at, f"Не вышло: {what}", tuple(filter(None, details)), "bad", is_main=True)
    elif row.state == EffectState.DONE:
        yield Step(at, f"Сделано: {what}", _tries(row), is_main=is_main)
    else:
        yield Step(at, f"Предстоит: {what}", _tries(row), tone="info", is_main=is_main)


def _what(payload: Mapping[str, Any], words: JourneyWords) -> str:
    done = []
    if payload.get("status"):
        done.append(f"статус {quoted(words.status(payload['status']))}")
    if payload.get("fields"):
        named = (words.differences.fields.get(key, key) for key in payload["fields"])
        done.append(f"поля карточки ({', '.join(named)})")
    if payload.get("note"):
        done.append("закрытая заметка")
    return ", ".join(done) or "срок завершения"


def _tries(row: EffectRow | DeliveryRow) -> tuple[str, ...]:
    return (f"попыток: {row.attempts}",) if row.attempts > 1 else ()


def delivery_steps(chronicle: Chronicle, words: JourneyWords) -> Iterator[Step]:
    """How an answer fared on its way to each system."""
    sources = {source.id: source for source in chronicle.sources}
    for row in chronicle.deliveries:
        source = sources.get(row.source_id)
        where = words.place(source.channel, source.visibility) if source else "?"
        if row.part > 1:
            where += f", часть {row.part}"
        details = [*_tries(row)]
        if row.code:
            details.append(f"код: {row.code}")
        if row.meaning:
            details.append(row.meaning)
        link = row.result.get("link", "")
        if row.state in _WAITING:
            title = f"Ответ {_WAITING[EffectState(row.state)]}: {where}"
            at = row.sending_since or row.next_attempt_at
            yield Step(at, title, tuple(details), tone="info", is_main=True)
            continue
        outcome, tone = _OUTCOMES[EffectState(row.state)]
        at = row.finished_at or row.next_attempt_at
        yield Step(at, f"Ответ {outcome}: {where}", tuple(details), tone, is_main=True, link=link)
