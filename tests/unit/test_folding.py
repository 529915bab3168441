"""Staff need not read what clause 1.3 names, and lose nothing of it."""

from pathlib import Path

import pytest

from bridge.folding import Folding
from bridge.helpdesk.markup import TextFormatting
from bridge.moderation import Moderator, load_lexicon

pytestmark = [pytest.mark.clause("1.3"), pytest.mark.reading(12)]

CONFIG = Path(__file__).resolve().parents[2] / "config"


@pytest.fixture(scope="module")
def moderator() -> Moderator:
    return Moderator(load_lexicon(CONFIG / "moderation.yaml"))


def test_a_decent_text_is_shown_at_once(moderator: Moderator) -> None:
    show = Folding(moderator, lambda: TextFormatting.TEXTILE)
    assert show("Яма во дворе") == "<pre>\nЯма во дворе\n</pre>"


def test_bad_words_are_folded_and_told_masked(moderator: Moderator) -> None:
    shown = Folding(moderator, lambda: TextFormatting.TEXTILE)("Вы дебилы, какого хуя")
    warning, _, fold = shown.partition("\n\n")
    assert warning == (
        "Текст скрыт, пункт 1.3 регламента. "
        "Найдены нецензурные выражения: «х…»; оскорбления: «д…ы»."
    )
    assert fold == "{{collapse(Показать текст)\n<pre>\nВы дебилы, какого хуя\n</pre>\n}}"


def test_a_threat_is_told_in_its_own_words(moderator: Moderator) -> None:
    shown = Folding(moderator, lambda: TextFormatting.TEXTILE)("Я *убью* [[вас]]!")
    assert shown.startswith("Текст скрыт, пункт 1.3 регламента. Найдены угрозы: «убью».")


def test_plain_text_has_the_warning_and_no_fold(moderator: Moderator) -> None:
    shown = Folding(moderator, lambda: TextFormatting.PLAIN)("какого хуя")
    assert shown.startswith("Текст скрыт")
    assert shown.endswith("\n\nкакого хуя")
    assert "{{" not in shown


def test_of_many_words_a_few_are_told(moderator: Moderator) -> None:
    text = "дебил, идиот, кретин, тварь, мразь, урод, сволочь"
    warning = Folding(moderator, lambda: TextFormatting.TEXTILE)(text).partition("\n\n")[0]
    assert warning.endswith("«м…ь» и другие.")
