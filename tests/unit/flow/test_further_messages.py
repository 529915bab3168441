"""What a citizen writes, edits and deletes later finds its ticket (readings 14 and 15)."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from bridge.channels import ChannelSettings
from bridge.flow.intake import LATE_ARRIVAL, Intake
from bridge.flow.judging import Judging
from bridge.flow.later_news import PATIENCE
from bridge.flow.reconcile import Result, Trigger
from bridge.helpdesk.port import HelpdeskRefused, Issue
from bridge.ingest.port import (
    MessageArrived,
    MessageDeleted,
    MessageEdited,
    MessageRestored,
    Parsed,
)
from bridge.messages import Attachment, Author, Message, Visibility
from bridge.moderation import Moderator
from bridge.office import Office
from bridge.routing import Router
from bridge.sla.policy import SlaSettings
from bridge.sla.readings import Readings
from bridge.store import attachments, clocks, inbox
from bridge.store.models import EventState, InboxEvent, MessageRow, TicketRow
from tests.store_contract.rows import NOW, arrival, message, record
from tests.unit.flow.conftest import TEXT, Bench
from tests.unit.flow.desk import Killed, unavailable

THREAD = "wall-1_2_r3"
POTHOLE = "На улице Ленина огромная яма на дороге."


@dataclass
class Talk:
    """Citizens talk to the office: one event after the other, each looked at like a worker does."""

    bench: Bench
    intake: Intake
    script: dict[bytes, Parsed] = field(default_factory=dict)
    meanwhile: list[Callable[[], object]] = field(default_factory=list)

    def parse(self, body: bytes, channel: ChannelSettings) -> Parsed:
        assert channel
        return self.script[body]

    def completer(self, channel: ChannelSettings) -> "Talk":
        assert channel
        return self

    def complete(self, message: Message) -> Message:
        if self.meanwhile:
            self.meanwhile.pop()()
        return replace(message, author=replace(message.author, name="Анна Найденная"))

    def event(self, parsed: Parsed, age: timedelta = timedelta()) -> InboxEvent:
        body = f"{len(self.script)}".encode()
        self.script[body] = parsed
        came = replace(arrival(f"t{len(self.script)}"), body=body, received_at=self.now() - age)
        number = record(self.bench.store, came)
        with self.bench.store.reading() as session:
            return session.get_one(InboxEvent, number)

    def take(self, parsed: Parsed) -> int | None:
        """Take the event in, without a look at the ticket."""
        return self.intake.take(self.event(parsed))

    def happens(self, parsed: Parsed) -> int:
        ticket = self.take(parsed)
        assert ticket is not None
        assert self.bench.reconciler.reconcile(ticket, Trigger.MESSAGE) is Result.SETTLED
        return ticket

    def says(self, number: int, text: str = POTHOLE, author: str = "501") -> int:
        return self.happens(MessageArrived(said(number, text, author)))

    def now(self) -> datetime:
        return self.bench.watch()

    def row(self, ticket: int) -> TicketRow:
        with self.bench.store.reading() as session:
            return session.get_one(TicketRow, ticket)

    def issue(self, ticket: int) -> Issue:
        return self.bench.desk.issues[self.row(ticket).issue_id or 0]

    def notes(self, ticket: int) -> list[str]:
        return self.bench.desk.notes(self.issue(ticket).id)

    def running(self, ticket: int) -> list[str]:
        with self.bench.store.reading() as session:
            return [each.key for each in clocks.of_ticket(session, ticket) if each.running]

    def tickets(self) -> int:
        """Without the one that every bench has."""
        with self.bench.store.reading() as session:
            return session.scalars(select(func.count(TicketRow.id))).one() - 1

    def outcome(self, event: InboxEvent) -> tuple[str, str]:
        with self.bench.store.reading() as session:
            return inbox.outcome(session, event.id)

    def staff(self, ticket: int, **changes: str | None) -> None:
        self.bench.desk.staff(self.issue(ticket).id, **changes)
        self.bench.reconciler.reconcile(ticket, Trigger.WEBHOOK)

    def is_answered(self, ticket: int) -> None:
        self.staff(ticket, status="review", answer_text=TEXT)
        self.staff(ticket, status="approved")
        assert self.issue(ticket).status == "placed"


def said(number: int, text: str = POTHOLE, author: str = "501") -> Message:
    return replace(
        message(f"wall-1_2_r{number}"),
        text=text,
        author=Author(author),
        link=f"https://vk.com/wall-1_2?reply={number}&thread=3",
        conversation=THREAD,
        attachments=(),
    )


@pytest.fixture(scope="module")
def router(office: Office) -> Router:
    return Router(office.mapping)


@pytest.fixture
def talk(bench: Bench, office: Office, router: Router, moderator: Moderator) -> Talk:
    return _talk(bench, office, router, moderator, office.policies)


@pytest.fixture
def talk_with_notes(bench: Bench, office: Office, router: Router, moderator: Moderator) -> Talk:
    """The office wants a note instead of a new ticket."""
    notes = Readings(question_after_answer="note")
    policies = office.policies.model_copy(update={"readings": notes})
    return _talk(bench, office, router, moderator, policies)


def _talk(
    bench: Bench, office: Office, router: Router, moderator: Moderator, policies: SlaSettings
) -> Talk:
    # Each needs the other: the intake reads what the talk says.
    talk = Talk(bench, None)  # type: ignore[arg-type]
    talk.intake = Intake(
        bench.store,
        office.channels,
        talk,
        Judging(router, office.mapping, moderator),
        policies,
        office.calendar,
        bench.watch,
    )
    return talk


def test_a_further_message_is_told_in_the_open_ticket(talk: Talk) -> None:
    ticket = talk.says(30)
    running = talk.running(ticket)
    assert talk.says(31, "И во дворе яма.") == ticket
    (note,) = talk.notes(ticket)
    assert "И во дворе яма." in note
    assert "reply=31" in note
    assert "23.11.2026 16:30" in note
    assert talk.running(ticket) == running
    assert talk.tickets() == 1


def test_pictures_of_a_further_message_are_told_with_it(talk: Talk) -> None:
    ticket = talk.says(30)
    picture = Attachment("photo", "https://sun.example/w.jpg", "яма")
    talk.happens(MessageArrived(replace(said(31, ""), attachments=(picture,))))
    assert "* Фото «яма»: https://sun.example/w.jpg" in talk.notes(ticket)[0]


def test_files_that_an_edit_adds_wait_for_their_download(talk: Talk) -> None:
    first, second = (Attachment("photo", f"https://sun.example/{name}.jpg") for name in "ab")
    ticket = talk.happens(MessageArrived(replace(said(30), attachments=(first,))))
    talk.happens(MessageEdited(replace(said(30), attachments=(first, second))))
    with talk.bench.store.reading() as session:
        row = session.get_one(TicketRow, ticket)
        due = attachments.due_of(session, row, talk.now())
        assert [file.url for file in attachments.by_id(session, due).values()] == [
            first.url,
            second.url,
        ]


def test_another_persons_message_in_the_thread_has_its_own_ticket(talk: Talk) -> None:
    assert talk.says(30) != talk.says(31, author="502")


def test_messages_without_a_conversation_have_tickets_of_their_own(talk: Talk) -> None:
    first = talk.happens(MessageArrived(replace(said(30), conversation="")))
    assert talk.happens(MessageArrived(replace(said(31), conversation=""))) != first


def test_a_further_message_waits_for_the_ticket_that_is_not_created_yet(talk: Talk) -> None:
    first = talk.take(MessageArrived(said(30)))
    assert talk.take(MessageArrived(said(31, "И во дворе яма."))) == first
    assert first is not None
    assert talk.bench.reconciler.reconcile(first, Trigger.MESSAGE) is Result.SETTLED
    assert len(talk.notes(first)) == 1


def test_two_messages_at_once_are_one_ticket(talk: Talk) -> None:
    """The second is written while the first one's author is looked up."""
    second = talk.event(MessageArrived(said(31)))
    talk.meanwhile.append(lambda: talk.intake.take(second))
    talk.says(30)
    assert talk.tickets() == 1


def test_an_event_that_is_processed_again_is_told_once(talk: Talk) -> None:
    ticket = talk.says(30)
    event = talk.event(MessageArrived(said(31)))
    talk.intake.take(event)
    with talk.bench.store.writing() as session:
        inbox.reopen(session, event.id)
    assert talk.intake.take(event) is None
    talk.bench.reconciler.reconcile(ticket, Trigger.SWEEP)
    talk.bench.reconciler.reconcile(ticket, Trigger.SWEEP)
    assert len(talk.notes(ticket)) == 1


@pytest.mark.parametrize("fault", [unavailable(), Killed()], ids=["silence", "kill"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_note_that_was_cut_short_is_written_once(
    talk: Talk, when: str, fault: BaseException
) -> None:
    ticket = talk.says(30)
    getattr(talk.bench.desk, when).append(fault)
    talk.take(MessageArrived(said(31)))
    try:
        talk.bench.reconciler.reconcile(ticket, Trigger.MESSAGE)
    except Killed:
        talk.bench.watch.wait(minutes=2)
    talk.bench.watch.wait(minutes=2)
    talk.bench.reconciler.reconcile(ticket, Trigger.SWEEP)
    assert len([note for note in talk.notes(ticket) if "написал ещё" in note]) == 1


def test_an_addition_whose_hint_was_lost_is_found_by_the_sweep(talk: Talk) -> None:
    ticket = talk.says(30)
    talk.take(MessageArrived(said(31)))
    assert talk.row(ticket).look_at == talk.now()


def test_many_messages_are_all_told(talk: Talk) -> None:
    ticket = talk.says(30)
    for number in range(31, 46):
        talk.take(MessageArrived(said(number, f"Сообщение {number}.")))
    for _ in range(3):
        talk.bench.reconciler.reconcile(ticket, Trigger.SWEEP)
    assert len(set(talk.notes(ticket))) == 15


def test_a_question_after_the_answer_is_a_new_ticket_linked_to_the_first(talk: Talk) -> None:
    first = talk.says(30)
    talk.is_answered(first)
    second = talk.says(31, "А когда?")
    assert talk.row(second).follows_id == first
    assert talk.bench.desk.relations == {(talk.issue(second).id, talk.issue(first).id)}
    explanation = talk.row(second).route["explanation"]
    assert explanation.startswith(f"Продолжение карточки #{talk.issue(first).id} (ответ размещён)")
    assert "Предлагается он же." in explanation
    assert talk.issue(second).department is None
    assert talk.notes(first) == []


def test_a_question_after_the_answer_goes_where_its_own_text_says(talk: Talk) -> None:
    talk.is_answered(talk.says(30))
    second = talk.says(31, POTHOLE)
    assert talk.issue(second).department == "roads"
    assert "Предлагается" not in talk.row(second).route["explanation"]


def test_a_question_between_answer_and_closing_is_a_question_after_the_answer(talk: Talk) -> None:
    """The answer is visible; that the ticket says so is still to be written."""
    first = talk.says(30)
    talk.staff(first, status="review", answer_text=TEXT)
    talk.bench.desk.staff(talk.issue(first).id, status="approved")
    talk.bench.desk.before.append(unavailable())
    talk.bench.reconciler.reconcile(first, Trigger.WEBHOOK)
    assert talk.issue(first).status == "approved"
    assert talk.take(MessageArrived(said(31, "А когда?"))) != first


def test_an_office_may_want_a_note_instead_of_a_new_ticket(talk_with_notes: Talk) -> None:
    talk = talk_with_notes
    first = talk.says(30)
    talk.is_answered(first)
    assert talk.says(31, "А когда?") == first
    (note,) = talk.notes(first)
    assert note.startswith("Куратору: заявитель написал ещё")
    assert talk.issue(first).status == "placed"


@pytest.mark.parametrize("status", ["not_answerable", "no_answer_needed", "withdrawn"])
def test_a_message_after_closing_without_an_answer_is_a_new_linked_ticket(
    talk_with_notes: Talk, status: str
) -> None:
    talk = talk_with_notes
    first = talk.says(30)
    talk.staff(first, status=status)
    second = talk.take(MessageArrived(said(31)))
    assert second is not None
    assert talk.row(second).follows_id == first
    assert "закрыта без ответа" in talk.row(second).route["explanation"]


def test_a_ticket_whose_link_is_refused_is_a_ticket_all_the_same(talk: Talk) -> None:
    talk.is_answered(talk.says(30))
    talk.bench.desk.unrelatable.append(HelpdeskRefused("нет права"))
    second = talk.says(31, "А когда?")
    assert talk.row(second).issue_id


def test_a_ticket_that_could_not_be_linked_yet_is_linked_later(talk: Talk) -> None:
    talk.is_answered(talk.says(30))
    talk.bench.desk.unrelatable.append(unavailable())
    second = talk.take(MessageArrived(said(31, "А когда?")))
    assert second is not None
    assert talk.bench.reconciler.reconcile(second, Trigger.MESSAGE) is Result.LATER
    talk.bench.watch.wait(minutes=2)
    assert talk.bench.reconciler.reconcile(second, Trigger.SWEEP) is Result.SETTLED
    assert len(talk.bench.desk.relations) == 1
    assert talk.tickets() == 2


def test_an_edit_is_told_as_it_was_and_is(talk: Talk) -> None:
    ticket = talk.says(30, "Ямма.")
    running = talk.running(ticket)
    assert talk.happens(MessageEdited(said(30, "Яма."))) == ticket
    (note,) = talk.notes(ticket)
    assert note.index("Ямма.") < note.index("Яма.")
    assert talk.running(ticket) == running
    assert _stored(talk, 30).text == "Яма."


def test_an_edit_of_a_further_message_is_told_where_that_was(talk: Talk) -> None:
    ticket = talk.says(30)
    talk.says(31, "И во дворе.")
    assert talk.happens(MessageEdited(said(31, "И во дворе дома 5."))) == ticket
    assert len(talk.notes(ticket)) == 2


def test_an_edit_before_the_ticket_is_created_is_simply_its_text(talk: Talk) -> None:
    ticket = talk.take(MessageArrived(said(30, "Ямма.")))
    assert talk.take(MessageEdited(said(30, "Яма."))) == ticket
    assert ticket is not None
    talk.bench.reconciler.reconcile(ticket, Trigger.MESSAGE)
    assert talk.notes(ticket) == []
    assert _stored(talk, 30).text == "Яма."


def test_an_edit_that_changes_nothing_is_set_aside(talk: Talk) -> None:
    talk.says(30)
    event = talk.event(MessageEdited(said(30)))
    assert talk.intake.take(event) is None
    assert talk.outcome(event) == (EventState.SET_ASIDE, "known")


@pytest.mark.parametrize("kind", [MessageEdited, MessageRestored])
def test_news_of_a_message_that_never_arrived_are_its_arrival(
    talk: Talk, kind: type[MessageEdited | MessageRestored]
) -> None:
    ticket = talk.happens(kind(said(30)))
    assert talk.issue(ticket).status == "assigned"
    assert talk.take(MessageArrived(said(30))) is None


def test_an_edit_of_a_message_from_before_the_bridges_time_is_set_aside(talk: Talk) -> None:
    old = replace(said(30), posted_at=talk.now() - LATE_ARRIVAL - timedelta(seconds=1))
    event = talk.event(MessageEdited(old))
    assert talk.intake.take(event) is None
    assert talk.outcome(event) == (EventState.SET_ASIDE, "unknown")


def test_a_deleted_message_has_its_ticket_withdrawn(talk: Talk) -> None:
    ticket = talk.says(30)
    talk.happens(MessageDeleted(said(30).id, "501"))
    assert talk.issue(ticket).status == "withdrawn"
    assert talk.running(ticket) == []
    assert talk.row(ticket).closed
    assert _stored(talk, 30).deleted_at == talk.now()


def test_a_deletion_before_the_answer_goes_out_stops_it(talk: Talk) -> None:
    ticket = talk.says(30)
    talk.staff(ticket, status="review", answer_text=TEXT)
    talk.bench.desk.staff(talk.issue(ticket).id, status="approved")
    talk.happens(MessageDeleted(said(30).id, "501"))
    assert talk.bench.network.calls == []
    assert talk.issue(ticket).status == "withdrawn"


def test_a_deletion_by_somebody_else_takes_no_deadline_away(talk: Talk) -> None:
    ticket = talk.says(30)
    running = talk.running(ticket)
    talk.happens(MessageDeleted(said(30).id, "9001"))
    assert talk.issue(ticket).status == "assigned"
    assert talk.running(ticket) == running
    assert "Сообщение удалил не заявитель" in talk.notes(ticket)[0]


def test_a_restored_message_has_its_ticket_again(talk: Talk) -> None:
    ticket = talk.says(30)
    talk.happens(MessageDeleted(said(30).id, "501"))
    talk.bench.watch.wait(minutes=1)
    talk.happens(MessageRestored(said(30)))
    assert talk.issue(ticket).status == "assigned"
    assert talk.running(ticket) == ["answer:2"]
    assert _stored(talk, 30).deleted_at is None


def test_a_message_after_the_deletion_is_a_new_linked_ticket(talk: Talk) -> None:
    first = talk.says(30)
    talk.happens(MessageDeleted(said(30).id, "501"))
    assert talk.row(talk.says(31)).follows_id == first


@pytest.mark.parametrize("kind", ["deleted", "restored"])
def test_news_that_came_before_are_set_aside(talk: Talk, kind: str) -> None:
    talk.says(30)
    news: Parsed = MessageRestored(said(30))
    if kind == "deleted":
        news = MessageDeleted(said(30).id, "501")
        talk.happens(news)
    event = talk.event(news)
    assert talk.intake.take(event) is None
    assert talk.outcome(event) == (EventState.SET_ASIDE, "known")


def test_a_deletion_waits_a_while_for_its_message(talk: Talk) -> None:
    """Another worker may be taking the message in."""
    event = talk.event(MessageDeleted(said(30).id, "501"))
    assert talk.intake.take(event) is None
    assert talk.outcome(event)[0] == EventState.RECEIVED
    ticket = talk.says(30)
    assert talk.intake.take(event) == ticket


def test_a_deletion_of_what_never_was_a_message_is_set_aside(talk: Talk) -> None:
    event = talk.event(MessageDeleted(said(30).id, "501"), age=PATIENCE)
    assert talk.intake.take(event) is None
    assert talk.outcome(event) == (EventState.SET_ASIDE, "unknown")


def _stored(talk: Talk, number: int) -> MessageRow:
    with talk.bench.store.reading() as session:
        return session.scalars(
            select(MessageRow).where(MessageRow.external_id == f"wall-1_2_r{number}")
        ).one()


def wrote(number: int, text: str, seconds: float = 0) -> Message:
    """A direct message, so many seconds after the first one."""
    return replace(
        message(f"im1_501_{number}"),
        visibility=Visibility.DIRECT,
        text=text,
        posted_at=NOW + timedelta(seconds=seconds),
        conversation="im1_501",
        attachments=(),
    )


VAGUE, SURE = "Здравствуйте!", "На улице Ленина огромная яма на дороге, не проехать."


@pytest.mark.clause("2.1.2")
def test_messages_in_a_row_are_the_text_of_one_ticket_that_is_not_written_yet(talk: Talk) -> None:
    first = talk.take(MessageArrived(wrote(1, VAGUE)))
    assert first is not None
    assert talk.row(first).department is None

    assert talk.happens(MessageArrived(wrote(2, SURE, seconds=20))) == first

    assert talk.row(first).department == "roads"
    assert talk.issue(first).department == "roads"
    assert f"{VAGUE}\n{SURE}" in talk.issue(first).description
    assert talk.notes(first) == []
    assert talk.tickets() == 1


def test_message_that_was_joined_is_known_and_its_edit_is_told(talk: Talk) -> None:
    first = talk.take(MessageArrived(wrote(1, VAGUE)))
    talk.happens(MessageArrived(wrote(2, SURE, seconds=20)))
    again = talk.event(MessageArrived(wrote(2, SURE, seconds=20)))

    assert talk.intake.take(again) is None
    assert talk.outcome(again) == (EventState.SET_ASIDE, "known")
    assert talk.happens(MessageEdited(wrote(2, "Яма на Мира.", seconds=20))) == first
    assert "Яма на Мира." in talk.notes(first or 0)[0]


def test_message_in_a_row_that_comes_when_the_ticket_is_written_is_told_with_a_suggestion(
    talk: Talk,
) -> None:
    ticket = talk.happens(MessageArrived(wrote(1, VAGUE)))

    assert talk.happens(MessageArrived(wrote(2, SURE, seconds=20))) == ticket

    (note,) = talk.notes(ticket)
    assert "исполнитель понятен" in note
    assert "яма" in note
    assert talk.issue(ticket).department is None


def test_ticket_that_is_with_a_department_gets_no_suggestion(talk: Talk) -> None:
    ticket = talk.happens(MessageArrived(wrote(1, SURE)))

    talk.happens(MessageArrived(wrote(2, "И во дворе темно, не горят фонари.", seconds=20)))

    (note,) = talk.notes(ticket)
    assert "исполнитель понятен" not in note


def test_message_after_the_window_is_told_by_itself(talk: Talk) -> None:
    first = talk.take(MessageArrived(wrote(1, VAGUE)))
    assert talk.happens(MessageArrived(wrote(2, SURE, seconds=500))) == first
    assert first is not None

    assert talk.issue(first).department is None
    (note,) = talk.notes(first)
    assert SURE in note
    assert "исполнитель понятен" not in note


def test_ticket_that_somebody_is_writing_is_not_changed_under_the_pen(talk: Talk) -> None:
    """Its worker has read the text: what comes now is told, and nothing gets lost."""
    first = talk.take(MessageArrived(wrote(1, VAGUE)))
    assert first is not None
    talk.bench.desk.before.append(unavailable())
    assert talk.bench.reconciler.reconcile(first, Trigger.MESSAGE) is Result.LATER

    talk.take(MessageArrived(wrote(2, SURE, seconds=20)))
    talk.bench.watch.wait(minutes=5)
    assert talk.bench.reconciler.reconcile(first, Trigger.SWEEP) is Result.SETTLED

    told = [talk.issue(first).description, *talk.notes(first)]
    assert sum(SURE in text for text in told) == 1
