"""The pages: a person reads the wall, writes as a citizen, and sees the community's answer."""

import io
import re

import pytest
import requests
from PIL import Image

from sandbox.vk import VkSandbox
from sandbox.vk.client import SandboxVk
from sandbox.vk.seed import ADMINISTRATION, CITIZENS, COMMUNITIES

OWNER = ADMINISTRATION.owner_id
CITIZEN = CITIZENS[2]


def page(url: str, path: str) -> str:
    answer = requests.get(f"{url}{path}", timeout=5)
    assert answer.status_code == 200
    return answer.text


def article(html: str, comment_id: int) -> str:
    """The HTML of one comment on a page."""
    found = re.search(rf'<article id="comment-{comment_id}".*?</article>', html, re.DOTALL)
    assert found is not None
    return found[0]


def test_the_first_page_lists_the_communities(url: str) -> None:
    html = page(url, "/")

    for seed in COMMUNITIES:
        assert f'<a href="/wall{seed.owner_id}">{seed.community.name}</a>' in html


def test_what_a_citizen_writes_is_shown_as_text_not_as_markup(vk: SandboxVk, url: str) -> None:
    comment_id = vk.comment(OWNER, 1, CITIZEN.id, "<script>alert('снег')</script>")
    shown = article(page(url, f"/wall{OWNER}"), comment_id)

    assert "<script>" not in shown
    assert "&lt;script&gt;alert(&#39;снег&#39;)&lt;/script&gt;" in shown
    assert CITIZEN.name in shown
    assert "23.11.2026 18:30" in shown


def test_a_citizen_writes_a_comment_and_a_reply_by_the_forms(url: str) -> None:
    browser = requests.Session()
    comments = f"{url}/wall{OWNER}_1/comments"
    written = browser.post(
        comments, data={"from_id": CITIZEN.id, "text": "Яма у дома 5"}, timeout=5
    )
    assert written.url == f"{url}/wall{OWNER}_1?reply=4#comment-4"
    reply = {"from_id": CITIZENS[1].id, "text": "И у дома 7", "reply_to_comment": 4}
    replied = browser.post(comments, data=reply, timeout=5)

    assert replied.url == f"{url}/wall{OWNER}_1?reply=5&thread=4#comment-5"
    assert "И у дома 7" in article(replied.text, 5)
    assert f'<option value="{CITIZENS[1].id}" selected>' in replied.text


def test_a_citizen_edits_deletes_and_restores_a_comment_by_the_forms(
    vk: SandboxVk, url: str
) -> None:
    comment = vk.comment(OWNER, 1, CITIZEN.id, "Ямма")
    vk.comment(OWNER, 1, CITIZENS[1].id, "Поддерживаю", comment)
    address = f"{url}/wall{OWNER}/comments/{comment}"
    edited = requests.post(f"{address}/edit", data={"text": "Яма"}, timeout=5)
    assert '<p class="text">Яма</p>' in article(edited.text, comment)

    deleted = requests.post(f"{address}/delete", timeout=5)
    assert "Комментарий удалён." in article(deleted.text, comment)
    restored = requests.post(f"{address}/restore", timeout=5)
    assert '<p class="text">Яма</p>' in article(restored.text, comment)


def test_the_communitys_answer_is_not_changed_by_the_pages(vk: SandboxVk, url: str) -> None:
    answer = vk.answer(
        "wall.createComment",
        ADMINISTRATION.community_token,
        owner_id=OWNER,
        post_id=1,
        message="Завтра",
    )["comment_id"]
    address = f"{url}/wall{OWNER}/comments/{answer}"
    assert "Удалить" not in article(page(url, f"/wall{OWNER}_1"), answer)
    assert requests.post(f"{address}/delete", timeout=5).status_code == 403


def test_a_comments_link_highlights_that_comment(vk: SandboxVk, url: str) -> None:
    first = vk.comment(OWNER, 1, CITIZEN.id, "Первый")
    second = vk.comment(OWNER, 1, CITIZEN.id, "Второй")
    html = page(url, f"/wall{OWNER}_1?reply={second}")

    assert 'class="comment target"' in article(html, second)
    assert "target" not in article(html, first)


def test_the_communitys_answer_stands_out(vk: SandboxVk, url: str) -> None:
    question = vk.comment(OWNER, 1, CITIZEN.id, "Когда?")
    answer = vk.call(
        "wall.createComment",
        ADMINISTRATION.community_token,
        owner_id=OWNER,
        post_id=1,
        message="Завтра",
        reply_to_comment=question,
    )["response"]["comment_id"]
    html = page(url, f"/wall{OWNER}_1")

    assert "ответ сообщества" in article(html, answer)
    assert "ответ сообщества" not in article(html, question)


def test_a_citizen_writes_a_post(url: str) -> None:
    posted = requests.post(
        f"{url}/wall{OWNER}/posts", data={"from_id": CITIZEN.id, "text": "Спасибо!"}, timeout=5
    )

    assert posted.url == f"{url}/wall{OWNER}_4"
    assert "Спасибо!" in posted.text


def test_a_page_learns_that_there_is_something_new(vk: SandboxVk, url: str) -> None:
    before = requests.get(f"{url}/version", timeout=5).json()
    vk.comment(OWNER, 1, CITIZEN.id, "Новое")

    assert requests.get(f"{url}/version", timeout=5).json() != before


def test_a_closed_post_offers_no_form(vk: SandboxVk, url: str) -> None:
    vk.control("PUT", f"posts/{OWNER}/1/rules", {"closed": True})
    html = page(url, f"/wall{OWNER}_1")

    assert "Комментарии к записи закрыты." in html
    assert "<form" not in html
    form = {"from_id": CITIZEN.id, "text": "Всё равно"}
    refused = requests.post(f"{url}/wall{OWNER}_1/comments", data=form, timeout=5)
    assert refused.status_code == 403
    assert "код 213" in refused.text


def test_wrong_addresses_and_empty_forms_are_refused(url: str) -> None:
    assert requests.get(f"{url}/wall-404", timeout=5).status_code == 404
    assert requests.get(f"{url}/wall{OWNER}_404", timeout=5).status_code == 404
    empty = {"from_id": CITIZEN.id, "text": "  "}
    assert requests.post(f"{url}/wall{OWNER}_1/comments", data=empty, timeout=5).status_code == 400
    nobody = {"from_id": 404, "text": "Кто я?"}
    assert requests.post(f"{url}/wall{OWNER}_1/comments", data=nobody, timeout=5).status_code == 400


def test_the_delivery_page_shows_event_attempts_and_answer(
    connected: SandboxVk, sandbox: VkSandbox, url: str
) -> None:
    before = requests.get(f"{url}/deliveries/version", timeout=5).json()
    connected.comment(OWNER, 1, CITIZEN.id, "Вопрос")
    assert sandbox.settle()
    html = page(url, "/deliveries")

    assert "подтверждён" in html
    assert "wall_reply_new" in html
    assert "доставлено" in html
    assert "200 · <code>ok</code>" in html
    assert "sandbox-secret" not in html
    assert requests.get(f"{url}/deliveries/version", timeout=5).json() != before


def test_pages_load_nothing_from_elsewhere_and_run_no_inline_script(url: str) -> None:
    html = page(url, f"/wall{OWNER}")

    sources = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert all(source.startswith(("/", "data:,")) for source in sources)
    assert "<script>" not in html
    for source in sources:
        if source.startswith("/static/"):
            assert page(url, source)


def picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (8, 6), "white").save(content, "PNG")
    return content.getvalue()


def shown_picture(html: str) -> bytes:
    """The picture that a page shows, fetched by its address there."""
    found = re.search(r'<img class="picture" src="([^"]+)"', html)
    assert found is not None
    return requests.get(found[1], timeout=5).content


@pytest.mark.parametrize(
    "path",
    [
        f"/wall{OWNER}_1/comments",
        f"/wall{OWNER}/posts",
        f"/photo{OWNER}_1/comments",
        f"/market{OWNER}_1/comments",
        f"/gim{ADMINISTRATION.id}/messages",
    ],
)
def test_a_citizen_attaches_a_picture_by_the_form_and_sees_it(url: str, path: str) -> None:
    written = requests.post(
        f"{url}{path}",
        data={"from_id": CITIZEN.id, "text": ""},
        files={"picture": ("яма.png", picture(), "image/png")},
        timeout=5,
    )

    assert written.status_code == 200
    assert shown_picture(written.text) == picture()


def test_a_file_that_is_no_picture_is_refused_by_the_form(url: str) -> None:
    refused = requests.post(
        f"{url}/wall{OWNER}_1/comments",
        data={"from_id": CITIZEN.id, "text": "Яма"},
        files={"picture": ("яма.png", b"nothing", "image/png")},
        timeout=5,
    )

    assert refused.status_code == 400
    assert "Это не фотография" in refused.text


@pytest.mark.parametrize(
    ("path", "title"),
    [
        (f"/photo{OWNER}_1", "Фотография"),
        (f"/video{OWNER}_1", "Видео"),
        (f"/topic{OWNER}_1", "Обсуждение"),
        (f"/market{OWNER}?w=product{OWNER}_1", "Товар"),
    ],
)
def test_things_to_comment_on_have_pages_that_the_first_page_names(
    url: str, path: str, title: str
) -> None:
    assert path in page(url, "/").replace("&amp;", "&")
    assert title in page(url, path)


def test_the_dialog_shows_both_sides(vk: SandboxVk, url: str) -> None:
    requests.post(
        f"{url}/gim{ADMINISTRATION.id}/messages",
        data={"from_id": CITIZEN.id, "text": "Куда обратиться?"},
        timeout=5,
    )
    vk.answer(
        "messages.send",
        ADMINISTRATION.community_token,
        peer_id=CITIZEN.id,
        random_id=5,
        message="В администрацию.",
    )

    html = page(url, f"/gim{ADMINISTRATION.id}?sel={CITIZEN.id}")

    assert html.index("Куда обратиться?") < html.index("В администрацию.")
    assert f"Переписка: {CITIZEN.name}" in html


@pytest.mark.parametrize("path", ["/market-1001", "/photo-1001_99", "/gim5"])
def test_a_page_that_is_not_there_is_not_found(url: str, path: str) -> None:
    assert requests.get(f"{url}{path}", timeout=5).status_code == 404
