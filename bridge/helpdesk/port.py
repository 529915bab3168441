"""What the bridge needs of a helpdesk. Keys of statuses, fields and roles: `config/helpdesk.yaml`.

Instants are aware, UTC. Every call has a time limit and raises one of `HelpdeskError`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Protocol

SOMEBODY: Final = "*"
"""In place of a department's key: a person, or a group that is no department's, holds the issue."""


@dataclass(frozen=True)
class Change:
    """One change in a journal entry.

    `name` is `status`, `department`, `photo` (an attachment) or a field's key; a value that has no
    key in the configuration (a status of another project) is given as None, an assignee that is
    neither a department nor the curators as `SOMEBODY`.
    """

    name: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class JournalEntry:
    """What one person (or the bridge) did to an issue at one instant."""

    id: int
    at: datetime
    author_id: int
    author_name: str
    by_bridge: bool
    changes: tuple[Change, ...]
    notes: str = ""
    private: bool = False


@dataclass(frozen=True)
class IssueFile:
    """A file that is attached to an issue; `size` in bytes."""

    id: int
    name: str
    size: int
    content_type: str
    by_bridge: bool

    @property
    def is_picture(self) -> bool:
        """Whether the helpdesk takes it for a picture."""
        return self.content_type.startswith("image/")


@dataclass(frozen=True)
class NewFile:
    """A file to be attached; a helpdesk has a limit for its size (Redmine: 5 MB unless changed)."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Upload:
    """A file that the helpdesk has taken and not attached yet; `token` stands for it there."""

    token: str
    name: str
    content_type: str
    size: int


@dataclass(frozen=True)
class Issue:
    """An issue as read at one moment. `lock_version` was read before the rest: a safe base.

    `department` is None while the curators hold it, or nobody, and may be `SOMEBODY`.
    """

    id: int
    status: str | None
    department: str | None
    fields: Mapping[str, str]
    created_at: datetime
    updated_at: datetime
    author_id: int
    by_bridge: bool
    due_date: date | None
    journal: tuple[JournalEntry, ...]
    lock_version: int | None
    description: str = ""
    files: tuple[IssueFile, ...] = ()


@dataclass(frozen=True)
class TicketDraft:
    """A ticket to be created. `department` None leaves it with the curators.

    `parent` is the number of the issue that it is to stand below.
    """

    external_number: str
    subject: str
    description: str
    status: str
    department: str | None
    fields: Mapping[str, str]
    due_date: date | None = None
    parent: int | None = None


@dataclass(frozen=True)
class TicketUpdate:
    """What to change in an issue, in one step. None and absent keys are left as they are.

    A `due_date` outside of `fields` is the helpdesk's own; a note is private unless said. An empty
    description is left as it is. `priority` counts from the usual one, 0, upwards: a lower one is
    raised to it, a higher one stays. `for_leaders` has the leaders' group watch the ticket, so that
    the helpdesk tells them of this and what follows.
    """

    status: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    due_date: date | None = None
    note: str = ""
    private_note: bool = True
    description: str = ""
    priority: int | None = None
    for_leaders: bool = False


@dataclass(frozen=True)
class IssueStamp:
    """What a list tells of an issue: when it was last changed, and its status now.

    `updated_at` has whole seconds; the status tells of a change in the same second as another.
    `parent` is the number of the issue that it stands below.
    """

    id: int
    updated_at: datetime
    status: str | None
    parent: int | None = None


@dataclass(frozen=True)
class IssueRow:
    """What a list tells of an issue: all that staff can change but journal and attachments."""

    id: int
    status: str | None
    department: str | None
    fields: Mapping[str, str]
    due_date: date | None
    updated_at: datetime


class HelpdeskError(Exception):
    """Base of what a helpdesk call can raise. Texts carry no keys and no citizens' words."""


class HelpdeskUnavailable(HelpdeskError):
    """No answer, or one that says "later" (connection, time-out, 429, 5xx, HTML). Try again.

    After a write the outcome is unknown: look before writing again.
    """


class HelpdeskUnreachable(HelpdeskUnavailable):
    """No connection: nothing was sent, so nothing was done. Try again."""


class HelpdeskRefused(HelpdeskError):
    """The helpdesk refused for good: validation (422), rights (401, 403). Text: its reasons."""


class FileRefused(HelpdeskRefused):
    """The helpdesk does not take this file, whatever is tried. Text: its reasons, in Russian."""


class FileMissing(HelpdeskError):
    """There is no such file any more (404)."""


class IssueMissing(HelpdeskError):
    """No such issue, or no right to see it (404)."""


class StaleIssue(HelpdeskError):
    """Somebody changed the issue since it was read: read again and decide again."""


class SilentlyDropped(HelpdeskError):
    """The helpdesk said yes and did not do it. `names`: what is not as written."""

    def __init__(self, issue_id: int, names: tuple[str, ...]) -> None:
        super().__init__(f"issue {issue_id}: not written: {', '.join(names)}")
        self.issue_id = issue_id
        self.names = names


class Helpdesk(Protocol):
    """The port."""

    def read(self, issue_id: int) -> Issue:
        """The issue with its whole journal."""

    def find(self, external_number: str) -> tuple[int, ...]:
        """Ids of the issues, open or closed, that carry exactly this external number."""

    def create(self, draft: TicketDraft) -> Issue:
        """Create the issue and return it as saved, with an empty journal.

        Raises `SilentlyDropped` (with `issue_id`) when the issue exists but is not as drafted.
        """

    def update(self, issue_id: int, update: TicketUpdate, lock_version: int | None) -> None:
        """Write, then read back. Raises `StaleIssue` when `lock_version` is no longer current."""

    def relate(self, issue_id: int, other_id: int) -> None:
        """Link two issues as related; nothing happens when they are. Safe to repeat."""

    def upload(self, file: NewFile) -> Upload:
        """Send a file; it is seen nowhere until it is attached. Raises `FileRefused`."""

    def attach(self, issue_id: int, uploads: Sequence[Upload]) -> None:
        """Attach to an issue in one step, then read back.

        Raises `SilentlyDropped` with the names of files that are not there afterwards.
        """

    def download(self, file: IssueFile) -> bytes:
        """The content of an attached file. Raises `FileMissing`."""

    def changed_since(self, instant: datetime) -> Iterator[IssueStamp]:
        """Every issue of the project changed at or after `instant`, oldest change first."""

    def view(self, issue_id: int) -> Issue:
        """As `read`, for whoever only looks: `lock_version` is None, and it costs less."""

    def rows(self, issue_ids: Sequence[int]) -> Mapping[int, IssueRow]:
        """The issues with these numbers, open or closed, by number; left out: what is not there."""
