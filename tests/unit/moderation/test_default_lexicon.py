"""What the shipped `config/moderation.yaml` must do whatever else is tuned in it."""

import pytest

from bridge.moderation import Moderator

pytestmark = [pytest.mark.clause("1.3"), pytest.mark.reading(12)]


@pytest.mark.parametrize(
    "text",
    [
        "застрахуй дом",
        "команда хлеба рубля скипидар психиатр подстрахует",
        "мандарин педикюр сучок сучкорез залупить требую",
        "оскорблять употреблять колебания гребля ослаблять",
        "ебилет не проходит",
        "вебинар, дебет, небеса, требование, учебник, погреб",
        "Херсонская улица, Козлова, 5",
        "Собака по кличке сука родила щенков, заберите в приют",
        "тупик, уродливый фасад, козлиная тропа",
    ],
)
def test_words_that_only_contain_or_resemble_bad_ones_raise_no_alarm(
    moderator: Moderator, text: str
) -> None:
    assert moderator.check(text).found == ()


@pytest.mark.parametrize(
    "text",
    [
        "провода искрят, убьёт кого-нибудь",
        "собаки загрызут ребёнка",
        "дом рухнет и всех похоронит",
        "сосулька убьёт",
        "сосед угрожает, что сожжёт наш дом",
        "скоро ноги переломаю на вашем льду",
        "боюсь, убью тут ребёнка на коляске",
    ],
)
def test_danger_that_a_citizen_reports_is_no_threat(moderator: Moderator, text: str) -> None:
    assert moderator.check(text).found == ()


@pytest.mark.parametrize(
    "text",
    [
        "позор",
        "безобразие и бардак",
        "сколько можно терпеть",
        "вы там совсем обленились",
        "уволить бы вас всех",
        "бездельники",
        "вы нас за идиотов держите?",
        "стоим на остановке как дураки",
        "вас жители съедят",
    ],
)
def test_decent_anger_is_no_insult(moderator: Moderator, text: str) -> None:
    assert moderator.check(text).found == ()


@pytest.mark.parametrize(
    "text",
    [
        "убил подвеску",
        "убитая дорога",
        "убиться можно",
        "прибейте доску",
        "замёрзнем насмерть",
        "подам в суд",
        "напишу в прокуратуру",
        "завалю вас жалобами",
        "порву вас в суде",
        "сломаю свой забор сам",
        "не убью",
    ],
)
def test_figures_of_speech_and_lawsuits_are_no_threats(moderator: Moderator, text: str) -> None:
    assert moderator.check(text).found == ()


@pytest.mark.parametrize(
    "text",
    [
        "я вас всех поубиваю",
        "приеду и сожгу вашу контору",
        "взорву",
        "найду и переломаю ноги",
        "вам не жить",
        "прибью",
        "закопаю",
        "перестреляю",
        "подожгу машину мэра",
        "хочу убить вашего начальника",
        "расстрелять вас всех надо",
        "мы вам окна выбьем",
    ],
)
def test_harm_that_the_author_says_to_do_is_a_threat(moderator: Moderator, text: str) -> None:
    assert moderator.check(text).flags == ("threat",)


@pytest.mark.parametrize(
    "text",
    [
        "вы дебилы",
        "Козлы! Сколько можно",
        "тупые чиновники",
        "бараны вы",
        "какая тварь отравила собак",
        "иди в жопу",
        "чтоб вы сдохли",
    ],
)
def test_words_thrown_at_people_are_insults(moderator: Moderator, text: str) -> None:
    assert moderator.check(text).flags == ("insult",)


def test_all_that_is_found_is_told_as_written_in_the_order_of_kinds(moderator: Moderator) -> None:
    verdict = moderator.check("УБЬЮ вас, дебилы!!! Какого ХуЯ нет воды")
    assert verdict.flags == ("obscene", "insult", "threat")
    assert [each.text for each in verdict.found] == ["ХуЯ", "дебилы", "УБЬЮ"]
