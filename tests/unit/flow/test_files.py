"""Citizens' files come into every ticket of their message, once, and hold nothing up."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from bridge.effects import EffectKind
from bridge.fetching.fetcher import Fetched
from bridge.fetching.refusals import NotFetched, Reason
from bridge.flow.downloading import Downloading, DownloadRules
from bridge.flow.reconcile import Result, Trigger
from bridge.helpdesk.port import FileRefused, HelpdeskRefused
from bridge.sla.additions import AdditionKind
from bridge.store import additions, attachments, outbox, tickets
from bridge.store.models import (
    AttachmentRow,
    AttachmentState,
    EffectState,
    InboxEvent,
    MessageRow,
    TicketRow,
)
from tests.store_contract.rows import message
from tests.unit.flow.conftest import ATTEMPTS, BACKOFF, GRACE, Bench
from tests.unit.flow.desk import Killed, unavailable

RULES = DownloadRules(3, 1000, BACKOFF, ATTEMPTS, timedelta(minutes=2))
PICTURE = b"a picture"
URL = "https://sun9-1.userapi.com/{}.jpg"


@dataclass
class PaperFiles:
    """Serves a picture at every address, unless the test says otherwise."""

    answers: dict[str, bytes | Reason] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def fetch(self, url: str, name: str) -> Fetched:
        self.asked.append(url)
        answer = self.answers.get(url, PICTURE + url.encode())
        if isinstance(answer, Reason):
            raise NotFetched(answer)
        return Fetched(answer, "image/jpeg", f"{name}.jpg")


@dataclass
class Post:
    """A citizen's message with files, on their way into its ticket."""

    bench: Bench
    files: PaperFiles
    downloading: Downloading

    def bring(self, *urls: str, message_id: int | None = None) -> None:
        """The message comes with files, or is edited so."""
        with self.bench.store.writing() as session:
            row = session.get_one(MessageRow, message_id or self.bench.row.message_id)
            row.attachments = [{"kind": "photo", "url": url, "title": ""} for url in urls]
            attachments.add(session, row, self.bench.watch())

    def download(self) -> list[int]:
        """All that is due; the tickets that are to be looked at for it."""
        with self.bench.store.reading() as session:
            due = attachments.due(session, self.bench.watch(), 100)
        looked = [self.downloading.download(number) for number in due]
        return [ticket for ticket in looked if ticket is not None]

    def settle(self) -> None:
        """Everything that is due is done."""
        for ticket in self.download():
            self.bench.reconciler.reconcile(ticket, Trigger.ATTACHMENT)

    def rows(self) -> list[AttachmentRow]:
        with self.bench.store.reading() as session:
            return list(session.scalars(select(AttachmentRow).order_by(AttachmentRow.id)))

    def states(self) -> list[str]:
        return [row.state for row in self.rows()]

    def content(self, number: int) -> bytes | None:
        with self.bench.store.reading() as session:
            return attachments.content(session, number)

    def names(self) -> list[str]:
        """The files in the ticket."""
        return [file.name for file in self.bench.issue.files]


@pytest.fixture
def post(created: Bench) -> Post:
    files = PaperFiles()
    return Post(created, files, Downloading(created.store, files, RULES, created.watch))


@pytest.fixture
def with_two(post: Post) -> Post:
    post.bring(URL.format(1), URL.format(2))
    return post


# Into the store


def test_files_are_kept_until_the_helpdesk_has_them(with_two: Post) -> None:
    with_two.download()
    assert with_two.states() == ["fetched", "fetched"]
    assert with_two.content(1) == PICTURE + URL.format(1).encode()
    with_two.bench.reconcile()
    assert with_two.states() == ["attached", "attached"]
    assert [with_two.content(number) for number in (1, 2)] == [None, None]
    assert with_two.names() == ["Фото-1.jpg", "Фото-2.jpg"]


def test_lines_about_files_bear_the_id_of_their_message(with_two: Post) -> None:
    with capture_logs([merge_contextvars]) as lines:
        with_two.download()

    told = [(line["event"], line["trace"]) for line in lines]
    assert told == [("file fetched", "event-1")] * 2


def test_the_files_of_a_message_come_into_its_ticket_in_one_step(with_two: Post) -> None:
    assert with_two.download() == [with_two.bench.ticket]
    with_two.bench.reconcile()
    assert with_two.bench.desk.calls.count("attach") == 1


def test_a_link_that_expired_is_not_tried_again_and_staff_are_told_once(with_two: Post) -> None:
    with_two.files.answers[URL.format(1)] = Reason.GONE
    with_two.settle()
    assert with_two.states() == ["refused", "attached"]
    (note,) = with_two.bench.notes
    assert f"Фото: {URL.format(1)} (ссылка больше не действует или файл удалён)" in note
    assert URL.format(2) not in note
    with_two.bench.reconcile()
    assert with_two.bench.notes == [note]
    assert with_two.files.asked.count(URL.format(1)) == 1


def test_a_server_that_does_not_answer_is_tried_ever_more_seldom_and_not_for_ever(
    post: Post,
) -> None:
    post.bring(URL.format(1))
    post.files.answers[URL.format(1)] = Reason.UNREACHABLE
    waits = []
    for _ in range(ATTEMPTS - 1):
        post.settle()
        (row,) = post.rows()
        assert row.state == AttachmentState.WAITING
        waits.append(row.next_attempt_at - post.bench.watch())
        post.bench.watch.at = row.next_attempt_at
    assert waits == [BACKOFF.first, 2 * BACKOFF.first]
    assert post.bench.notes == []
    post.settle()
    assert post.states() == ["refused"]
    assert "сервер не отвечает" in post.bench.notes[0]


def test_a_server_that_comes_back_costs_nothing_but_time(post: Post) -> None:
    post.bring(URL.format(1))
    post.files.answers[URL.format(1)] = Reason.SERVER_TROUBLE
    post.settle()
    del post.files.answers[URL.format(1)]
    post.bench.watch.wait(minutes=1)
    post.settle()
    assert (post.names(), post.bench.notes) == (["Фото-1.jpg"], [])


def test_a_file_that_waits_for_another_try_does_not_keep_the_others_out(with_two: Post) -> None:
    with_two.files.answers[URL.format(1)] = Reason.TIMED_OUT
    with_two.settle()
    assert with_two.names() == ["Фото-2.jpg"]


def test_a_try_that_was_killed_is_made_again_after_a_while(post: Post) -> None:
    post.bring(URL.format(1))
    with post.bench.store.writing() as session:
        now = post.bench.watch()
        assert attachments.claim(session, 1, now, now + RULES.patience)
    assert post.downloading.download(1) is None
    assert post.files.asked == []
    post.bench.watch.at += RULES.patience
    post.settle()
    assert post.names() == ["Фото-1.jpg"]


def test_more_files_than_a_message_may_bring_are_told_and_not_asked_for(post: Post) -> None:
    post.bring(*(URL.format(number) for number in range(5)))
    post.settle()
    post.bench.reconcile()
    assert post.states() == ["attached"] * 3 + ["refused"] * 2
    assert len(post.files.asked) == RULES.files
    (note,) = post.bench.notes
    assert note.count("больше файлов") == 2


def test_files_that_together_are_too_large_are_told(with_two: Post) -> None:
    for number in (1, 2):
        with_two.files.answers[URL.format(number)] = bytes([number]) * 501
    with_two.settle()
    assert with_two.states() == ["attached", "refused"]
    assert "вместе больше" in with_two.bench.notes[0]


def test_an_edit_that_signs_the_links_anew_brings_no_file_twice(with_two: Post) -> None:
    for number in (1, 2):
        with_two.files.answers[URL.format(number)] = b"first" if number == 1 else b"second"
    with_two.settle()
    with_two.files.answers |= {URL.format(3): b"first", URL.format(4): b"third"}
    with_two.bring(URL.format(3), URL.format(4))
    with_two.settle()
    assert with_two.states() == ["attached", "attached", "known", "attached"]
    assert with_two.names() == ["Фото-1.jpg", "Фото-2.jpg", "Фото-4.jpg"]
    with_two.bring(URL.format(3), URL.format(4))
    assert len(with_two.rows()) == 4


def test_pages_are_not_downloaded(post: Post) -> None:
    with post.bench.store.writing() as session:
        row = session.get_one(MessageRow, post.bench.row.message_id)
        row.attachments = [
            {"kind": "video", "url": "https://vk.com/video1_2", "title": ""},
            {"kind": "photo", "url": "", "title": ""},
        ]
        attachments.add(session, row, post.bench.watch())
    assert post.rows() == []


def test_a_ticket_that_is_not_made_yet_gets_its_files_with_it(bench: Bench) -> None:
    files = PaperFiles()
    post = Post(bench, files, Downloading(bench.store, files, RULES, bench.watch))
    post.bring(URL.format(1))
    post.download()
    assert bench.row.look_at == bench.watch()
    bench.reconcile(Trigger.MESSAGE)
    assert post.names() == ["Фото-1.jpg"]


def test_the_files_of_a_further_message_come_into_the_same_ticket(post: Post) -> None:
    _write_more(post)
    post.settle()
    assert post.names() == ["яма-1.jpg"]


# Into the helpdesk


def test_the_citizens_pictures_do_not_make_an_answer_with_photos(post: Post) -> None:
    post.bring(URL.format(1))
    post.settle()
    post.bench.staff(photos_required="1")
    post.bench.staff(status="review", answer_text="Готово.")
    post.bench.reconcile()
    assert post.bench.issue.status == "assigned"
    assert any("3.4" in note for note in post.bench.notes)
    post.bench.staff(photo="77")
    post.bench.staff(status="review")
    post.bench.reconcile()
    assert post.bench.issue.status == "review"


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("fault", [unavailable(), Killed()], ids=["silence", "kill"])
def test_files_whose_attaching_was_cut_short_are_attached_once(
    with_two: Post, when: str, fault: BaseException
) -> None:
    with_two.download()
    getattr(with_two.bench.desk, when).append(fault)
    _try(with_two.bench)
    with_two.bench.watch.wait(minutes=2)
    assert with_two.bench.reconcile() is Result.SETTLED
    assert with_two.names() == ["Фото-1.jpg", "Фото-2.jpg"]
    assert with_two.states() == ["attached", "attached"]


def test_what_may_still_be_on_its_way_is_not_sent_again(with_two: Post) -> None:
    with_two.download()
    with_two.bench.desk.before.append(unavailable())
    with_two.bench.reconcile()
    with_two.bench.watch.at += GRACE / 2
    with_two.bench.reconcile()
    assert with_two.bench.desk.calls.count("attach") == 1
    with_two.bench.watch.at += GRACE
    with_two.bench.reconcile()
    assert with_two.bench.desk.calls.count("attach") == 2


def test_a_file_that_the_helpdesk_loses_in_silence_is_attached_again(with_two: Post) -> None:
    with_two.download()
    with_two.bench.desk.lost_files = 1
    with_two.bench.reconcile()
    assert with_two.names() == ["Фото-2.jpg"]
    with_two.bench.watch.wait(minutes=1)
    with_two.bench.reconcile()
    assert with_two.names() == ["Фото-2.jpg", "Фото-1.jpg"]


def test_a_file_that_the_helpdesk_loses_every_time_is_told(post: Post) -> None:
    post.bring(URL.format(1))
    post.download()
    for _ in range(ATTEMPTS):
        post.bench.desk.lost_files = 1
        post.bench.reconcile()
        post.bench.watch.wait(minutes=10)
    post.bench.reconcile()
    post.bench.reconcile()
    (note,) = post.bench.notes
    assert "не сохранил" in note
    assert post.bench.desk.calls.count("attach") == ATTEMPTS


def test_a_file_that_the_helpdesk_refuses_does_not_keep_the_others_out(with_two: Post) -> None:
    with_two.bench.desk.refused_files["Фото-1.jpg"] = FileRefused("размер больше 5 МБ")
    with_two.settle()
    with_two.bench.reconcile()
    assert with_two.names() == ["Фото-2.jpg"]
    assert with_two.states() == ["refused", "attached"]
    (note,) = with_two.bench.notes
    assert "Redmine не принял файл: размер больше 5 МБ" in note


def test_an_upload_that_fails_is_made_again(with_two: Post) -> None:
    with_two.bench.desk.refused_files["Фото-1.jpg"] = unavailable()
    with_two.settle()
    assert with_two.names() == ["Фото-2.jpg"]
    with_two.bench.desk.refused_files.clear()
    with_two.bench.watch.wait(minutes=1)
    with_two.bench.reconcile()
    assert with_two.names() == ["Фото-2.jpg", "Фото-1.jpg"]


def test_files_that_an_issue_does_not_take_are_told_after_some_tries(with_two: Post) -> None:
    with_two.download()
    for _ in range(ATTEMPTS):
        with_two.bench.desk.before.append(HelpdeskRefused("файлы невозможно сохранить"))
        assert with_two.bench.reconcile() is Result.SETTLED
        with_two.bench.watch.wait(minutes=10)
    with_two.bench.reconcile()
    with_two.bench.reconcile()
    (note,) = with_two.bench.notes
    assert note.count("не сохранил файл") == 2


def test_a_key_without_rights_is_no_fault_of_the_file(post: Post) -> None:
    post.bring(URL.format(1))
    post.download()
    post.bench.desk.refused_files["Фото-1.jpg"] = HelpdeskRefused("нет права")
    assert post.bench.reconcile() is Result.LATER
    assert "нет права" in post.bench.row.attention
    assert post.states() == ["fetched"]


def test_files_that_cannot_be_attached_now_keep_no_answer_back(post: Post) -> None:
    post.bring(URL.format(1))
    post.download()
    post.bench.desk.refused_files["Фото-1.jpg"] = HelpdeskRefused("нет права")
    post.bench.approve()
    post.bench.reconcile()
    assert post.bench.issue.status == "placed"


def test_a_file_that_staff_remove_stays_away(with_two: Post) -> None:
    with_two.settle()
    with_two.bench.desk.remove_files(with_two.bench.issue.id)
    with_two.bench.watch.wait(minutes=5)
    with_two.bench.reconcile()
    assert with_two.names() == []


# Every ticket of the message


def _open_part(post: Post) -> TicketRow:
    number = post.bench.desk.open_below(post.bench.issue.id, "housing")
    with post.bench.store.writing() as session:
        whole = session.get_one(TicketRow, post.bench.ticket)
        told = session.get_one(MessageRow, whole.message_id)
        part = tickets.add_ticket(
            session,
            told,
            external_number=f"{whole.external_number}/1",
            department="housing",
            route={"explanation": ""},
            policy=whole.policy,
            now=post.bench.watch(),
            parent_id=whole.id,
        )
        part.issue_id = number
    return part


@pytest.mark.clause("2.1.2")
def test_a_department_that_gets_its_part_before_the_files_gets_them_as_the_whole(
    with_two: Post,
) -> None:
    part = _open_part(with_two)
    with_two.settle()
    with_two.bench.reconciler.reconcile(part.id, Trigger.RELATIVE)
    assert part.issue_id
    files = with_two.bench.desk.issues[part.issue_id].files
    assert [file.name for file in files] == with_two.names() == ["Фото-1.jpg", "Фото-2.jpg"]


@pytest.mark.clause("2.1.2")
def test_a_department_that_is_brought_in_later_gets_the_files_from_the_whole(
    with_two: Post,
) -> None:
    with_two.settle()
    part = _open_part(with_two)
    with_two.bench.reconciler.reconcile(part.id, Trigger.RELATIVE)
    assert part.issue_id
    copied = with_two.bench.desk.issues[part.issue_id].files
    contents = [with_two.bench.desk.contents[file.id] for file in copied]
    assert contents == [PICTURE + URL.format(number).encode() for number in (1, 2)]


def test_what_staff_have_removed_from_the_whole_is_not_brought_into_a_part(
    with_two: Post,
) -> None:
    with_two.settle()
    with_two.bench.desk.remove_files(with_two.bench.issue.id)
    part = _open_part(with_two)
    with_two.bench.reconciler.reconcile(part.id, Trigger.RELATIVE)
    assert part.issue_id
    assert with_two.bench.desk.issues[part.issue_id].files == ()
    with with_two.bench.store.reading() as session:
        effects = outbox.of_kind(session, part.id, EffectKind.ATTACH_FILE)
    assert {effect.state for effect in effects} == {EffectState.DONE}


def _write_more(post: Post) -> None:
    """The citizen writes on, with a picture."""
    with post.bench.store.writing() as session:
        now = post.bench.watch()
        event = InboxEvent(
            source="vk-head",
            external_id="more",
            kind="wall_reply_new",
            body=b"{}",
            received_at=now,
            finished_at=None,
        )
        session.add(event)
        session.flush()
        row = tickets.add_message(session, message("wall-1_2_r77"), event.id, now)
        attachments.add(session, row, now)
        additions.add(
            session,
            kind=AdditionKind.FURTHER,
            ticket_id=post.bench.ticket,
            message=row,
            event_id=event.id,
            at=now,
            now=now,
        )


def _try(bench: Bench) -> None:
    try:
        bench.reconcile()
    except Killed:
        bench.watch.wait(minutes=2)
