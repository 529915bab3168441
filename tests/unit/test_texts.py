"""Every note that the rules leave is there, in Russian, and names its clause."""

import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from bridge.sla.effects import Note
from bridge.texts import note_text, open_texts

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
RULES = Path(__file__).resolve().parents[2] / "bridge" / "sla"
ORDERS = Path(__file__).resolve().parents[2] / "bridge" / "flow"
OUTCOMES = ("failed", "uncertain", "held")
AT = {"at": "23.11.2026 18:30", "link": "https://vk.com/wall-1_2?reply=3"}
FINDINGS = {
    "kind": "final",
    "words": "2",
    "length": "17000",
    "longest": "16000",
    "abbreviations": "УК, МКД",
}
ORDERED = {"who": "Анна Куратова", "at": "23.11.2026 18:30"}
VALUES: dict[str, dict[str, str]] = {
    "revision_without_reason": {},
    "answer_without_text": {},
    "part_placed_in_vain": {"link": "https://vk.com/wall-1_2?reply=3"},
    "parts_dropped": {},
    "parts_in_work": {},
    "waits_for_parts": {},
    "answer_without_photo": {},
    "placement_failed": {"meaning": "Комментарии закрыты."},
    "placement_uncertain": {"meaning": "Соцсеть не ответила."},
    "placement_held": {"meaning": "Слишком часто."},
    "deadline_near": {
        "to": "Исполнителю",
        "duty": "Подготовка ответа",
        "clause": "3.2.1",
        "due": "23.11.2026 20:05",
        "left": "30 мин",
    },
    "interim_without_text": {},
    "interim_without_period": {},
    "interim_period_past": {"told": "23.11.2026 18:30"},
    "interim_period_too_late": {"told": "30.11.2026 18:30", "latest": "24.11.2026 18:30"},
    "interim_refused": {},
    "interim_is_not_final": {},
    "interim_extends": {"due": "24.11.2026 18:30"},
    "interim_extends_nothing": {"at": "23.11.2026 18:30"},
    "interim_failed": {"meaning": "Комментарии закрыты."},
    "interim_uncertain": {"meaning": "Соцсеть не ответила."},
    "interim_held": {"meaning": "Слишком часто."},
    "interim_in_vain": {"link": "https://vk.com/wall-1_2?reply=3"},
    "placed_in_vain": {"link": "https://vk.com/wall-1_2?reply=3"},
    "citizen_wrote_more": AT
    | {"text": "И ещё яма.", "attachments": "* Фото", "suggestion": "Подразделение: Дороги."},
    "citizen_wrote_after_closing": AT | {"text": "И ещё яма.", "attachments": "* Фото"},
    "message_edited": AT | {"text": "Яма.", "text_before": "Ямма.", "attachments": "* Фото"},
    "message_deleted": AT,
    "message_deleted_answer_anyway": AT,
    "message_deleted_after_closing": AT,
    "message_removed": AT,
    "message_restored": AT,
    "message_restored_told": AT,
    "addition_deleted": AT,
    "message_came_again": AT | {"channel": "Инцидент менеджмент"},
    "late_source_failed": {
        "system": "https://incident.invalid/15",
        "meaning": "Карточка закрыта.",
    },
    "files_not_attached": {"files": "* Фото: https://vk.com/1.jpg (файл пуст)"},
    "breach": {
        "due": "23.11.2026 18:30",
        "duty": "Размещение ответа",
        "clause": "3.5",
        "holder": "куратор",
        "explanation": "пункт 3.5: 30 мин с 18:00",
    },
    "revision_too_late": {},
    "important": {"why": "опасность для жизни или здоровья («открытый … люк»)"},
    "answer_blocked": FINDINGS,
    "answer_remarks": FINDINGS,
    "edited_after_approval": {"kind": "final"},
    "edited_after_placement": {"kind": "final"},
    "self_placement_refused": {"obstacle": "channel"},
    "step_insisted": {"objection": "answer_without_text"},
    "threat_found": {"found": "угрозы: «убью вас»"},
    "closed_unanswered": {"found": "нецензурные выражения: «х…»"},
    "ordered_again": ORDERED | {"status": "К размещению"},
    "placed_by_hand": ORDERED | {"where": "ВКонтакте", "link": "https://vk.com/wall-1_2?reply=3"},
    "answer_dropped": ORDERED
    | {
        "reason": "сообщение удалено",
        "where": "ВКонтакте",
        "consequence": "Карточка переведена в статус «Снято».",
        "term": "до 23.11.2026 18:30",
    },
}
CHOOSING = {"kind", "objection", "obstacle"}
"""Values that choose the words and are not shown themselves."""


@pytest.mark.parametrize("name", VALUES)
def test_a_note_says_in_russian_what_happened_what_to_do_and_by_which_clause(name: str) -> None:
    text = note_text(open_texts(TEMPLATES, str), Note(name, VALUES[name]))
    assert re.search(r"[Пп]ункт \d\.\d", text)
    assert not re.search(r"[{}]|None|Undefined", text)
    assert text == text.strip()
    for key, value in VALUES[name].items():
        assert key in CHOOSING or value in text
    words = re.sub(r"https?://\S+", "", text)
    assert not re.search(r"[A-Za-z]", words)


def test_there_is_a_text_for_each_note_of_rules_and_people_and_no_other() -> None:
    there = {path.name.removesuffix(".j2") for path in (TEMPLATES / "notes").iterdir()}
    assert there == set(VALUES)
    writers = (*RULES.glob("*.py"), *ORDERS.glob("placement_*.py"))
    source = "".join(path.read_text(encoding="utf-8") for path in writers)
    composed = {f"{kind}_{what}" for kind in ("placement", "interim") for what in OUTCOMES}
    named = {name for name in there if f'"{name}"' in source}
    assert named | composed == there


def test_a_value_that_is_missing_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(UndefinedError, match="link"):
        note_text(open_texts(TEMPLATES, str), Note("placed_in_vain"))


@pytest.mark.parametrize("name", [name for name, values in VALUES.items() if "text" in values])
def test_what_a_citizen_wrote_is_shown_as_written(name: str) -> None:
    texts = open_texts(TEMPLATES, lambda text: f"<pre>{text}</pre>")
    text = note_text(texts, Note(name, VALUES[name]))
    for key in ("text", "text_before"):
        if key in VALUES[name]:
            assert f"\n\n<pre>{VALUES[name][key]}</pre>\n\n" in text


@pytest.mark.clause("3.7.1", "3.7.2", "3.7.3", "3.7.4")
@pytest.mark.reading(10)
def test_the_undone_revision_names_all_its_reasons() -> None:
    text = note_text(open_texts(TEMPLATES, str), Note("revision_without_reason"))
    assert text.startswith("Пункт 3.7 регламента")
    assert "3.7.1–3.7.4" in text
