"""Deeds and decisions in plain Russian."""

from collections.abc import Iterator, Mapping
from typing import Final

from bridge.effects import EffectKind
from bridge.flow.reconcile import Trigger
from bridge.sla.clocks import Verdict
from bridge.store.audit import Action
from bridge.store.decisions import Decided
from bridge.store.models import EffectRow

DEEDS: Final[Mapping[str, str]] = {
    Action.LOGGED_IN: "вход",
    Action.LOGIN_REFUSED: "отказ во входе",
    Action.LOGGED_OUT: "выход",
    Action.CHANNEL_SWITCHED_OFF: "канал выключен",
    Action.CHANNEL_SWITCHED_ON: "канал включён",
    Action.CHANNEL_CHECKED: "канал проверен",
    Action.PURGED: "забыты устаревшие данные",
    Action.PERSON_EXPORTED: "выгружены данные заявителя",
    Action.PERSON_ERASED: "забыты данные заявителя",
    Action.RESTORED: "хранилище восстановлено из копии",
    Action.MAPPING_SAVED: "подразделения изменены",
    Action.MAPPING_RESTORED: "прежняя версия подразделений возвращена",
    Action.MAPPING_IMPORTED: "подразделения загружены из файла",
    Action.PLACEMENT_RETRIED: "поручено отправить ответ ещё раз",
    Action.PLACEMENT_LOOKED_FOR: "поручено проверить, виден ли ответ",
    Action.PLACED_BY_HAND: "записано: ответ размещён вручную",
    Action.PLACEMENT_DROPPED: "решено не размещать ответ",
    Action.TICKET_RETRIED: "поручено повторить запись в карточку",
    Action.EVENT_REPLAYED: "поручено обработать событие заново",
}
TRIGGERS: Final[Mapping[str, str]] = {
    Trigger.MESSAGE: "новое сообщение",
    Trigger.WEBHOOK: "изменение в Redmine",
    Trigger.SWEEP: "обход",
    Trigger.TIMER: "наступил срок",
    Trigger.ATTACHMENT: "файл заявителя",
    Trigger.COMMAND: "команда администратора",
    Trigger.NIGHTLY: "ночная сверка",
    Trigger.RELATIVE: "изменение связанной карточки",
    Trigger.ORDER: "решение на странице моста",
}
_ENDED: Final[Mapping[str, str]] = {
    Verdict.IN_TIME: "в срок",
    Verdict.LATE: "с опозданием",
    Verdict.CANCELLED: "без исполнения",
}


def deed(action: str) -> str:
    """What was done; of a word that this version does not know, the word itself."""
    return DEEDS.get(action, action)


def trigger(word: str) -> str:
    """Why somebody looked at the ticket."""
    return TRIGGERS.get(word, word)


def decision(decided: Decided, statuses: Mapping[str, str]) -> str:
    """What the decision wanted and found: «статус «На доработке», примечание; сроки: идёт 1»."""
    wanted = ", ".join(word for effect in decided.effects for word in _effect(effect, statuses))
    return "; ".join(part for part in (wanted or "изменений не нужно", _clocks(decided)) if part)


def _effect(effect: EffectRow, statuses: Mapping[str, str]) -> Iterator[str]:
    payload = effect.payload
    match effect.kind:
        case EffectKind.CREATE_TICKET:
            yield "создать карточку"
        case EffectKind.PLACE_ANSWER:
            yield "разместить ответ"
        case EffectKind.ATTACH_FILE:
            yield "приложить файл"
        case _:
            if status := payload.get("status"):
                yield f"статус «{statuses.get(status, status)}»"
            if payload.get("note"):
                yield "примечание"
            if payload.get("fields") or payload.get("due_date"):
                yield "поля"


def _clocks(decided: Decided) -> str:
    clocks = decided.row.summary.get("clocks", {})
    running = sum(1 for state in clocks.values() if state == "running")
    ended = [_ENDED[state] for state in clocks.values() if state in _ENDED]
    told = [f"идёт {running}"] if running else []
    told += [f"{words} {ended.count(words)}" for words in _ENDED.values() if words in ended]
    return f"сроки: {', '.join(told)}" if told else ""
