"""The plugin's set-up: from the same configuration, as often as one likes, harming nobody."""

import json
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.redmine import RedmineError, RedmineInstance, prepare

CACHE = Path(".cache/redmine")


@pytest.fixture
def instance(tmp_path: Path) -> RedmineInstance:
    """A Redmine that is set up and never started."""
    prepare()
    instance = RedmineInstance(tmp_path / "redmine", port=0)
    instance.create()
    return instance


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A copy of the configuration to edit."""
    return Path(shutil.copytree("config", tmp_path / "config"))


def edit(config: Path, old: str, new: str) -> None:
    path = config / "helpdesk.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def statuses(instance: RedmineInstance) -> dict[int, str]:
    with closing(sqlite3.connect(instance.folder / "redmine.db")) as connection:
        return dict(connection.execute("SELECT id, name FROM issue_statuses").fetchall())


def field_names(instance: RedmineInstance) -> list[str]:
    """In the order in which Redmine shows them."""
    with closing(sqlite3.connect(instance.folder / "redmine.db")) as connection:
        rows = connection.execute("SELECT name FROM custom_fields ORDER BY position").fetchall()
    return [name for (name,) in rows]


def test_a_second_run_changes_nothing(instance: RedmineInstance) -> None:
    assert instance.run_setup() == []


def test_an_edit_changes_just_what_was_edited(instance: RedmineInstance, config: Path) -> None:
    before = statuses(instance)
    edit(config, "name: Снято", "name: Отозвано")
    edit(config, "assigned: [in_progress, misrouted,", "assigned: [misrouted,")
    assert instance.run_setup(config) == [
        "status «Отозвано»: changed (name)",
        "workflow of «Исполнитель»: 0 transitions added, 1 removed",
    ]
    renamed = {"Снято": "Отозвано"}
    assert statuses(instance) == {id_: renamed.get(name, name) for id_, name in before.items()}


def test_a_status_that_others_use_is_never_renamed(instance: RedmineInstance, config: Path) -> None:
    before = statuses(instance)
    edit(config, "name: В работе, closed", "name: У исполнителя, closed")
    assert "status «У исполнителя»: made" in instance.run_setup(config)
    after = statuses(instance)
    assert before.items() <= after.items()
    assert set(after.values()) - set(before.values()) == {"У исполнителя"}


def test_fields_come_in_the_order_of_the_configuration(
    instance: RedmineInstance, config: Path
) -> None:
    channel = "  - {key: channel, name: Канал, format: string, filter: true}\n"
    edit(config, channel, "")
    edit(config, "fields:\n", "fields:\n  - {key: first, name: Первое, format: string}\n" + channel)
    assert "fields: put into the order of the configuration" in instance.run_setup(config)
    assert field_names(instance)[:3] == ["Первое", "Канал", "Источник"]


def test_a_list_that_its_users_changed_stays_as_it_is(
    instance: RedmineInstance, config: Path
) -> None:
    with closing(sqlite3.connect(instance.folder / "redmine.db")) as connection, connection:
        connection.execute("UPDATE queries SET name = 'Наши' WHERE name = 'Просроченные'")
    edit(config, "name: Просроченные", "name: Опоздавшие")
    assert instance.run_setup(config) == []


def test_the_wiki_opens_with_the_reports_unless_somebody_chose_otherwise(
    instance: RedmineInstance,
) -> None:
    def choose(page: str) -> None:
        with closing(sqlite3.connect(instance.folder / "redmine.db")) as connection, connection:
            connection.execute("UPDATE wikis SET start_page = ?", (page,))

    choose("Правила")
    assert instance.run_setup() == []
    choose("Wiki")
    assert instance.run_setup() == ["project citizen-messages: the wiki opens with «Отчёты»"]


def test_a_list_that_somebody_deleted_is_made_again(instance: RedmineInstance) -> None:
    with closing(sqlite3.connect(instance.folder / "redmine.db")) as connection, connection:
        connection.execute("DELETE FROM queries WHERE name = 'Просроченные'")
    assert instance.run_setup() == ["list «Просроченные»: made"]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("in_progress: [misrouted,", "in_progress: [misroted,", "there is no status misroted"),
        ("name: Куратор\n", "name: Менеджер\n", "role «Менеджер» is there already"),
        ("name: Новое,", "name: Закрыта,", "status «Закрыта» is there already"),
        ("roles: [curator]", "roles: [chief]", "lists.for_curators: there is no role chief"),
        ("answer_link, closed_on", "answer_lnik, closed_on", "there is no column answer_lnik"),
    ],
    ids=[
        "unknown status",
        "name of a role that others use",
        "status that is closed elsewhere",
        "unknown role of a list",
        "unknown column of a list",
    ],
)
def test_a_wrong_configuration_is_refused_and_nothing_changes(
    instance: RedmineInstance, config: Path, old: str, new: str, complaint: str
) -> None:
    edit(config, old, new)
    edit(config, "name: Снято", "name: Отозвано")
    with pytest.raises(RedmineError, match=complaint):
        instance.run_setup(config)
    assert "Отозвано" not in statuses(instance).values()


def test_keys_go_to_a_file_of_the_owner_and_nowhere_else(
    instance: RedmineInstance, tmp_path: Path
) -> None:
    output = tmp_path / "keys.json"
    task = ["bundle", "exec", "rake", "bridge:setup", "CONFIG=" + str(Path("config").resolve())]
    done = subprocess.run(
        ["scripts/redmine", "in", instance.folder, *task, f"OUTPUT={output}"],
        capture_output=True,
        text=True,
        check=True,
    )
    keys = json.loads(output.read_text())
    assert output.stat().st_mode & 0o777 == 0o600
    assert keys["robot_key"] == instance.create().robot_key
    for secret in keys.values():
        assert secret not in done.stdout + done.stderr


def test_what_was_in_redmine_before_is_untouched() -> None:
    """Every row that Redmine's own default data made is the same after the set-up."""
    prepare()
    bare, set_up = (CACHE / "program" / "bare.db", CACHE / "template" / "redmine.db")
    with closing(sqlite3.connect(f"file:{set_up}?mode=ro", uri=True)) as connection:
        connection.execute("ATTACH ? AS bare", [f"file:{bare}?mode=ro"])
        for table in tables_of(connection):
            lost = connection.execute(
                f"SELECT * FROM bare.{table} EXCEPT SELECT * FROM main.{table}"  # noqa: S608
            ).fetchall()
            assert lost == [], table


def tables_of(connection: sqlite3.Connection) -> list[str]:
    """All tables but Redmine's settings: the set-up says which of those it turns on."""
    rows = connection.execute(
        "SELECT name FROM bare.sqlite_master WHERE type = 'table'"
        " AND name NOT IN ('settings', 'sqlite_sequence')"
    )
    return [name for (name,) in rows]
