"""What people do to a word to get past a filter."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bridge.moderation import Moderator

pytestmark = pytest.mark.clause("1.3")


@pytest.mark.parametrize(
    "written",
    [
        "хуй",
        "ХУЙ",
        "xyй",
        "хyй",
        "хууууй",
        "х*й",
        "х**",
        "х#й",
        "х у й",
        "х.у.й",
        "х-у-й",
        "х_у_й",
        "Х У Й",
        "ху й",
        "ху́й",
        "х\u200bуй",
        "huy",
        "нахуй",
        "п1здец",
        "п!здец",
        "пи3дец",
        "п***ц",
        "пиzдец",
        "pizdec",
        "pizdets",
        "6лядь",
        "бл@дь",
        "b l y a d",
        "cyka",
        "с.у.к.а",
        "𝗽𝗶𝘇𝗱𝗲𝗰",
    ],
)
def test_a_disguised_word_is_found_as_written(moderator: Moderator, written: str) -> None:
    verdict = moderator.check(f"когда вода? {written} какой-то")
    assert verdict.flags == ("obscene",)
    assert [each.text for each in verdict.found] == [written]


@pytest.mark.parametrize("written", ["д*билы", "дебuлы", "debily", "д е б и л ы", "дебиллы"])
def test_insults_are_disguised_in_the_same_ways(moderator: Moderator, written: str) -> None:
    assert moderator.check(f"вы {written}").flags == ("insult",)


@pytest.mark.parametrize("written", ["уб*ю", "у6ью", "ubyu", "ub'yu", "убъю"])
def test_threats_are_disguised_in_the_same_ways(moderator: Moderator, written: str) -> None:
    assert moderator.check(f"{written} вас").flags == ("threat",)


@pytest.mark.parametrize(
    "text",
    [
        "+7 (342) ***-**-12",
        "**важно** просим помочь",
        "в 3б классе, дом 6б, маршрут 2а",
        "Г. Пермь, ул. Ленина, д. 5, кв. 6, п. Лядов",
        "е-билет, веб-камера, б/у, т.е., ж/д",
        "her eBay and the hub",
        "а и б сидели на трубе",
    ],
)
def test_stars_digits_and_single_letters_of_ordinary_messages_hide_nothing(
    moderator: Moderator, text: str
) -> None:
    assert moderator.check(text).found == ()


@given(st.text(max_size=200))
@example("\U00017000 хуй")
def test_any_text_has_a_verdict(moderator: Moderator, text: str) -> None:
    verdict = moderator.check(text)
    assert bool(verdict.flags) is bool(verdict.found)
