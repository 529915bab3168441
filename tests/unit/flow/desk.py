"""A helpdesk and a network on paper: the ports' contracts, with faults on request."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from bridge.flow.reconcile import Trigger
from bridge.helpdesk.port import (
    Change,
    FileMissing,
    HelpdeskUnavailable,
    Issue,
    IssueFile,
    IssueMissing,
    IssueRow,
    IssueStamp,
    JournalEntry,
    NewFile,
    SilentlyDropped,
    StaleIssue,
    TicketDraft,
    TicketUpdate,
    Upload,
)
from bridge.messages import Address, Placed, Placement, Visibility
from bridge.networks.directory import NetworkDirectory
from bridge.publish.port import PublishError, Remedy
from tests.store_contract.rows import NOW

ROBOT, CURATOR = 1, 2


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Watch:
    """The time, which only the test lets pass."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def wait(self, **amount: float) -> None:
        self.at += timedelta(**amount)


@dataclass
class PaperDesk:
    """A helpdesk. A fault `before` a write is raised instead of it, one `after` when it is done."""

    watch: Watch
    issues: dict[int, Issue] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    before: list[BaseException] = field(default_factory=list)
    after: list[BaseException] = field(default_factory=list)
    unreadable: list[BaseException] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    parents: dict[int, int] = field(default_factory=dict)
    doomed_after: int | None = None
    """So many writes are still done; the next one is the last that the process does."""
    unrelatable: list[BaseException] = field(default_factory=list)
    relations: set[tuple[int, int]] = field(default_factory=set)
    refused_files: dict[str, BaseException] = field(default_factory=dict)
    """By the name of the file: what happens when it is uploaded."""
    lost_files: int = 0
    """So many of the next files are dropped in silence."""
    contents: dict[int, bytes] = field(default_factory=dict)
    uploads: dict[str, bytes] = field(default_factory=dict)

    def read(self, issue_id: int) -> Issue:
        _fail_if_told(self.unreadable)
        if issue_id not in self.issues:
            raise IssueMissing(f"issue {issue_id}")
        return self.issues[issue_id]

    def find(self, external_number: str) -> tuple[int, ...]:
        self.calls.append("find")
        number = self.numbers.get(external_number)
        return (number,) if number else ()

    def create(self, draft: TicketDraft) -> Issue:
        self.calls.append("create")
        _fail_if_told(self.before)
        issue = Issue(
            id=len(self.issues) + 1,
            status=draft.status,
            department=draft.department,
            fields=dict(draft.fields),
            created_at=self.watch(),
            updated_at=self.watch(),
            author_id=ROBOT,
            by_bridge=True,
            due_date=draft.due_date,
            journal=(),
            lock_version=0,
            description=draft.description,
        )
        self.issues[issue.id] = issue
        self.numbers[draft.external_number] = issue.id
        if draft.parent:
            self.parents[issue.id] = draft.parent
        _fail_if_told(self.after)
        return issue

    def update(self, issue_id: int, update: TicketUpdate, lock_version: int | None) -> None:
        self.calls.append("update")
        _fail_if_told(self.before)
        if lock_version != self.issues[issue_id].lock_version:
            raise StaleIssue(f"issue {issue_id}")
        self._change(
            issue_id,
            ROBOT,
            update.note,
            status=update.status or self.issues[issue_id].status,
            due_date=update.due_date,
            **update.fields,
        )
        if update.description:
            described = replace(self.issues[issue_id], description=update.description)
            self.issues[issue_id] = described
        self._count_down()
        _fail_if_told(self.after)

    def relate(self, issue_id: int, other_id: int) -> None:
        _fail_if_told(self.unrelatable)
        self.relations.add((issue_id, other_id))

    def changed_since(self, instant: datetime) -> Iterator[IssueStamp]:
        _fail_if_told(self.unreadable)
        stamps = [
            IssueStamp(issue.id, issue.updated_at, issue.status, self.parents.get(issue.id))
            for issue in self.issues.values()
        ]
        yield from sorted(
            (stamp for stamp in stamps if stamp.updated_at >= instant),
            key=lambda stamp: stamp.updated_at,
        )

    def view(self, issue_id: int) -> Issue:
        self.calls.append("view")
        _fail_if_told(self.unreadable)
        if issue_id not in self.issues:
            raise IssueMissing(f"issue {issue_id}")
        return replace(self.issues[issue_id], lock_version=None)

    def rows(self, issue_ids: Sequence[int]) -> Mapping[int, IssueRow]:
        self.calls.append("rows")
        _fail_if_told(self.unreadable)
        found = (self.issues[number] for number in issue_ids if number in self.issues)
        return {
            issue.id: IssueRow(
                issue.id,
                issue.status,
                issue.department,
                issue.fields,
                issue.due_date,
                issue.updated_at,
            )
            for issue in found
        }

    def upload(self, file: NewFile) -> Upload:
        self.calls.append("upload")
        trouble = self.refused_files.get(file.name)
        if trouble:
            raise trouble
        token = f"{len(self.uploads)}.{file.name}"
        self.uploads[token] = file.content
        return Upload(token, file.name, file.content_type, len(file.content))

    def attach(self, issue_id: int, uploads: Sequence[Upload]) -> None:
        self.calls.append("attach")
        _fail_if_told(self.before)
        lost = [upload.name for upload in uploads[: self.lost_files]]
        kept = uploads[self.lost_files :]
        self.lost_files = 0
        if kept:
            self.add_files(issue_id, ROBOT, {each.name: self.uploads[each.token] for each in kept})
        _fail_if_told(self.after)
        if lost:
            raise SilentlyDropped(issue_id, tuple(lost))

    def download(self, file: IssueFile) -> bytes:
        self.calls.append("download")
        if file.id not in self.contents:
            raise FileMissing(f"attachment {file.id}")
        return self.contents[file.id]

    def add_files(self, issue_id: int, author_id: int, files: Mapping[str, bytes]) -> None:
        """Attach files in one step, as whoever it is."""
        for name, content in files.items():
            number = 900 + len(self.contents)
            self.contents[number] = content
            before = self.issues[issue_id]
            file = IssueFile(number, name, len(content), "image/jpeg", author_id == ROBOT)
            self.issues[issue_id] = replace(before, files=(*before.files, file))
            self._change(issue_id, author_id, "", photo=str(number))

    def remove_files(self, issue_id: int) -> None:
        """Staff remove every file of an issue."""
        for file in self.issues[issue_id].files:
            self.contents.pop(file.id, None)
        self.issues[issue_id] = replace(self.issues[issue_id], files=())

    def edit_silently(self, issue_id: int, **fields: str) -> None:
        """Change fields without a journal entry, as only the database's own tools can."""
        before = self.issues[issue_id]
        self.issues[issue_id] = replace(before, fields={**before.fields, **fields})

    def staff(self, issue_id: int, *, note: str = "", **changes: str | None) -> None:
        """What a curator does in the helpdesk: `status`, `department`, `photo` and fields."""
        self._change(issue_id, CURATOR, note, **changes)

    def open_below(self, issue_id: int, department: str) -> int:
        """What a curator does to bring in a further department; the new issue's number."""
        now = self.watch().replace(microsecond=0)
        number = len(self.issues) + 1
        self.issues[number] = Issue(
            id=number,
            status="new",
            department=department,
            fields={},
            created_at=now,
            updated_at=now,
            author_id=CURATOR,
            by_bridge=False,
            due_date=None,
            journal=(),
            lock_version=0,
        )
        self.parents[number] = issue_id
        return number

    def _count_down(self) -> None:
        if self.doomed_after is None:
            return
        if self.doomed_after == 0:
            raise Killed
        self.doomed_after -= 1

    def notes(self, issue_id: int) -> list[str]:
        return [entry.notes for entry in self.issues[issue_id].journal if entry.notes]

    def _change(
        self,
        issue_id: int,
        author_id: int,
        note: str,
        /,
        due_date: date | None = None,
        **new: str | None,
    ) -> None:
        before = self.issues[issue_id]
        old = {**before.fields, "status": before.status, "department": before.department}
        changes = tuple(
            Change(name, old.get(name) or "", value)
            if name not in {"status", "department", "photo"}
            else Change(name, None if name == "photo" and value else old.get(name), value)
            for name, value in new.items()
            if old.get(name, "") != value
        )
        number = sum(len(issue.journal) for issue in self.issues.values()) + 1
        now = self.watch().replace(microsecond=0)
        entry = JournalEntry(number, now, author_id, "", author_id == ROBOT, changes, note)
        after = {**old, **new}
        self.issues[issue_id] = replace(
            before,
            status=after.pop("status"),
            department=after.pop("department"),
            fields=after,
            due_date=due_date or before.due_date,
            updated_at=now,
            journal=(*before.journal, entry),
            lock_version=(before.lock_version or 0) + 1,
        )


@dataclass
class PaperNetwork:
    """A network, and its publisher. `lost`: what is placed is there, but the call never returns."""

    visible: list[Placement] = field(default_factory=list)
    pictures_limit: int = 0
    calls: list[Placement] = field(default_factory=list)
    before: list[BaseException] = field(default_factory=list)
    after: list[BaseException] = field(default_factory=list)
    blind: list[Exception] = field(default_factory=list)
    looks: int = 0
    unreachable: PublishError | None = None
    retracts: bool = False
    stuck: list[Exception] = field(default_factory=list)
    """What keeps a placed answer where it is."""

    def of(self, channel: str) -> "PaperNetwork":
        assert channel
        if self.unreachable:
            raise self.unreachable
        return self

    def place(self, placement: Placement) -> Placed:
        self.calls.append(placement)
        _fail_if_told(self.before)
        if placement.idempotency_key not in {seen.idempotency_key for seen in self.visible}:
            self.visible.append(placement)
        _fail_if_told(self.after)
        return self._placed(placement)

    def find(self, placement: Placement, since: datetime) -> Placed | None:
        assert since.tzinfo
        self.looks += 1
        _fail_if_told(self.blind)
        texts = {seen.text for seen in self.visible}
        return self._placed(placement) if placement.text in texts else None

    def retract(self, address: Address, placed: Placed) -> None:
        assert address
        _fail_if_told(self.stuck)
        self.visible = [seen for seen in self.visible if self._placed(seen) != placed]

    def _placed(self, placement: Placement) -> Placed:
        return Placed("c1", f"https://vk.com/wall-1_2?reply={placement.idempotency_key}")


@dataclass
class TicketHints:
    """The tickets and events of which workers were told."""

    told: list[tuple[int, Trigger]] = field(default_factory=list)
    event_ids: list[int] = field(default_factory=list)

    def event(self, event_id: int) -> None:
        self.event_ids.append(event_id)

    def events(self, event_ids: Any) -> None: ...

    def has_events(self) -> bool:
        return False

    def file(self, attachment_id: int) -> None: ...

    def ticket(self, ticket_id: int, trigger: Trigger) -> None:
        self.told.append((ticket_id, trigger))

    def ticket_at(self, ticket_id: int, at: datetime) -> None: ...


def unavailable() -> HelpdeskUnavailable:
    return HelpdeskUnavailable("Redmine не отвечает")


def refusal(remedy: Remedy, code: str = "9", meaning: str = "Так сказала сеть.") -> PublishError:
    return PublishError(remedy, code, meaning)


def _fail_if_told(faults: list[BaseException] | list[Exception]) -> None:
    if faults:
        raise faults.pop(0)


@dataclass(frozen=True)
class PaperSystems:
    """What the configured channels can do, but for pictures: there the network on paper decides."""

    configured: NetworkDirectory
    network: PaperNetwork

    def title(self, channel: str) -> str:
        return self.configured.title(channel)

    def is_told_where(self, channel: str, visibility: Visibility) -> bool:
        return self.configured.is_told_where(channel, visibility)

    def pictures_limit(self, channel: str, visibility: Visibility) -> int:
        assert channel
        assert visibility
        return self.network.pictures_limit

    def can_retract(self, channel: str, visibility: Visibility) -> bool:
        assert channel
        assert visibility
        return self.network.retracts
