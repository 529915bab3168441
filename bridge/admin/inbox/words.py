"""How the inbox and a message's way are told in Russian: names of this office, words for states."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from bridge.difference_wording import DifferenceWords
from bridge.messages import Visibility
from bridge.office import Office
from bridge.sla.additions import AdditionKind
from bridge.sla.clocks import CURATOR, Verdict
from bridge.sla.policy import ClockKind
from bridge.sla.wording import CLOCK_TITLES, local_moment
from bridge.store.inbox import HELPDESK
from bridge.store.models import AttachmentState, EventState

EVENT_STATES: Final[Mapping[str, tuple[str, str]]] = {
    EventState.RECEIVED: ("ждёт обработки", "info"),
    EventState.PROCESSED: ("обработано", "good"),
    EventState.SET_ASIDE: ("отложено", "idle"),
    EventState.UNREADABLE: ("не прочитано", "bad"),
}
_SET_ASIDE: Final = {
    "known": "это событие или сообщение уже известно",
    "seen": "об этом изменении мост уже знает",
    "not a ticket of ours": "карточка не принадлежит мосту",
    "unknown": "сообщение старше недели, и мост его не знает",
}
_VERDICTS: Final[Mapping[str, tuple[str, str]]] = {
    Verdict.IN_TIME: ("в срок", "good"),
    Verdict.LATE: ("с опозданием", "bad"),
    Verdict.CANCELLED: ("снят", "idle"),
}
_ADDITIONS: Final = {
    AdditionKind.FURTHER: "Гражданин написал ещё",
    AdditionKind.JOINED: "Гражданин продолжил сообщение, пока карточки ещё не было",
    AdditionKind.EDITED: "Гражданин изменил сообщение",
    AdditionKind.DELETED: "Гражданин удалил сообщение",
    AdditionKind.REMOVED: "Сообщение удалено не автором",
    AdditionKind.RESTORED: "Сообщение восстановлено",
    AdditionKind.CAME_AGAIN: "То же сообщение пришло из другой системы",
}
_ATTACHMENTS: Final = {
    AttachmentState.WAITING: "ждёт загрузки",
    AttachmentState.FETCHED: "загружено, ждёт карточки",
    AttachmentState.ATTACHED: "в карточке",
    AttachmentState.KNOWN: "такой файл уже есть",
    AttachmentState.REFUSED: "не взято",
}
_CAUSES: Final = {
    "rerouted": "карточка передана другому исполнителю",
    "withdrawn": "карточка снята",
    "not_answerable": "сообщение не подлежит ответу",
    "no_answer_needed": "ответ не требуется",
}
_VISIBILITY: Final = {Visibility.FEED: "лента", Visibility.DIRECT: "личные сообщения"}


@dataclass(frozen=True)
class JourneyWords:
    """The names that one office gives to channels, departments and statuses."""

    office: Office
    differences: DifferenceWords

    @classmethod
    def of(cls, office: Office) -> Self:
        """The words of the configured office."""
        return cls(office, DifferenceWords.of(office.layout))

    def channel(self, key: str) -> str:
        """How staff call a source of events."""
        if key == HELPDESK:
            return "Redmine"
        channels = self.office.channels
        return channels[key].title if key in channels else key

    def place(self, channel: str, visibility: str) -> str:
        """The channel, and whether the message is in its feed."""
        return f"{self.channel(channel)}, {_VISIBILITY[Visibility(visibility)]}"

    def department(self, key: str | None) -> str:
        """A department's name; the curator where there is none."""
        if key is None or key == CURATOR:
            return "куратор"
        return self.office.department_names.get(key, key)

    def status(self, key: str) -> str:
        """How the helpdesk calls a status."""
        return self.differences.statuses.get(key, key)

    def moment(self, instant: datetime) -> str:
        """The instant by the office's clocks."""
        return local_moment(instant.replace(microsecond=0), self.office.calendar.zone)

    def outcome(self, state: str, reason: str) -> str:
        """What became of an event, with the reason."""
        title, why = EVENT_STATES[state][0], self.reason(reason)
        return f"{title}: {why}" if why else title

    def reason(self, reason: str) -> str:
        """Why nothing was done about an event."""
        return _SET_ASIDE.get(reason, reason)

    def clock(self, kind: str) -> str:
        """What is timed."""
        return CLOCK_TITLES[ClockKind(kind)]

    def verdict(self, key: str) -> tuple[str, str]:
        """How a clock stopped, with its tone."""
        return _VERDICTS[key]

    def cause(self, key: str) -> str:
        """Why a clock was cancelled."""
        return _CAUSES.get(key, key)

    def addition(self, key: str) -> str:
        """What the citizen did."""
        return _ADDITIONS[AdditionKind(key)]

    def attachment(self, key: str) -> str:
        """How far a file has come."""
        return _ATTACHMENTS[AttachmentState(key)]
