"""What the bridge points out in an answer that comes to the curator (3.5, 3.7.1, 3.7.4)."""

from collections.abc import Callable
from typing import Any

import pytest

from bridge.settings import PROJECT
from bridge.sla.answer_checks import AnswerChecks
from bridge.sla.circumstances import Circumstances
from bridge.sla.timeline import AnswerKind, Status
from bridge.texts import note_text, open_texts
from tests.unit.sla.rules.story import Story

Tell = Callable[..., Story]
SHORT = "Решает УК."
PLAIN = "Яма на улице Ленина будет засыпана до первого декабря."


@pytest.fixture
def working(tell: Tell) -> Story:
    story = tell().created("16:05")
    story.around = around()
    return story


def around(action: str = "note", longest: int = 1000) -> Circumstances:
    checks: dict[str, dict[str, Any]] = {
        "short": {"action": action},
        "length": {"action": action},
        "abbreviations": {"action": action, "accepted": ["РФ"]},
    }
    return Circumstances(AnswerChecks.model_validate(checks), dict.fromkeys(AnswerKind, longest))


def remarks(story: Story, now: str = "17:01") -> list[str]:
    """The notes, as staff read them."""
    texts = open_texts(PROJECT / "templates", str)
    updates = story.updates(now)
    return [
        note_text(texts, each.note)
        for each in updates
        if each.note and each.note.template in ("answer_remarks", "answer_blocked")
    ]


def test_one_note_lists_everything_that_gives_pause(working: Story) -> None:
    working.around = around(longest=5)
    working.submitted("17:00", SHORT)
    (text,) = remarks(working)
    assert text.splitlines() == [
        "Куратору, пункт 3.7 регламента: на что обратить внимание в ответе.",
        "* ответ очень короткий, слов: 2. Возможно, он формальный (3.7.1)",
        "* ответ слишком длинный: 10 знаков, а с приветствием и подписью поместится не больше 5"
        " (3.5). Его не получится разместить",
        "* сокращения не раскрыты: УК (3.7.4)",
        "",
        "Решение за вами: робот ответ не задерживает.",
    ]


def test_the_submission_counts_all_the_same(working: Story) -> None:
    working.submitted("17:00", SHORT)
    assert working.statuses("17:01") == []
    assert working.verdicts("17:01")["answer:1"] == "in_time"


def test_each_submission_is_remarked_on_once(working: Story) -> None:
    working.submitted("17:00", SHORT).settle("17:01").then("17:02", author="Иван").settle("17:03")
    working.sent_back("17:10").submitted("17:20", SHORT).settle("17:21")
    told = [key for key in working.done if key.startswith("remarks")]
    assert len(told) == 2


def test_an_ordinary_answer_is_passed_over(working: Story) -> None:
    assert remarks(working.submitted("17:00", PLAIN)) == []


def test_an_interim_answer_is_looked_at_too(working: Story) -> None:
    (text,) = remarks(working.interim("17:00", "Ждём УК."))
    assert "промежуточном ответе" in text
    assert "УК" in text


def test_what_is_switched_off_is_not_looked_for(working: Story) -> None:
    working.around = around("off")
    assert remarks(working.submitted("17:00", SHORT)) == []


def test_an_office_may_have_such_answers_refused(working: Story) -> None:
    working.around = around("block")
    working.submitted("17:00", SHORT)
    (text,) = remarks(working)
    assert text.startswith("Пункт 3.5 регламента: в таком виде ответ разместить нельзя.")
    assert working.statuses("17:01") == [Status.ASSIGNED]
    assert working.verdicts("17:01")["answer:1"] == "running"
    assert remarks(working.settle("17:01").submitted("17:05", PLAIN)) == []
