"""Citizens' files on the real Redmine, from the links in their messages."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select

from bridge.bootstrap import Parts, assemble
from bridge.commands.working import CollectedHints, work_off
from bridge.helpdesk.redmine import RedmineHelpdesk
from bridge.office import Office
from bridge.settings import load_settings
from bridge.store import inbox
from bridge.store.models import AttachmentRow, RepairRow
from sandbox.files import FileServer, picture
from sandbox.vk.seed import ADMINISTRATION, CITIZENS
from tests.town import CALLBACK_SECRET, CHANNEL, POST, Town

TWO_MATTERS = (
    "На улице Ленина огромная яма на дороге. "
    "И ещё автобус номер 14 не приходит на остановку по расписанию."
)
POTHOLE = "На улице Ленина огромная яма, чуть колесо не оставила. Когда заделаете?"
_numbers = count(700_001)


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Bridge:
    """One worker on the town's store and Redmine; the clock is put forward by `offset`."""

    town: Town
    files: FileServer
    parts: Parts
    hints: CollectedHints
    offset: list[timedelta] = field(default_factory=lambda: [timedelta()])

    def receive(self, text: str, *paths: str) -> int:
        """A comment with pictures is acknowledged; its number."""
        number = next(_numbers)
        photos = [
            {"type": "photo", "photo": {"sizes": [{"url": self.files.url + path}]}}
            for path in paths
        ]
        comment = {
            "id": number,
            "from_id": CITIZENS[0].id,
            "date": int(datetime.now(UTC).timestamp()),
            "text": text,
            "post_id": POST,
            "owner_id": ADMINISTRATION.owner_id,
            "attachments": photos,
        }
        event = {
            "type": "wall_reply_new",
            "group_id": ADMINISTRATION.id,
            "event_id": f"files-{number}",
            "secret": CALLBACK_SECRET,
            "v": "5.199",
            "object": comment,
        }
        arrival = inbox.Arrival(
            CHANNEL, f"files-{number}", "wall_reply_new", json.dumps(event).encode(), self.now()
        )
        with self.town.store.writing() as session:
            assert inbox.record(session.connection(), arrival)
        return number

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset[0]

    def wait(self, **amount: float) -> None:
        self.offset[0] += timedelta(**amount)

    def work(self) -> None:
        """Do all that there is to do, as the sweep finds it."""
        for _ in range(4):
            self.parts.sweep.run()
            work_off(self.hints, self.parts)

    def attached(self, issue: int) -> list[str]:
        """The names of an issue's files."""
        return [file.name for file in self.parts.helpdesk.view(issue).files]

    def states(self) -> list[str]:
        with self.town.store.reading() as session:
            rows = session.scalars(select(AttachmentRow).order_by(AttachmentRow.id))
            return [row.state for row in rows]


@pytest.fixture
def bridge(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    server = FileServer()
    quick = {"BRIDGE_FETCH_ALLOWED": server.url, "BRIDGE_SWEEP_PATIENCE": "0"}
    for name, value in (town.environment | quick).items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    hints, offset = CollectedHints(), [timedelta()]
    parts = assemble(
        settings, Office.load(settings.config), hints, lambda: datetime.now(UTC) + offset[0]
    )
    with server.running():
        yield Bridge(town, server, parts, hints, offset)


def test_files_come_with_the_ticket_and_what_is_not_to_be_had_is_told_once(
    bridge: Bridge,
) -> None:
    number = bridge.receive(
        POTHOLE,
        "/picture.jpg",
        "/expired.jpg",
        "/large.jpg",
        "/page.jpg",
        "/redirect-inside.jpg",
    )
    bridge.work()
    issue = bridge.town.issue_of(number)
    seen = bridge.town.surroundings.roads.read(issue)
    (name,) = bridge.attached(issue)
    assert name.startswith("Фото-")
    (note,) = [note for note in seen.notes if "приложить" in note]
    assert [reason in note for reason in ("/expired.jpg", "/large.jpg", "/page.jpg", "/redi")] == [
        True
    ] * 4
    assert "ссылка больше не действует" in note
    assert "больше допустимого размера" in note
    assert "по содержимому это не изображение" in note
    assert "во внутреннюю сеть" in note
    assert f"Фото: {bridge.files.url}/picture.jpg" in seen.description

    (file,) = bridge.parts.helpdesk.view(issue).files
    opened = bridge.town.surroundings.roads.call("GET", f"/attachments/download/{file.id}")
    assert opened.content == picture()
    bridge.wait(minutes=10)
    bridge.work()
    assert bridge.town.surroundings.roads.read(issue).notes == seen.notes
    assert bridge.attached(issue) == [name]


def test_the_bridges_own_uploads_are_nobody_elses_doing(bridge: Bridge) -> None:
    number = bridge.receive(POTHOLE, "/picture.jpg")
    bridge.work()
    issue = bridge.town.issue_of(number)
    bridge.wait(minutes=5)
    bridge.work()
    with bridge.town.store.reading() as session:
        assert session.scalar(select(func.count(RepairRow.id))) == 0
    looked = bridge.parts.nightly.looking.look(bridge.town.ticket_of_issue(issue).id)
    assert looked.listed == ()


@pytest.mark.clause("2.1.2")
def test_every_department_gets_the_files_with_its_own_ticket(bridge: Bridge) -> None:
    number = bridge.receive(TWO_MATTERS, "/picture.jpg")
    bridge.work()
    whole = bridge.town.issue_of(number)
    path = f"/issues.json?parent_id={whole}&status_id=*"
    rows = bridge.town.surroundings.curator.call("GET", path).json()["issues"]
    assert len(rows) == 2
    names = bridge.attached(whole)
    assert len(names) == 1
    assert [bridge.attached(row["id"]) for row in rows] == [names, names]
    for row in rows:
        (file,) = bridge.parts.helpdesk.view(row["id"]).files
        assert bridge.parts.helpdesk.download(file) == picture()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_that_dies_while_it_attaches_costs_nothing(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """Between the upload and the record: the issue may have the file, and nobody knows."""
    attach: Callable[..., Any] = RedmineHelpdesk.attach
    number = bridge.receive(POTHOLE, "/picture.jpg", "/document.pdf")

    def die(*arguments: Any) -> None:
        if when == "after":
            attach(*arguments)
        raise Killed

    with monkeypatch.context() as doomed:
        doomed.setattr(RedmineHelpdesk, "attach", die)
        with pytest.raises(Killed):
            bridge.work()
    bridge.hints.attachment_ids.clear()
    issue = bridge.town.issue_of(number)
    assert len(bridge.attached(issue)) == (2 if when == "after" else 0)
    bridge.wait(minutes=5)
    bridge.work()
    assert len(bridge.attached(issue)) == 2
    assert bridge.states() == ["attached", "attached"]
    assert not [note for note in bridge.town.surroundings.curator.read(issue).notes if note]
