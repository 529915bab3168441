"""What staff typed in Redmine reads as plain text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.publish.markup import Markup, to_plain

BOTH = (Markup.TEXTILE, Markup.COMMON_MARK)
MARKED = st.text(alphabet=st.sampled_from('аб1 *_+-@#|"[](){}<>!:./=~`^&;\n\ue000\ue001hpb'))


@pytest.mark.parametrize("markup", list(Markup))
@pytest.mark.parametrize(
    "text",
    [
        "Работы идут с 9-00 до 18-00, кто-то — уже закончил.",
        "Размер 2*3*4 м, цена 5 * 6 рублей.",
        "Телефоны: +7 342 212-34-56, +7 342 212-34-57.",
        "Адрес: info_dept@gorodperm.ru",
        "Смотрите https://gorodperm.ru/a_b_c/_d_?x=*1*&y=2.",
        "(https://example.org/путь_1_2)",
        "Спасибо 😀👍🏽, ждём ❤️!",
        "Первая строка\nвторая строка\n\nновый абзац",
        "№ 5, § 3, 100 %, «кавычки», “лапки”",
        "<Имя> < 5 > 3",
    ],
)
def test_ordinary_text_stays_as_it_is(markup: Markup, text: str) -> None:
    assert to_plain(text, markup) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*жирный* и _курсив_, *_оба_*", "жирный и курсив, оба"),
        ("h2. План работ", "План работ"),
        ("p=. По центру", "По центру"),
        ("bq. Цитата", "> Цитата"),
        ("# раз\n# два\n## глубже\n# три", "1. раз\n2. два\n  1. глубже\n3. три"),
        ("* раз\n** глубже", "– раз\n  – глубже"),
        ('"Карта":https://example.org/a_b.', "Карта (https://example.org/a_b)."),
        ('"почта":mailto:a@example.org', "почта (a@example.org)"),
        ('"https://example.org":https://example.org', "https://example.org"),
        ("[[Инструкция|как подать]] и [[Правила]]", "как подать и Правила"),
        ("|_. Дом |_. Срок |\n| 5 | май |", "Дом | Срок\n5 | май"),
        ("<pre>*как есть*</pre>", "*как есть*"),
        ("@код@ и <code>a_b_c</code>", "код и a_b_c"),
        ("&laquo;Да&raquo; &amp; &quot;нет&quot;", '«Да» & "нет"'),
        ("раз<br>два <b>три</b>", "раз\nдва три"),
        ("%{color:red}важно%", "важно"),
        ("!https://example.org/x.png(схема)!", "схема"),
        ("срок -5 мая- 7 мая", "срок -5 мая- 7 мая"),
    ],
)
def test_textile(text: str, expected: str) -> None:
    assert to_plain(text, Markup.TEXTILE) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**жирный** и *курсив*, ***оба***", "жирный и курсив, оба"),
        ("## План работ\nтекст", "План работ\n\nтекст"),
        ("> Цитата\n> ещё", "> Цитата\n> ещё"),
        ("3. раз\n4. два", "3. раз\n4. два"),
        ("- раз\n  - глубже\n- два", "– раз\n  – глубже\n– два"),
        ("[Карта](https://example.org/a_b).", "Карта (https://example.org/a_b)."),
        ("[Путь](https://пермь.рф/а*б)", "Путь (https://пермь.рф/а*б)"),
        ("<https://example.org/a_b>", "https://example.org/a_b"),
        ("<a@example.org>", "a@example.org"),
        ("[[Инструкция|как подать]]", "как подать"),
        ("|Дом|Срок|\n|---|---|\n|5|май|", "Дом | Срок\n5 | май"),
        ("```\n*как есть*\n```", "*как есть*"),
        ("`код`", "код"),
        ("&laquo;Да&raquo; &amp; \\*нет\\*", "«Да» & *нет*"),
        ("раз<br>два <b>три</b>", "раз\nдва три"),
        ("![схема](https://example.org/x.png)", "схема"),
    ],
)
def test_common_mark(text: str, expected: str) -> None:
    assert to_plain(text, Markup.COMMON_MARK) == expected


@pytest.mark.parametrize("markup", list(Markup))
def test_line_breaks_stay_and_blank_lines_are_bounded(markup: Markup) -> None:
    plain = to_plain("раз  \r\nдва\r\n\r\n\r\n\r\n\r\n\r\nтри\r\n", markup)

    assert plain.startswith("раз\nдва\n\n")
    assert plain.endswith("три")
    assert "\n\n\n\n" not in plain


@pytest.mark.parametrize("markup", BOTH)
@given(text=MARKED)
def test_any_text_is_converted_and_leaves_no_trace_of_the_conversion(
    markup: Markup, text: str
) -> None:
    plain = to_plain(text, markup)

    assert not set("\ue000\ue001") & set(plain)


@pytest.mark.parametrize("markup", BOTH)
@pytest.mark.parametrize(
    "piece", ["*а ", '"а', "|а|", "[а](", "_а_ ", "<b", "@а ", "[[", "*(", "%{", "<pre>", "<code>"]
)
def test_long_text_full_of_opening_marks_is_converted_within_seconds(
    markup: Markup, piece: str
) -> None:
    text = piece * (50_000 // len(piece)) + "\n\nа"

    started = time.process_time()
    plain = to_plain(text, markup)

    assert plain.endswith("а")
    assert time.process_time() - started < 2
