"""Administrators read in their own words what a night found."""

from pathlib import Path

import pytest

from bridge.config.document import load_document
from bridge.difference_wording import CAUSES, OUTCOMES, SIDES, DifferenceWords
from bridge.helpdesk.layout import HelpdeskLayout
from bridge.store.models import Cause, NightlyDifferenceRow, Outcome, Side

CONFIG = Path(__file__).resolve().parents[2] / "config"


@pytest.fixture(scope="module")
def words() -> DifferenceWords:
    return DifferenceWords.of(load_document(CONFIG / "helpdesk.yaml", HelpdeskLayout))


def row(what: str, was: str = "", became: str = "") -> NightlyDifferenceRow:
    return NightlyDifferenceRow(
        side=Side.HELPDESK,
        what=what,
        was=was,
        became=became,
        cause=Cause.EDITED_BY_HAND,
        outcome=Outcome.MENDED,
    )


@pytest.mark.parametrize(
    ("what", "was", "became", "told"),
    [
        ("status", "new", "assigned", "статус «Новое» → «Направлено исполнителю»"),
        ("answer_due", "", "23.11.2026 18:30", "поле «Срок ответа» «пусто» → «23.11.2026 18:30»"),
        ("clock answer:1", "а", "б", "срок «Подготовка ответа» «а» → «б»"),
        ("due_date", "23.11.2026", "24.11.2026", "срок завершения «23.11.2026» → «24.11.2026»"),
        ("issue", "", "", "карточки нет"),
    ],
)
def test_things_have_their_names(
    words: DifferenceWords, what: str, was: str, became: str, told: str
) -> None:
    assert (
        words.sentence(row(what, was, became), 17)
        == f"#17 в Redmine: {told} — изменено вручную, исправлено"
    )


def test_every_cause_outcome_and_side_has_its_words() -> None:
    assert set(CAUSES) == set(Cause)
    assert set(OUTCOMES) == set(Outcome)
    assert set(SIDES) == set(Side)
