"""What staff see in Redmine, in a real browser: each person's form, lists, and citizens' words."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from selenium.webdriver.support.ui import Select

from bridge.helpdesk.markup import TextFormatting, caption, verbatim, web_address
from sandbox.redmine_staff import RedmineDesk
from tests.integration.pages.conftest import Desk
from tests.integration.pages.written_tickets import WrittenTickets

HELPDESK = yaml.safe_load(Path("config/helpdesk.yaml").read_text(encoding="utf-8"))
STATUS_NAMES = {status["key"]: status["name"] for status in HELPDESK["statuses"]}
FIELD_KEYS = [field["key"] for field in HELPDESK["fields"]]
LISTS = "/projects/citizen-messages/issues?per_page=100&sort=id:desc"

PHONE, DESKTOP = 390, 1360
LONGEST_COMMENT = 16_000
UNBROKEN = "https://example.com/" + "a" * 400
ANSWER = (
    "Бригада подрядчика уже на месте, работы закончат сегодня до 20:00. "
    "Как они сделаны, завтра проверит департамент дорог и благоустройства."
)
ABBREVIATED = "Бригада подрядчика уже на месте, работы закончат сегодня. Проверит МКУ ДДиБ."
REMARK = (
    "Куратору, пункт 3.7 регламента: на что обратить внимание в ответе.\n\n"
    "* сокращения не раскрыты: МКУ, ДДиБ (3.7.4)\n\n"
    "Решение за вами: робот ответ не задерживает."
)
MARKUP = (
    "h1. Заголовок\n\n{{toc}} {{include(Wiki)}} !http://example.com/a.png! #1 [[Wiki]]\n"
    "</pre><script>document.title='взломано'</script><img src=x onerror=alert(1)> 😀👨‍👩‍👧\n"
    '*жирно* "ссылка":http://example.com `код`'
)

Tickets = Callable[..., int]
Selectors = Callable[[str], str]


def in_a_ticket(robot: RedmineDesk, words: str) -> int:
    """A ticket that shows a citizen's words."""
    return robot.open_ticket("Слова", "new", description=verbatim(words, TextFormatting.TEXTILE))


@pytest.mark.parametrize("status", ["assigned", "in_progress", "revision"])
def test_a_departments_form_offers_only_its_own_steps(
    roads_desk: Desk, roads_ticket: Tickets, status: str
) -> None:
    roads_desk.open(f"/issues/{roads_ticket(status)}/edit")
    steps = [status, *HELPDESK["workflow"]["department"][status]]
    assert roads_desk.statuses_offered() == {STATUS_NAMES[key] for key in steps}


def test_a_departments_form_has_its_own_fields_only(
    roads_desk: Desk, roads_ticket: Tickets, field_input: Selectors
) -> None:
    roads_desk.open(f"/issues/{roads_ticket('in_progress', answer_text=ANSWER)}/edit")
    roads_desk.screenshot("redmine-answer")
    shown = {key for key in FIELD_KEYS if roads_desk.find_all(field_input(key))}
    assert shown == {"answer_text", "interim_text", "interim_until", "answer_link"}
    assert roads_desk.find_all("#issue_subject, #issue_assigned_to_id, #issue_due_date") == []


def test_an_answer_without_text_is_refused_in_russian(
    roads_desk: Desk, roads_ticket: Tickets
) -> None:
    roads_desk.open(f"/issues/{roads_ticket('in_progress')}/edit")
    roads_desk.choose_status(STATUS_NAMES["review"])
    roads_desk.find("#issue-form input[type=submit]").click()
    assert "Текст ответа не может быть пустым" in roads_desk.wait_for("#errorExplanation").text


def test_a_revision_asks_the_curator_for_its_reason_at_once(
    curator_desk: Desk, roads_ticket: Tickets, field_input: Selectors
) -> None:
    ticket = roads_ticket("review", answer_text=ANSWER)
    curator_desk.open(f"/issues/{ticket}/edit")
    assert curator_desk.find_all(field_input("revision_reason")) == []
    curator_desk.choose_status(STATUS_NAMES["revision"])
    reason = curator_desk.wait_for(field_input("revision_reason"))
    reasons = HELPDESK["fields"][FIELD_KEYS.index("revision_reason")]["values"]
    assert [option.text for option in Select(reason).options if option.text.strip()] == reasons
    label = curator_desk.find(f"label[for={reason.get_attribute('id')}]")
    assert label.text.endswith("*")


def test_a_citizens_markup_is_shown_letter_by_letter(
    curator_desk: Desk, robot: RedmineDesk
) -> None:
    curator_desk.open(f"/issues/{in_a_ticket(robot, MARKUP)}")
    shown = curator_desk.find(".description pre").get_property("textContent")
    assert str(shown).replace("\u2060", "").strip() == MARKUP
    assert curator_desk.find_all(".description .wiki :not(pre)") == []
    assert "взломано" not in curator_desk.driver.title


def test_an_attachments_title_and_address_are_neither_markup_nor_macros(
    curator_desk: Desk, robot: RedmineDesk
) -> None:
    title = caption("{{toc}} !http://example.com/a.png! <b>смета</b> #1.pdf")
    address = web_address("https://example.com/_a_/*b*/(c)?d={{toc}}&e=!f!|g|#h")
    listed = f"Вложения:\n\n* Документ «{title}»: {address}"
    curator_desk.open(f"/issues/{robot.open_ticket('Вложение', 'new', description=listed)}")
    link = curator_desk.find(".description .wiki li a")
    assert link.get_attribute("href") == address
    assert curator_desk.find(".description .wiki li").text == f"Документ «{title}»: {address}"
    assert len(curator_desk.find_all(".description .wiki li *")) == 1


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_longest_comment_never_scrolls_sideways(
    curator_desk: Desk, robot: RedmineDesk, width: int
) -> None:
    sentence = "Снег не убран третий день. "
    words = (UNBROKEN + " " + sentence * (LONGEST_COMMENT // len(sentence)))[:LONGEST_COMMENT]
    ticket = in_a_ticket(robot, words)
    with curator_desk.of_width(width):
        curator_desk.open(f"/issues/{ticket}")
        assert curator_desk.find(".description pre").text.strip() == words.strip()
        assert not curator_desk.runs_over(".description pre")
        assert not curator_desk.runs_over("html")


def test_fields_without_a_value_are_left_out(
    curator_desk: Desk, robot: RedmineDesk, written: WrittenTickets, field_class: Selectors
) -> None:
    placement_due = written.moment(minutes=75)
    ticket = written.write("review", answer_text=ABBREVIATED, placement_due=placement_due)
    robot.update(ticket, notes=REMARK, private_notes=True)
    curator_desk.open(f"/issues/{ticket}")
    curator_desk.screenshot("redmine-ticket")
    assert curator_desk.find(f".attribute{field_class('answer_due')}").is_displayed()
    assert not curator_desk.find(f".attribute{field_class('final_due')}").is_displayed()


def test_late_tickets_stand_out_in_their_list(
    curator_desk: Desk, roads_ticket: Tickets, field_class: Selectors
) -> None:
    late = roads_ticket("assigned", deadline_state="просрочено")
    in_time = roads_ticket("assigned", deadline_state="в срок")
    curator_desk.open(LISTS)

    def colour(ticket: int) -> str:
        cell = curator_desk.find(f"#issue-{ticket} {field_class('deadline_state')}")
        return cell.value_of_css_property("color")

    assert colour(late) != colour(in_time)
    curator_desk.find_link("Просроченные").click()
    assert curator_desk.find_all(f"#issue-{late}")
    assert curator_desk.find_all(f"#issue-{in_time}") == []


def test_everybody_is_shown_the_lists_of_their_role(curator_desk: Desk, roads_desk: Desk) -> None:
    assert own_lists(curator_desk) == lists_for("curator")
    assert own_lists(roads_desk) == lists_for("department")


def lists_for(role: str) -> set[str]:
    return {one["name"] for one in HELPDESK["lists"] if role in one.get("roles", [role])}


def own_lists(desk: Desk) -> set[str]:
    """Which of our lists the page of tickets links to."""
    desk.open(LISTS)
    names = {one["name"] for one in HELPDESK["lists"]}
    return names & {link.text for link in desk.find_all("#sidebar a.query")}


def test_the_curators_list_has_what_waits_for_a_curator(
    curator_desk: Desk, roads_ticket: Tickets
) -> None:
    waiting, elsewhere = roads_ticket("review"), roads_ticket("in_progress")
    curator_desk.open(LISTS)
    curator_desk.find_link("Требуют внимания куратора").click()
    assert curator_desk.find_all(f"#issue-{waiting}")
    assert curator_desk.find_all(f"#issue-{elsewhere}") == []


def test_pages_of_no_project_of_ours_look_as_before(curator_desk: Desk) -> None:
    curator_desk.open(LISTS)
    ours = curator_desk.find("head style").get_property("textContent")
    curator_desk.open("/my/page")
    styles = [one.get_property("textContent") for one in curator_desk.find_all("head style")]
    assert ours not in styles


def test_a_curator_brings_in_a_further_department_in_two_clicks(
    curator_desk: Desk, roads_ticket: Tickets
) -> None:
    ticket = roads_ticket("assigned")
    curator_desk.open(f"/issues/{ticket}")
    choice = Select(curator_desk.find("#further_department"))
    offered = [option.text for option in choice.options]
    assert "Департамент дорог и благоустройства" not in offered
    choice.select_by_visible_text("Департамент транспорта")
    curator_desk.find(".further-department input[type=submit]").click()
    curator_desk.wait_for("#issue_subject")
    curator_desk.find("#issue-form input[name=commit]").click()
    curator_desk.wait_for("#flash_notice")

    curator_desk.open(f"/issues/{ticket}")
    assert "Департамент транспорта" in curator_desk.find("#issue_tree").text
    left = Select(curator_desk.find("#further_department"))
    assert "Департамент транспорта" not in [option.text for option in left.options]


def test_a_department_is_not_offered_to_bring_in_another(
    roads_desk: Desk, roads_ticket: Tickets
) -> None:
    roads_desk.open(f"/issues/{roads_ticket('assigned')}")
    assert roads_desk.find_all("#further_department") == []
