"""A watched folder: whole files become events once, and nothing is put away before it is safe."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bridge.ingest import exchange_folder, watched_folder
from bridge.ingest.exchange_folder import FolderPoller
from bridge.ingest.port import Event, Polled, PollFailed
from tests.exchange_channel import exchange_channel
from tests.outside import NOWHERE

HEADER = "Номер;Ссылка;Текст;Зарегистрировано\n"


def line(number: int | str, text: str = "Яма", moment: str = "24.11.2026 16:20") -> str:
    return f"{number};vk.com/wall-1_{number};{text};{moment}\n"


@dataclass
class Watch:
    """The folder, and whoever looks into it and keeps the state."""

    folder: Path
    poller: FolderPoller
    state: Mapping[str, Any] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def look(self) -> Polled:
        polled = self.poller.poll(self.state)
        self.state = polled.state
        self.events.extend(polled.events)
        return polled

    def put(self, name: str, text: str, changed_at: int = 1_000) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        os.utime(path, (changed_at, changed_at))
        return path

    def numbers(self) -> list[str]:
        return [e.external_id for e in self.events if e.external_id.count(":") == 1]

    def names(self) -> set[str]:
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder)) for path in files}


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    folder = tmp_path / "cards"
    poller = FolderPoller.of_channel(exchange_channel(files={"folder": str(folder)}), NOWHERE)
    assert poller
    watch = Watch(folder, poller)
    watch.look()
    return watch


def test_folder_is_made_and_an_empty_one_brings_nothing(watch: Watch) -> None:
    assert watch.folder.is_dir()
    assert watch.look() == Polled((), watch.state)


def test_file_is_read_when_it_has_not_changed_between_two_looks(watch: Watch) -> None:
    watch.put("a.csv", HEADER + line(1))
    assert watch.look().events == ()
    assert [event.kind for event in watch.look().events] == ["card_registered", "card_reads"]


def test_file_still_being_written_is_left_alone(watch: Watch) -> None:
    watch.put("a.csv", HEADER)
    watch.look()
    watch.put("a.csv", HEADER + line(1), changed_at=1_001)
    assert watch.look().events == ()
    watch.put("a.csv", HEADER + line(1) + line(2), changed_at=1_002)
    assert watch.look().events == ()
    watch.look()
    assert watch.numbers() == ["card:1", "card:2"]


@pytest.mark.parametrize(
    "name", ["a.csv.part", "~$a.xlsx", ".a.csv", "a.CRDOWNLOAD", "a.tmp", "~a.csv", "a.report.txt"]
)
def test_file_that_is_not_whole_by_its_name_is_left_alone(watch: Watch, name: str) -> None:
    watch.put(name, HEADER + line(1))
    watch.look()
    watch.look()
    watch.look()
    assert watch.events == []
    assert watch.names() == {name}


def test_file_is_put_away_only_after_its_events_are_durable(watch: Watch) -> None:
    watch.put("a.csv", HEADER + line(1))
    watch.look()
    durable = watch.state
    watch.look()
    assert watch.names() == {"a.csv"}
    # The transaction with the events failed: the next look starts from the state before.
    watch.state = durable
    watch.look()
    assert watch.names() == {"a.csv"}
    assert watch.events[:2] == watch.events[2:]
    watch.look()
    assert watch.names() == {"done/a.csv"}
    assert len(watch.events) == 4


def test_file_that_came_twice_makes_the_same_events_and_both_are_kept(watch: Watch) -> None:
    for _ in range(2):
        watch.put("a.csv", HEADER + line(1))
        for _look in range(3):
            watch.look()
    assert watch.events[:2] == watch.events[2:]
    assert watch.names() == {"done/a.csv", "done/a (2).csv"}


def test_file_replaced_before_it_is_put_away_is_read_too(watch: Watch) -> None:
    watch.put("a.csv", HEADER + line(1))
    watch.look()
    watch.look()
    watch.put("a.csv", HEADER + line(2), changed_at=2_000)
    watch.look()
    assert watch.names() == {"a.csv"}
    watch.look()
    assert watch.numbers() == ["card:1", "card:2"]


def test_bad_row_is_told_beside_the_file_and_kept_as_an_event(watch: Watch) -> None:
    watch.put("a.csv", HEADER + line(1) + line(2, moment="когда-то") + line(3))
    watch.look()
    watch.look()
    assert [event.kind for event in watch.events].count("card_unreadable") == 1
    assert watch.numbers()[::2] == ["card:1", "card:3"]
    report = (watch.folder / "a.csv.report.txt").read_text(encoding="utf-8-sig")
    assert "прочитано 2, не прочитано 1" in report
    assert "строка 3: дата и время записаны непонятно" in report
    watch.look()
    assert watch.names() == {"done/a.csv", "done/a.csv.report.txt"}


def test_file_that_is_no_export_stays_with_a_report_until_it_changes(watch: Watch) -> None:
    watch.put("a.xls", "?")
    watch.put("b.csv", HEADER + line(1), changed_at=1_001)
    watch.look()
    watch.look()
    assert watch.numbers() == ["card:1"]
    watch.look()
    assert watch.names() == {"a.xls", "a.xls.report.txt", "done/b.csv"}
    report = (watch.folder / "a.xls.report.txt").read_text(encoding="utf-8-sig")
    assert "нужен файл XLSX, CSV или JSON" in report


def test_file_that_was_mended_is_read_and_its_report_goes(watch: Watch) -> None:
    watch.put("a.csv", "Номер\n")
    watch.look()
    watch.look()
    assert watch.names() == {"a.csv", "a.csv.report.txt"}
    watch.put("a.csv", HEADER + line(1), changed_at=2_000)
    watch.look()
    watch.look()
    assert watch.names() == {"a.csv"}
    assert watch.numbers() == ["card:1"]


def test_file_is_taken_in_portions_and_cut_short_goes_on(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange_folder, "PORTION", 2)
    watch.put("a.csv", HEADER + "".join(line(n) for n in range(1, 6)))
    watch.look()
    portions = [watch.look(), watch.look(), watch.look()]
    assert [len(each.events) for each in portions] == [4, 4, 2]
    assert [each.more for each in portions] == [True, True, False]
    assert watch.numbers() == [f"card:{n}" for n in range(1, 6)]


def test_several_files_are_read_one_after_the_other_the_oldest_first(watch: Watch) -> None:
    watch.put("b.csv", HEADER + line(2), changed_at=1_000)
    watch.put("a.csv", HEADER + line(1), changed_at=2_000)
    watch.look()
    first = watch.look()
    assert first.more
    assert not watch.look().more
    assert watch.numbers() == ["card:2", "card:1"]


def test_state_knows_no_more_files_than_are_there(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched_folder, "MOST_FILES", 3)
    for number in range(9):
        watch.put(f"{number}.csv", HEADER + line(number), changed_at=1_000 + number)
    for _ in range(20):
        watch.look()
        assert all(len(known) <= 3 for known in watch.state.values())
    assert len(set(watch.numbers())) == 9
    assert all(name.startswith("done/") for name in watch.names())


def test_folders_links_and_pipes_are_no_exports(watch: Watch, tmp_path: Path) -> None:
    (watch.folder / "folder.csv").mkdir()
    (tmp_path / "outside.csv").write_text(HEADER + line(1), encoding="utf-8")
    (watch.folder / "link.csv").symlink_to(tmp_path / "outside.csv")
    os.mkfifo(watch.folder / "pipe.csv")
    watch.look()
    watch.look()
    assert watch.events == []


def test_folder_that_cannot_be_used_is_told_to_the_administrator(tmp_path: Path) -> None:
    (tmp_path / "cards").write_text("a file, not a folder", encoding="utf-8")
    channel = exchange_channel(files={"folder": str(tmp_path / "cards")})
    poller = FolderPoller.of_channel(channel, NOWHERE)
    assert poller
    with pytest.raises(PollFailed, match="недоступна") as failed:
        poller.poll({})
    assert failed.value.down


def test_folder_lies_below_the_data_folder(tmp_path: Path) -> None:
    channel = exchange_channel(files={"folder": "exchange/cards"})
    poller = FolderPoller.of_channel(channel, tmp_path)
    assert poller
    poller.poll({})
    assert (tmp_path / "exchange" / "cards" / "done").is_dir()


def test_channel_without_files_has_no_such_poller() -> None:
    assert FolderPoller.of_channel(exchange_channel(), NOWHERE) is None
