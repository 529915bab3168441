"""An approved answer becomes the text that citizens read."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.config.document import ConfigError
from bridge.messages import Author, Network, Visibility
from bridge.publish.markup import Markup
from bridge.publish.rendering import Answer, AnswerTemplates, EmptyAnswer, TooLong

TEMPLATES = AnswerTemplates(Path(__file__).parents[3] / "templates" / "answers")
ANNA = Author("501", "Анна Мальцева")
ANSWER = Answer("Снег уберут 24.11.2026.", Markup.TEXTILE, ANNA, "Администрация города Перми", 4000)


def feed(answer: Answer) -> str:
    return TEMPLATES.render(Network.VK, Visibility.FEED, answer)


@pytest.mark.parametrize("visibility", list(Visibility))
def test_answer_is_greeted_and_signed(visibility: Visibility) -> None:
    assert TEMPLATES.render(Network.VK, visibility, ANSWER) == (
        "Здравствуйте, Анна!\n\nСнег уберут 24.11.2026.\n\nАдминистрация города Перми"
    )


@pytest.mark.parametrize("visibility", list(Visibility))
def test_an_interim_answer_tells_when_the_final_one_comes(visibility: Visibility) -> None:
    interim = replace(ANSWER, interim=True, final_by="24.11.2026 18:30")
    assert TEMPLATES.render(Network.VK, visibility, interim) == (
        "Здравствуйте, Анна!\n\nСнег уберут 24.11.2026.\n\n"
        "Окончательный ответ дадим не позднее 24.11.2026 18:30.\n\nАдминистрация города Перми"
    )


def test_an_interim_answer_without_a_period_is_greeted_and_signed_like_any_other() -> None:
    assert feed(replace(ANSWER, interim=True)) == feed(ANSWER)


@pytest.mark.parametrize(
    ("author", "greeting"),
    [
        (Author("501", "анна-мария Мальцева"), "Здравствуйте, Анна-мария!"),
        (Author("501", "Anna Maltseva"), "Здравствуйте, Anna!"),
        (Author("501", ""), "Здравствуйте!"),
        (Author("501", "DELETED"), "Здравствуйте!"),
        (Author("501", "🔥Огонь🔥 Пермский"), "Здравствуйте!"),
        (Author("501", "[id1|x] y"), "Здравствуйте!"),
        (Author("-777", "Библиотека имени Горького"), "Здравствуйте!"),
    ],
)
def test_only_a_persons_first_name_is_used(author: Author, greeting: str) -> None:
    assert feed(replace(ANSWER, author=author)).split("\n")[0] == greeting


@pytest.mark.parametrize(
    "greeting",
    [
        "Здравствуйте!",
        "Здравствуйте, Анна!",
        "Добрый день, Анна.",
        "*Добрый вечер!*",
        "Доброго времени суток!",
        "Уважаемая Анна!",
        "Уважаемые жители!",
        "Анна, здравствуйте!",
        "Анна Сергеевна, добрый день!",
    ],
)
def test_departments_own_greeting_is_enough(greeting: str) -> None:
    text = feed(replace(ANSWER, text=f"{greeting}\n\nСнег уберут."))

    assert text.startswith(greeting.strip("*"))


@pytest.mark.parametrize("start", ["Добрые соседи", "Во вторник, в добрый час,", "Снег уберут"])
def test_what_only_resembles_a_greeting_is_none(start: str) -> None:
    assert feed(replace(ANSWER, text=start)).startswith("Здравствуйте, Анна!")


def test_departments_own_signature_is_enough() -> None:
    text = feed(replace(ANSWER, text="Снег уберут.\n\nАдминистрация города Перми."))

    assert text.count("Администрация города Перми") == 1


def test_no_signature_leaves_no_empty_end() -> None:
    assert feed(replace(ANSWER, signature="")).endswith("Снег уберут 24.11.2026.")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Спасибо, [id501|Анна]", "Спасибо, Анна"),
        ("[club1001|Администрация] ответит", "Администрация ответит"),
        ("[https://vk.com/wall-1_2|запись]", "запись (https://vk.com/wall-1_2)"),
        ("Пишите @durov и @all", "Пишите @\u2060durov и @\u2060all"),
        ("сноска *id1 (x)", "сноска *\u2060id1 (x)"),
        ("Почта info@gorodperm.ru", "Почта info@gorodperm.ru"),
        ("https://example.org/@name", "https://example.org/@name"),
        ("[важно] и [а|б]", "[важно] и [а|б]"),
    ],
)
def test_answer_mentions_nobody_in_vk(text: str, shown: str) -> None:
    assert shown in feed(replace(ANSWER, text=text, markup=Markup.PLAIN))


def test_answer_above_the_limit_says_by_how_much() -> None:
    length = len(feed(ANSWER))

    assert feed(replace(ANSWER, limit=length))
    with pytest.raises(TooLong, match=f"{length} знаков.*не больше {length - 3}.*на 3") as raised:
        feed(replace(ANSWER, limit=length - 3))
    assert (raised.value.limit, raised.value.length) == (length - 3, length)


@pytest.mark.parametrize("text", ["", "  \n", "<br>", "* "])
def test_answer_without_words_is_not_placed(text: str) -> None:
    with pytest.raises(EmptyAnswer):
        feed(replace(ANSWER, text=text))


def test_template_code_in_an_answer_is_only_text() -> None:
    assert "{{ 7 * 7 }}" in feed(replace(ANSWER, text="{{ 7 * 7 }}", markup=Markup.PLAIN))


@given(text=st.text(min_size=1), name=st.text(), markup=st.sampled_from(Markup))
def test_any_words_render_or_are_refused_by_name(text: str, name: str, markup: Markup) -> None:
    answer = replace(ANSWER, text=text, markup=markup, author=Author("501", name))
    try:
        rendered = feed(answer)
    except (EmptyAnswer, TooLong):
        return
    assert rendered == rendered.strip()
    assert len(rendered) <= ANSWER.limit


def test_missing_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"vk_feed\.txt\.j2: there is no such template"):
        AnswerTemplates(tmp_path).render(Network.VK, Visibility.FEED, ANSWER)


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        ("раз\n{% if %}", r"vk_feed\.txt\.j2:2: "),
        ("{{ frist_name }}", r"vk_feed\.txt\.j2: 'frist_name' is undefined"),
    ],
)
def test_broken_template_is_found_when_loaded(tmp_path: Path, contents: str, message: str) -> None:
    (tmp_path / "vk_feed.txt.j2").write_text(contents, encoding="utf-8")

    with pytest.raises(ConfigError, match=message):
        AnswerTemplates(tmp_path)
