"""What staff see when a new ticket opens."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bridge.drafting import SUBJECT_LENGTH, Drafter
from bridge.helpdesk.port import TicketDraft
from bridge.messages import Attachment, Author, Message, Surroundings, Visibility
from bridge.office import Office
from bridge.texts import open_texts
from tests.store_contract.rows import NOW, message

pytestmark = pytest.mark.usefixtures("process_zone")

PROJECT = Path(__file__).resolve().parents[2]
OFFICE = Office.load(PROJECT / "config")
WORDS = "яма на дороге у дома "
REASONS = "Подразделение: Департамент дорог и благоустройства (по словам «яма»)."


def draft(
    told: Message, department: str | None = "roads", explanation: str = "", **route: object
) -> TicketDraft:
    drafter = Drafter(
        open_texts(PROJECT / "templates", str), OFFICE.calendar, lambda text: f"<{text}>"
    )
    return drafter.draft(
        told,
        channel=OFFICE.channels["vk-head"],
        external_number=told.external_number,
        department=department,
        route={"explanation": explanation, **route},
        policy=OFFICE.policies.policy("head-feed"),
        now=NOW,
    )


@pytest.mark.clause("2.1.2")
def test_a_routed_ticket_is_drafted_with_its_deadlines() -> None:
    drafted = draft(message())
    assert (drafted.status, drafted.department) == ("assigned", "roads")
    assert drafted.fields["sent_at"] == "23.11.2026 16:30"
    assert drafted.fields["answer_due"] == "23.11.2026 20:30"
    assert drafted.due_date == date(2026, 11, 23)


@pytest.mark.clause("1.2.1", "2.1.2")
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


def test_the_words_come_first_and_the_reasons_last() -> None:
    told = replace(message(), text="Яма", attachments=())
    assert draft(told, explanation=REASONS).description.strip() == f"<Яма>\n\n{REASONS}"


def test_a_ticket_without_a_department_says_who_decides() -> None:
    description = draft(message(), department=None, explanation=REASONS).description
    assert description.strip().endswith(f"{REASONS}\nИсполнителя определяет куратор.")


@pytest.mark.clause("1.3")
@pytest.mark.reading(12)
def test_a_flagged_ticket_says_first_what_the_curator_can_do() -> None:
    told = replace(message(), text="какого хуя", attachments=())
    found = [{"flag": "obscene", "text": "хуя"}, {"flag": "threat", "text": "убью"}]
    drafted = draft(told, department=None, moderation={"found": found, "lexicon_version": "1"})
    warning, _, text = drafted.description.partition("\n\n")
    assert "нецензурные выражения, угрозы" in warning
    assert "пункт 1.3" in warning
    assert "«Не подлежит ответу»" in warning
    assert text.startswith("<какого хуя>")
    assert drafted.subject == "Отмечено по пункту 1.3: нецензурные выражения, угрозы"
    assert (drafted.status, drafted.department) == ("new", None)


def test_attachments_are_listed_in_russian_with_their_links() -> None:
    attachments = (
        Attachment("photo", "https://example.com/a.jpg"),
        Attachment("doc", "https://example.com/b.pdf", "смета.pdf"),
        Attachment("something_new", ""),
    )
    lines = draft(replace(message(), attachments=attachments)).description.splitlines()
    start = lines.index("Вложения:")
    assert lines[start + 1 : start + 5] == [
        "",
        "* Фото: https://example.com/a.jpg",
        "* Документ «смета.pdf»: https://example.com/b.pdf",
        "* Вложение",
    ]


def test_an_attachments_title_and_address_are_no_markup() -> None:
    attachments = (Attachment("doc", "https://example.com/{{toc}}", "{{include(Wiki)}} !a.png!"),)
    description = draft(replace(message(), attachments=attachments)).description
    assert "* Документ «include Wiki a.png»: https://example.com/%7B%7Btoc%7D%7D" in description


def test_the_ticket_shows_what_the_message_stands_below() -> None:
    around = Surroundings("Ремонт улицы Ленина. " * 60, "https://vk.com/wall-1_2")
    description = draft(replace(message(), surroundings=around)).description
    _, shown = description.split("Написано под этим (https://vk.com/wall-1_2):")
    assert shown.strip().startswith("<Ремонт улицы Ленина.")
    assert shown.count("Ремонт") < 30


def test_curators_find_the_messages_whole_way_by_a_link_in_the_ticket() -> None:
    drafter = Drafter(open_texts(PROJECT / "templates", str), OFFICE.calendar, str)
    told = message()
    drafted = drafter.draft(
        told,
        channel=OFFICE.channels["vk-head"],
        external_number=told.external_number,
        department="roads",
        route={"explanation": REASONS},
        policy=OFFICE.policies.policy("head-feed"),
        now=NOW,
        journey="https://bridge.example/admin/inbox/ticket/12",
    )
    last = drafted.description.strip().splitlines()[-1]
    assert last == "Куратору, путь сообщения: https://bridge.example/admin/inbox/ticket/12"
    assert "путь сообщения" not in draft(told).description
