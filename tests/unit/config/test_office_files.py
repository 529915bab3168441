"""Each configuration file, wrong in one place: the message says where and what would be right."""

import re
import shutil
from pathlib import Path

import pytest

from bridge.config.document import ConfigError
from bridge.office import Office

CONFIG = Path(__file__).resolve().parents[3] / "config"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CONFIG, tmp_path / "config"))


def test_the_shipped_configuration_is_right() -> None:
    office = Office.load(CONFIG)
    assert set(office.department_groups) == {each.key for each in office.mapping.departments}


@pytest.mark.parametrize(
    ("file", "pattern", "replacement", "where", "remedy"),
    [
        ("sla.yaml", "hours: 48", "hours: two", "policies.head-direct.answer.term", "integer"),
        ("sla.yaml", "stops: routed", "stops: never", "common.routing.stops", "routed"),
        ("sla.yaml", "readings:", "raedings:", "raedings", "not permitted"),
        ("channels.yaml", "network: vk", "network: icq", "channels.0.network", "'vk'"),
        ("channels.yaml", "group_id: 1001", "group_id: -1001", "channels.0.vk.group_id", "greater"),
        ("calendar.yaml", "zone: Asia/Y", "zone: Asia/X", "zone", "invalid timezone"),
        (
            "calendar.yaml",
            '"09:00-12:00"',
            '"09:00-25:00"',
            "schedules.0.monday",
            "before it ends",
        ),
        ("departments.yaml", "phrase_gap: 3", "phrase_gap: many", "phrase_gap", "integer"),
        ("moderation.yaml", "phrase_gap: 3", "phrase_gap: many", "phrase_gap", "integer"),
        ("helpdesk.yaml", "closed: false", "closed: perhaps", "statuses.0.closed", "boolean"),
        ("helpdesk.yaml", "format: link", "format: url", "fields.1.format", "'link'"),
    ],
)
def test_a_mistake_is_named_with_its_file_line_key_and_remedy(
    folder: Path, file: str, pattern: str, replacement: str, where: str, remedy: str
) -> None:
    path = folder / file
    wrong = path.read_text(encoding="utf-8").replace(pattern, replacement, 1)
    path.write_text(wrong, encoding="utf-8")
    line = wrong[: wrong.index(replacement)].count("\n") + 1
    with pytest.raises(ConfigError) as caught:
        Office.load(folder)
    messages = str(caught.value).splitlines()
    (message,) = [each for each in messages if each.startswith(f"{path}:{line}: {where}")]
    assert remedy in message.removeprefix(str(path))
    assert "pydantic" not in str(caught.value)


def test_a_channel_whose_policy_is_not_there_is_told_the_ones_that_are(folder: Path) -> None:
    path = folder / "channels.yaml"
    text = path.read_text(encoding="utf-8").replace("feed: head-feed", "feed: head-fed")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(
        ConfigError, match=r"channel vk-head: policy\.feed: .*'head-fed'.*head-feed"
    ):
        Office.load(folder)


def test_a_reason_for_revision_that_the_rules_do_not_know_is_refused(folder: Path) -> None:
    path = folder / "helpdesk.yaml"
    text = path.read_text(encoding="utf-8").replace("- 3.7.2 Ответ", "- Ответ")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"revision_reason: 'Ответ содержит.*3\.7\.1, 3\.7\.2"):
        Office.load(folder)


def test_a_file_that_is_not_yaml_is_named_with_its_line(folder: Path) -> None:
    path = folder / "sla.yaml"
    path.write_text("a: 1\nb: [1, 2\nc: 3\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"{re.escape(str(path))}:\d: is not YAML"):
        Office.load(folder)


REQUIRED = sorted(path.name for path in CONFIG.glob("*.yaml") if path.name != "retention.yaml")
"""Installations from before there were periods have no file with them: the usual ones hold."""


@pytest.mark.parametrize("file", REQUIRED)
def test_a_file_that_is_missing_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(ConfigError, match=rf"{re.escape(file)}: cannot be read"):
        Office.load(folder)


def test_every_mistake_of_a_file_is_told_at_once(folder: Path) -> None:
    path = folder / "sla.yaml"
    text = path.read_text(encoding="utf-8").replace("hours: 48", "hours: -1")
    path.write_text(text.replace("hours: 8}", "hours: x}"), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        Office.load(folder)
    assert len(str(caught.value).splitlines()) == 2
