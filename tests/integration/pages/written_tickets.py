"""Tickets as the bridge writes them, so that people are shown pages like those at work."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any, Final

from bridge.drafting import Drafter
from bridge.helpdesk.markup import TextFormatting, verbatim
from bridge.helpdesk.port import TicketDraft
from bridge.messages import Author, Message, Network, Visibility
from bridge.office import Office
from bridge.settings import PROJECT
from bridge.sla.wording import local_moment
from bridge.texts import open_texts
from sandbox.redmine_staff import RedmineDesk

AUTHORS: Final = ("Мария Соколова", "Дмитрий Орлов", "Елена Пермякова", "Сергей Кузнецов")
WORDS: Final = (
    "На улице Ленина у дома 12 третий день не чистят снег, тротуар не пройти с коляской",
    "Яма на Куйбышева, 95 во всю полосу, вчера пробил колесо. Когда заделают?",
    "Перекопали тротуар у школы на Попова, 58 и бросили, дети ходят по проезжей части",
    "Знак на Сибирской упал ещё в пятницу, лежит на обочине. Приедет кто-нибудь?",
)
EXPLANATION: Final = (
    "Подразделение определено по тексту сообщения:\n"
    "— Департамент дорог и благоустройства: по словам сообщения и по сходству с прежними.\n"
    "Уверенность: 98 %."
)
AGE: Final = timedelta(minutes=25)


def at_noon(now: datetime) -> datetime:
    """The same day at the office, when people are at work."""
    zone = Office.load(PROJECT / "config").calendar.zone
    return now.astimezone(zone).replace(hour=12, minute=10, second=0, microsecond=0)


@dataclass(frozen=True)
class WrittenTickets:
    """Writes tickets of the department of roads into Redmine, each about another message."""

    robot: RedmineDesk
    group_id: int
    office: Office
    drafter: Drafter
    now: datetime
    numbers: "count[int]"

    @classmethod
    def of(cls, robot: RedmineDesk, layout: dict[str, Any], now: datetime) -> "WrittenTickets":
        """What is written at `now`."""
        office = Office.load(PROJECT / "config")
        made_safe = partial(verbatim, formatting=TextFormatting.TEXTILE)
        texts = open_texts(PROJECT / "templates", made_safe)
        group_id = layout["groups"]["departments"]["roads"]["id"]
        drafter = Drafter(texts, office.calendar, made_safe)
        return cls(robot, group_id, office, drafter, now, count())

    def write(self, status: str, **fields: str) -> int:
        """A ticket in the status, with these fields besides those that a new one has."""
        draft = self._draft(next(self.numbers))
        due = draft.due_date.isoformat() if draft.due_date else ""
        return self.robot.open_ticket(
            draft.subject,
            status,
            {**draft.fields, **fields},
            assigned_to_id=self.group_id,
            description=draft.description,
            due_date=due,
            start_date=None,
        )

    def moment(self, *, minutes: int) -> str:
        """So many minutes after the tickets came, as the fields have it."""
        return local_moment(self.now + timedelta(minutes=minutes), self.office.calendar.zone)

    def _draft(self, number: int) -> TicketDraft:
        told = Message(
            channel="vk-head",
            network=Network.VK,
            visibility=Visibility.FEED,
            external_id=f"wall-101_{number}",
            author=Author(str(500 + number), AUTHORS[number % len(AUTHORS)]),
            text=WORDS[number % len(WORDS)],
            link=f"https://vk.com/wall-101_7?reply={100 + number}",
            posted_at=self.now - AGE,
            address={},
        )
        return self.drafter.draft(
            told,
            channel=self.office.channels["vk-head"],
            external_number=told.external_number,
            department="roads",
            route={"explanation": EXPLANATION},
            policy=self.office.policies.policy("head-feed"),
            now=self.now,
        )
