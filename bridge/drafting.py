"""A message and its route become the draft of a ticket."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from jinja2 import Environment

from bridge.attachment_line import attachment_line
from bridge.channels import ChannelSettings
from bridge.helpdesk.markup import web_address
from bridge.helpdesk.port import TicketDraft
from bridge.messages import Message, Surroundings, Visibility
from bridge.moderation import kinds_in_russian, read_record
from bridge.sla.case import Case
from bridge.sla.effects import UpdateTicket
from bridge.sla.parts import Whole
from bridge.sla.policy import Policy
from bridge.sla.rules import decide
from bridge.sla.service_time import ServiceCalendar
from bridge.sla.timeline import Status, Step, Timeline
from bridge.texts import Verbatim

SUBJECT_LENGTH = 100
SURROUNDINGS_LENGTH = 500

_VISIBILITY = {Visibility.FEED: "лента", Visibility.DIRECT: "личные сообщения"}


class Drafter:
    """Writes drafts: what staff see when they open a new ticket."""

    def __init__(self, texts: Environment, calendar: ServiceCalendar, verbatim: Verbatim) -> None:
        self._description = texts.get_template("tickets/description.j2")
        self._calendar = calendar
        self._verbatim = verbatim

    def draft(
        self,
        message: Message,
        *,
        channel: ChannelSettings,
        external_number: str,
        department: str | None,
        route: Mapping[str, Any],
        policy: Policy,
        now: datetime,
        parent: int | None = None,
        journey: str = "",
    ) -> TicketDraft:
        """The ticket as it is to be created at `now`, with the deadlines that follow from it.

        `parent`: the issue of the whole that it is a part of. `journey`: where curators see the
        message's whole way, if the administrator's pages have an address.
        """
        status = Status.ASSIGNED if department else Status.NEW
        created = Step(now, 0, True, status, department, {})
        whole = None if parent is None else Whole()
        flagged = _flagged_kinds(route)
        fields, due_date = self._deadlines(message, policy, created, whole)
        return TicketDraft(
            external_number=external_number,
            subject=f"Отмечено по пункту 1.3: {flagged}" if flagged else _subject(message),
            description=self._description.render(
                text=self._verbatim(message.text),
                surroundings=self._surroundings(message),
                flagged=flagged,
                attachments=[attachment_line(attachment) for attachment in message.attachments],
                explanation=route["explanation"],
                curator_decides=department is None and not route.get("split"),
                journey=journey,
            ),
            status=status,
            department=department,
            fields={
                "channel": f"{channel.title}, {_VISIBILITY[message.visibility]}",
                "source": message.link,
                "author": message.author.name or message.author.link,
                "external_number": external_number,
                **fields,
            },
            due_date=due_date,
            parent=parent,
        )

    def _surroundings(self, message: Message) -> Surroundings | None:
        """The beginning is enough to understand what is meant."""
        around = message.surroundings
        if around is None or not around.text.strip():
            return None
        text = around.text.strip()
        if len(text) > SURROUNDINGS_LENGTH:
            text = text[: SURROUNDINGS_LENGTH - 1].rstrip() + "…"
        return Surroundings(self._verbatim(text), around.link and web_address(around.link))

    def _deadlines(
        self, message: Message, policy: Policy, created: Step, whole: Whole | None
    ) -> tuple[Mapping[str, str], date | None]:
        """What the rules want in the fields of a ticket that is created now."""
        timeline = Timeline(message.posted_at, (created,))
        case = Case(timeline, policy, self._calendar, {}, None, created.at, whole=whole)
        decision = decide(case)
        for effect in decision.effects:
            if isinstance(effect, UpdateTicket):
                return effect.fields, effect.due_date
        return {}, None


def _flagged_kinds(route: Mapping[str, Any]) -> str:
    """What clause 1.3 names in the message; empty when there is nothing."""
    record = route.get("moderation")
    return kinds_in_russian(read_record(record).flags) if record else ""


def _subject(message: Message) -> str:
    """The beginning of the text on one line, cut between words."""
    text = " ".join(message.text.split())
    if not text:
        return "Сообщение без текста"
    if len(text) <= SUBJECT_LENGTH:
        return text
    return text[: SUBJECT_LENGTH - 1].rsplit(" ", 1)[0] + "…"
