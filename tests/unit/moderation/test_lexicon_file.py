"""The office edits the lexicon: what it writes works, and a mistake is told where it is."""

from pathlib import Path

import pytest

from bridge.config.document import ConfigError
from bridge.moderation import load_lexicon
from tests.unit.moderation.conftest import BuildModerator


@pytest.mark.parametrize(
    ("contents", "where"),
    [
        ("obscene:\n  roots:\n  - хуй\n  - huy\n", "moderation.yaml:4: obscene.roots.1"),
        ("insult:\n  words: [дурак]\n  wrods: []\n", "moderation.yaml:3: insult.wrods"),
        ("threat:\n  harm:\n  - уб\n  - убить!\n", "moderation.yaml:4: threat.harm.1"),
        ("obscene: {prefixes: [за, -]}\n", "moderation.yaml:1: obscene.prefixes.1"),
        ("obscene: {masked: ['п***ц']}\n", "moderation.yaml:1: obscene.masked.0"),
        ("close_without_curator: [rude]\n", "moderation.yaml:1: close_without_curator.0"),
        ("phrase_gap: many\n", "moderation.yaml:1: phrase_gap"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_key(tmp_path: Path, contents: str, where: str) -> None:
    path = tmp_path / "moderation.yaml"
    path.write_text(contents, encoding="utf-8")
    with pytest.raises(ConfigError, match=where.replace(".", r"\.")):
        load_lexicon(path)


def test_a_root_is_met_at_the_beginning_after_prefixes_or_anywhere_as_written(
    build_moderator: BuildModerator,
) -> None:
    moderator = build_moderator("obscene: {prefixes: [за, на], roots: ['бяк[ау]', '*бум', '=ой']}")
    found = moderator.check("бяка набяку кубяка шурумбумы ой ойка").found
    assert [each.text for each in found] == ["бяка", "набяку", "шурумбумы", "ой"]


def test_an_exception_makes_a_word_decent(build_moderator: BuildModerator) -> None:
    moderator = build_moderator("obscene: {roots: [бяк], exceptions: [бякин*, бяка сова]}")
    found = moderator.check("бяка. улица Бякина. вот сова бяка").found
    assert [each.text for each in found] == ["бяка"]


def test_a_listed_word_is_met_in_any_form_and_a_phrase_in_any_order(
    build_moderator: BuildModerator,
) -> None:
    moderator = build_moderator("insult: {words: [кулёма], phrases: [шапка набекрень]}")
    found = moderator.check("этим кулёмам! набекрень твоя шапка").found
    assert [each.text for each in found] == ["кулёмам", "набекрень … шапка"]


def test_an_empty_lexicon_finds_nothing(build_moderator: BuildModerator) -> None:
    assert build_moderator("").check("хуй вам, дебилы").found == ()


def test_another_lexicon_has_another_version(build_moderator: BuildModerator) -> None:
    versions = {
        build_moderator(text).check("").lexicon_version
        for text in ("", "phrase_gap: 2", "insult: {words: [кулёма]}")
    }
    assert len(versions) == 2
