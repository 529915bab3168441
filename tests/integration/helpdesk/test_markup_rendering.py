"""Redmine shows a citizen's words exactly as they were written, in either of its markups."""

import html
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import pytest
import requests

from bridge.drafting import Drafter
from bridge.helpdesk.directory import RedmineDirectory
from bridge.helpdesk.layout import HelpdeskLayout
from bridge.helpdesk.markup import TextFormatting, folded, printable, verbatim
from bridge.helpdesk.port import Issue, TicketDraft
from bridge.helpdesk.redmine import RedmineHelpdesk
from bridge.helpdesk.redmine_session import RedmineSession
from bridge.messages import Attachment, Author, Surroundings
from bridge.office import Office
from bridge.routing.explanation import explain_in_russian
from bridge.texts import open_texts
from sandbox.redmine import RedmineAccess, RedmineInstance
from tests.hostile_texts import ELSEWHERE, RUNS, hostile_texts
from tests.integration.helpdesk.conftest import CONFIG
from tests.store_contract import rows

WORDS = {
    "macros": "{{include(secret)}} {{toc}} {{collapse(x)\nскрыто\n}} {{macro(0)}} !{{child_pages}}",
    "links": "#1 r1 commit:ab @admin user:admin [[Wiki]] document:1 source:a note-1 https://ya.ru",
    "markup": "*жирно* _курсив_ -нет- +да+ @код@ h1. Заголовок\n\nh1. Заголовок\n\n* раз\n# два",
    "pictures": "!http://example.com/a.png! !yard.png! ![x](yard.png)",
    "html": "<b>жирно</b> <script>alert(1)</script> <img src=x onerror=alert(1)> <!-- тайна -->",
    "block ends": '</pre> <pre> </PRE ></code><code class="ruby">puts</code> <notextile> </kbd>',
    "fences": "```\nтекст\n````\n~~~",
    "entities": "&amp; &lt;b&gt; &#35;1 & x",
    "breaks": "раз\nдва\n\nтри\n  с отступом",
    "quotes": '«Ёлки» — "кавычки" (c) (tm) -> ... 😀👨‍👩‍👧',
    "table": "|_. а |_. б |\n| 1 | 2 |\n> цитата\n---",
    "end of a macro": "}}\n\n}}\n{{collapse\n}}\n</pre>\n}}",
    "backslashes": r"\# \* C:\temp\x $1 \\",
}


@pytest.fixture(scope="module", params=[TextFormatting.TEXTILE, TextFormatting.COMMON_MARK])
def formatting(
    request: pytest.FixtureRequest, redmine: tuple[RedmineInstance, RedmineAccess]
) -> Iterator[TextFormatting]:
    """Redmine set to one of its markups; to its own default again afterwards."""
    database = redmine[0].folder / "redmine.db"
    set_text_formatting(database, request.param)
    yield request.param
    set_text_formatting(database, TextFormatting.TEXTILE)


def set_text_formatting(database: Path, formatting: TextFormatting) -> None:
    """As the page of settings does, which is for people: Redmine sees it at the next request."""
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    with closing(sqlite3.connect(database, timeout=10)) as connection, connection:
        connection.execute("delete from settings where name = 'text_formatting'")
        connection.execute(
            "insert into settings (name, value, updated_on) values ('text_formatting', ?, ?)",
            (formatting.value, now),
        )


@pytest.fixture
def fresh_helpdesk(
    robot_session: RedmineSession,
    helpdesk_layout: HelpdeskLayout,
    department_groups: Mapping[str, str],
) -> RedmineHelpdesk:
    """The adapter as after a start: it has not read any settings yet."""
    directory = RedmineDirectory(robot_session, helpdesk_layout, department_groups)
    return RedmineHelpdesk(robot_session, directory)


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_the_tickets_page_shows_the_words(
    access: RedmineAccess,
    formatting: TextFormatting,
    fresh_helpdesk: RedmineHelpdesk,
    draft: Callable[..., TicketDraft],
    words: str,
) -> None:
    assert fresh_helpdesk.text_formatting is formatting
    issue = fresh_helpdesk.create(draft(description=verbatim(words, formatting)))
    block = re.search(r'<div class="wiki">\s*(.*?)\s*</div>', open_page(access, issue), re.DOTALL)
    assert block, "the page has no description"
    assert words_shown(block.group(1)) == words


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_a_fold_hides_the_words_until_it_is_opened_and_shows_them_then(
    access: RedmineAccess,
    formatting: TextFormatting,
    fresh_helpdesk: RedmineHelpdesk,
    draft: Callable[..., TicketDraft],
    words: str,
) -> None:
    issue = fresh_helpdesk.create(draft(description=folded(words, "Показать текст", formatting)))
    page = open_page(access, issue)
    fold = re.search(
        r'<div id="collapse-\w+" class="collapsed-text" style="display:none;">(.*?)</div>',
        page,
        re.DOTALL,
    )
    assert fold, "the page has no fold"
    assert words_shown(fold.group(1)) == words


def test_no_text_gets_out_of_its_block_whatever_it_is_made_of(
    access: RedmineAccess,
    formatting: TextFormatting,
    fresh_helpdesk: RedmineHelpdesk,
    draft: Callable[..., TicketDraft],
) -> None:
    texts = list(hostile_texts(300))
    blocks = "\n\n".join(verbatim(text, formatting) for text in texts)
    page = open_page(access, fresh_helpdesk.create(draft(description=blocks)))
    rendered = part_of_page(page, '<div class="wiki">')
    shown = re.findall(r"<pre>.*?</pre>", rendered, re.DOTALL)
    assert re.sub(r"<pre>.*?</pre>", "", rendered, flags=re.DOTALL).split() == []
    assert [in_one_line(words_shown(block)) for block in shown] == [in_one_line(t) for t in texts]


def test_a_hostile_message_gets_nothing_into_a_tickets_page_but_words(
    access: RedmineAccess, formatting: TextFormatting, fresh_helpdesk: RedmineHelpdesk
) -> None:
    """As tickets are really written: every part of it is the citizen's, at its worst."""
    worst = "".join(hostile_texts(90))
    office = Office.load(CONFIG)
    texts = open_texts(CONFIG.parent / "templates", partial(verbatim, formatting=formatting))
    message = replace(
        rows.message(),
        text=worst,
        author=Author("501", worst[:200]),
        attachments=(
            Attachment("doc", f"https://files.example/{worst}", worst),
            Attachment("link", f"javascript:{RUNS}", worst),
        ),
        surroundings=Surroundings(worst, f"https://pages.example/{worst}"),
    )
    drafted = Drafter(texts, office.calendar, texts.filters["verbatim"]).draft(
        message,
        channel=office.channels["vk-head"],
        external_number=f"hostile-{formatting}",
        department="roads",
        route={"explanation": office_route(worst, office)},
        policy=office.policies.policy("head-feed"),
        now=rows.NOW,
    )
    page = open_page(access, fresh_helpdesk.create(drafted))
    described = Elements.of(part_of_page(page, '<div class="wiki">'))
    assert {tag for tag, _ in described} <= {"p", "br", "pre", "code", "ul", "li", "a"}
    assert all(
        a["href"].startswith(("https://files.", "https://pages.")) for t, a in described if t == "a"
    )
    for tag, attributes in Elements.of(page):
        for name, value in attributes.items():
            assert not (name.startswith("on") and RUNS in value), (tag, name)
            assert not (name in {"href", "src", "action"} and RUNS in value), (tag, name)
            assert not (tag != "a" and name in {"src", "href", "data"} and ELSEWHERE in value)


class Elements(HTMLParser):
    """The elements of a page with their attributes."""

    @classmethod
    def of(cls, page: str) -> list[tuple[str, dict[str, str]]]:
        parser = cls()
        parser.feed(page)
        parser.close()
        return parser.found

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def office_route(text: str, office: Office) -> str:
    """Why the message goes where it goes: the words that are quoted are the citizen's."""
    return explain_in_russian(office.router.route(text), office.mapping)


def part_of_page(page: str, opening: str) -> str:
    """What stands in the first such element, up to where its tags are closed."""
    begin = page.index(opening) + len(opening)
    depth, place = 1, begin
    for tag in re.finditer(r"<(/?)div\b", page[begin:]):
        depth += -1 if tag[1] else 1
        place = begin + tag.start()
        if depth == 0:
            break
    return page[begin:place]


def in_one_line(text: str) -> str:
    """Textile makes one blank line of several."""
    return " ".join(printable(text).replace("\u2060", "").split())


def words_shown(rendered: str) -> str:
    """The text of a page's part that must be one block without any markup inside."""
    inside = re.fullmatch(r"<pre>(?:<code>)?(.*?)(?:</code>)?</pre>", rendered.strip(), re.DOTALL)
    assert inside, rendered
    assert "<" not in inside.group(1)
    return html.unescape(inside.group(1)).replace("\r\n", "\n").replace("\u2060", "").strip("\n")


def open_page(access: RedmineAccess, issue: Issue) -> str:
    answer = requests.get(
        f"{access.url}/issues/{issue.id}",
        headers={"X-Redmine-API-Key": access.robot_key},
        timeout=30,
    )
    answer.raise_for_status()
    return answer.text
