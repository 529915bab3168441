"""What staff see when a new ticket opens."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bridge.drafting import SUBJECT_LENGTH, Drafter
from bridge.helpdesk.port import TicketDraft
from bridge.messages import Author, Message, Visibility
from bridge.office import Office
from bridge.texts import open_texts
from tests.store_contract.rows import NOW, message

PROJECT = Path(__file__).resolve().parents[2]
OFFICE = Office.load(PROJECT / "config")
WORDS = "яма на дороге у дома "


def draft(told: Message, department: str | None = "roads", explanation: str = "") -> TicketDraft:
    drafter = Drafter(open_texts(PROJECT / "templates"), OFFICE.calendar, lambda text: f"<{text}>")
    return drafter.draft(
        told,
        channel=OFFICE.channels["vk-head"],
        external_number=told.external_number,
        department=department,
        route={"explanation": explanation},
        policy=OFFICE.policies.policy("head-feed"),
        now=NOW,
    )


def test_a_routed_ticket_is_drafted_with_its_deadlines() -> None:
    drafted = draft(message())
    assert (drafted.status, drafted.department) == ("assigned", "roads")
    assert drafted.fields["sent_at"] == "23.11.2026 16:30"
    assert drafted.fields["answer_due"] == "23.11.2026 20:30"
    assert drafted.due_date == date(2026, 11, 23)


def test_a_ticket_without_a_department_waits_for_the_curator() -> None:
    drafted = draft(message(), department=None)
    assert (drafted.status, drafted.department) == ("new", None)
    assert "answer_due" not in drafted.fields
    assert drafted.fields["arrived_at"] == "23.11.2026 16:30"


@pytest.mark.parametrize(
    ("visibility", "shown"), [(Visibility.FEED, "лента"), (Visibility.DIRECT, "личные сообщения")]
)
def test_the_channel_tells_page_and_place(visibility: Visibility, shown: str) -> None:
    channel = draft(replace(message(), visibility=visibility)).fields["channel"]
    assert channel == f"ВКонтакте, страница Главы города, {shown}"


def test_an_author_without_a_name_is_shown_by_the_link() -> None:
    nameless = replace(message(), author=Author("501", "", "https://vk.com/id501"))
    assert draft(nameless).fields["author"] == "https://vk.com/id501"


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Яма\n\n  на дороге", "Яма на дороге"),
        (" \n", "Сообщение без текста"),
        ("д" * SUBJECT_LENGTH, "д" * SUBJECT_LENGTH),
    ],
)
def test_the_subject_is_the_text_on_one_line(text: str, subject: str) -> None:
    assert draft(replace(message(), text=text)).subject == subject


@pytest.mark.parametrize("text", [WORDS * 20, "д" * 1000])
def test_a_long_text_is_cut_and_says_so(text: str) -> None:
    subject = draft(replace(message(), text=text)).subject
    assert subject.endswith("…")
    assert len(subject) <= SUBJECT_LENGTH
    assert text.startswith(subject[:-1])


def test_the_description_shows_the_words_as_written_the_attachments_and_the_reasons() -> None:
    description = draft(message(), explanation="Слова «яма», «дорога».").description
    assert "<Яма на дороге 😡>" in description
    assert "* яма: https://vk.com/photo1" in description
    assert "Слова «яма», «дорога»." in description
