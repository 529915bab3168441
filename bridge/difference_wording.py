"""Nightly differences in Russian, as administrators read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from bridge.helpdesk.layout import HelpdeskLayout
from bridge.sla.policy import ClockKind
from bridge.sla.wording import CLOCK_TITLES
from bridge.store.models import Cause, NightlyDifferenceRow, Outcome, Side

CAUSES: Final[Mapping[str, str]] = {
    Cause.LOST_WEBHOOK: "потерян вебхук",
    Cause.EDITED_BY_HAND: "изменено вручную",
    Cause.SILENT_DROP: "Redmine молча не записал",
    Cause.REFUSED: "Redmine отказал записать",
    Cause.CHANGED_RULES: "изменилась политика или календарь",
    Cause.BEHIND: "мост не успел обработать",
    Cause.UNKNOWN: "причина неизвестна",
}
OUTCOMES: Final[Mapping[str, str]] = {
    Outcome.MENDED: "исправлено",
    Outcome.KEPT: "вердикт не изменён",
    Outcome.LEFT: "не исправлено",
}
SIDES: Final[Mapping[str, str]] = {Side.STORE: "в хранилище", Side.HELPDESK: "в Redmine"}

_THINGS: Final[Mapping[str, str]] = {
    "status": "статус",
    "journal": "последняя запись истории",
    "due_date": "срок завершения",
    "note": "заметка",
    "placement": "размещение",
    "issue": "карточки нет",
}
_CLOCK: Final = "clock "
_NOTHING: Final = "пусто"


@dataclass(frozen=True)
class DifferenceWords:
    """Says differences in the words of one helpdesk: its names of statuses and fields, by key."""

    statuses: Mapping[str, str]
    fields: Mapping[str, str]

    @classmethod
    def of(cls, layout: HelpdeskLayout) -> Self:
        """The words of the configured layout."""
        return cls(
            {status.key: status.name for status in layout.statuses},
            {field.key: field.name for field in layout.fields},
        )

    def thing(self, row: NightlyDifferenceRow) -> str:
        """What differed: «поле „Срок ответа“», «срок „Подготовка ответа“»."""
        if row.what.startswith(_CLOCK):
            kind = ClockKind(row.what.removeprefix(_CLOCK).partition(":")[0])
            return f"срок «{CLOCK_TITLES[kind]}»"
        if row.what in self.fields:
            return f"поле «{self.fields[row.what]}»"
        return _THINGS.get(row.what, row.what)

    def change(self, row: NightlyDifferenceRow) -> str:
        """From what to what; empty where there is neither."""
        if not row.was and not row.became:
            return ""
        return f"«{self._value(row, row.was)}» → «{self._value(row, row.became)}»"

    def sentence(self, row: NightlyDifferenceRow, issue_id: int | None) -> str:
        """One line with everything, `issue_id` is the ticket's number in the helpdesk."""
        what = f"{SIDES[row.side]}: {self.thing(row)} {self.change(row)}".rstrip()
        return f"#{issue_id or '?'} {what} — {CAUSES[row.cause]}, {OUTCOMES[row.outcome]}"

    def _value(self, row: NightlyDifferenceRow, value: str) -> str:
        named = self.statuses.get(value, value) if row.what == "status" else value
        return named or _NOTHING
