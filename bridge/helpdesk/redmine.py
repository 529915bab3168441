"""The helpdesk port on Redmine 5.0 - 7.0 over REST.

What Redmine does not say by itself and this module makes sure of: that what it accepted was
really written (it drops a forbidden status or field and still answers "done"), that nobody
changed the issue in between, and that a search by external number found only that number.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from bridge.helpdesk.directory import RedmineDirectory
from bridge.helpdesk.ids import RedmineIds
from bridge.helpdesk.issue_reading import (
    fields_of,
    parse_instant,
    read_issue,
    read_row,
    reference,
    strangers_in,
)
from bridge.helpdesk.issue_writing import (
    differences,
    draft_body,
    note_is_written,
    update_body,
)
from bridge.helpdesk.layout import EXTERNAL_NUMBER
from bridge.helpdesk.markup import TextFormatting
from bridge.helpdesk.port import (
    FileMissing,
    FileRefused,
    HelpdeskRefused,
    Issue,
    IssueFile,
    IssueMissing,
    IssueRow,
    IssueStamp,
    NewFile,
    SilentlyDropped,
    StaleIssue,
    TicketDraft,
    TicketUpdate,
    Upload,
)
from bridge.helpdesk.redmine_session import (
    PageMissing,
    RedmineSession,
    TooLarge,
    ValidationRefused,
)

JsonObject = dict[str, Any]

MOST_ROWS = 100
"""Rows of a list that Redmine gives at most."""


class RedmineHelpdesk:
    """The port, for one Redmine as its robot. One object per worker: it keeps its connection.

    `page_rows`: rows of a list to ask for at once, 2 to 100.
    """

    def __init__(
        self, session: RedmineSession, directory: RedmineDirectory, page_rows: int = MOST_ROWS
    ) -> None:
        if not 2 <= page_rows <= MOST_ROWS:
            raise ValueError(f"page_rows must be 2 to {MOST_ROWS}, not {page_rows}")
        self._session = session
        self._directory = directory
        self._page_rows = page_rows

    @property
    def text_formatting(self) -> TextFormatting:
        """The markup that this Redmine's texts are written in."""
        return self._directory.ids().text_formatting

    def read(self, issue_id: int) -> Issue:
        """See the port. Two requests; without the plugin one, and `lock_version` is None."""
        has_plugin = self._directory.ids().has_plugin
        return self._read(issue_id, self._lock_version(issue_id) if has_plugin else None)

    def view(self, issue_id: int) -> Issue:
        """See the port. One request."""
        return self._read(issue_id, None)

    def find(self, external_number: str) -> tuple[int, ...]:
        """See the port. Raises `HelpdeskRefused` when Redmine does not filter by the field.

        Redmine answers a filter that it does not know with all issues: a row with another number
        gives that away. Databases that do not tell letters' case may add rows; they are left out.
        """
        ids = self._directory.ids()
        rows = self._session.get("/issues.json", "issues", _search(ids, external_number))
        numbers = {row["id"]: fields_of(row, ids.fields).get(EXTERNAL_NUMBER, "") for row in rows}
        if any(number.casefold() != external_number.casefold() for number in numbers.values()):
            raise HelpdeskRefused(
                "Redmine не ищет по полю внешнего номера: отметьте у поля «Использовать в качестве"
                " фильтра» или выполните настройку (rake bridge:setup)"
            )
        return tuple(sorted(id_ for id_, number in numbers.items() if number == external_number))

    def create(self, draft: TicketDraft) -> Issue:
        """See the port. One request: Redmine's answer holds the issue as saved.

        Only if that differs from the draft the issue is read once more before saying so.
        """
        sent = self._directory.resolve(lambda ids: draft_body(draft, ids))
        ids = self._directory.ids()
        created = self._session.create("/issues.json", {"issue": sent}, "issue")
        if differences(sent, created, ids):
            created = self._issue(int(created["id"]))
            dropped = differences(sent, created, ids)
            if dropped:
                raise SilentlyDropped(int(created["id"]), dropped)
        return read_issue({**created, "journals": []}, ids, None)

    def update(self, issue_id: int, update: TicketUpdate, lock_version: int | None) -> None:
        """See the port. Two requests; an update that says nothing is none.

        What somebody else changed again between the two is taken for dropped, too: it costs the
        caller another look.
        """
        sent = self._directory.resolve(lambda ids: update_body(update, ids))
        sent |= self._raised(issue_id, update)
        self._tell_leaders(issue_id, update)
        if not sent:
            return
        self._write(issue_id, sent, lock_version)
        unwritten = self._unwritten(issue_id, sent, update)
        if unwritten:
            raise SilentlyDropped(issue_id, unwritten)

    def _raised(self, issue_id: int, update: TicketUpdate) -> JsonObject:
        """The priority to be written, if the issue's is lower; a Redmine may have few of them."""
        upwards = self._directory.ids().priorities
        if not update.priority or not upwards:
            return {}
        wanted = min(update.priority, len(upwards) - 1)
        present = reference(self._issue(issue_id), "priority")
        if present in upwards[wanted:]:
            return {}
        return {"priority_id": upwards[wanted]}

    def _tell_leaders(self, issue_id: int, update: TicketUpdate) -> None:
        """Have them watch the issue; Redmine takes a watcher that is one already."""
        group = self._directory.ids().leaders_group
        if update.for_leaders and group is not None:
            self._session.post(f"/issues/{issue_id}/watchers.json", {"user_id": group})

    def relate(self, issue_id: int, other_id: int) -> None:
        """See the port. Two requests: Redmine refuses a relation that is there already."""
        path = f"/issues/{issue_id}/relations.json"
        try:
            relations = self._session.get(path, "relations")
            if any(other_id in (row["issue_id"], row["issue_to_id"]) for row in relations):
                return
            relation = {"issue_to_id": other_id, "relation_type": "relates"}
            self._session.create(path, {"relation": relation}, "relation")
        except PageMissing as error:
            raise IssueMissing(f"issue {issue_id}") from error

    def upload(self, file: NewFile) -> Upload:
        """See the port. One request; a file that is never attached Redmine removes by itself."""
        try:
            token = self._session.upload(file.name, file.content)
        except ValidationRefused as refusal:
            raise FileRefused(refusal.reasons) from refusal
        except TooLarge as refusal:
            raise FileRefused("файл слишком велик для сервера Redmine") from refusal
        return Upload(token, file.name, file.content_type, len(file.content))

    def attach(self, issue_id: int, uploads: Sequence[Upload]) -> None:
        """See the port. Two requests: Redmine forgets a token that it does not know in silence."""
        tokens = [
            {"token": each.token, "filename": each.name, "content_type": each.content_type}
            for each in uploads
        ]
        self._write(issue_id, {"uploads": tokens}, None)
        there = {(file.name, file.size) for file in self.view(issue_id).files if file.by_bridge}
        lost = tuple(each.name for each in uploads if (each.name, each.size) not in there)
        if lost:
            raise SilentlyDropped(issue_id, lost)

    def download(self, file: IssueFile) -> bytes:
        """See the port. One request."""
        path = f"/attachments/download/{file.id}/{quote(file.name, safe='')}"
        try:
            return self._session.download(path, file.size)
        except PageMissing as error:
            raise FileMissing(f"attachment {file.id}") from error

    def changed_since(self, instant: datetime) -> Iterator[IssueStamp]:
        """See the port. Redmine's instants have whole seconds; so has the answer's order.

        Each page starts at the instant of the last row before, not at a row number, so an issue
        that changes meanwhile is met again at its new place and none is skipped. Within one
        second (a bulk edit) pages overlap by half, for those that change and leave the second.
        An issue comes more than once if it changed in between.
        """
        ids = self._directory.ids()
        seen: set[IssueStamp] = set()
        start, offset = instant.astimezone(UTC).replace(microsecond=0), 0
        while True:
            page = self._changed_page(ids, start, offset)
            fresh = [stamp for stamp in page if stamp not in seen]
            yield from fresh
            seen.update(fresh)
            if len(page) < self._page_rows:
                return
            if page[-1].updated_at > start:
                start, offset = page[-1].updated_at, 0
            else:
                offset += self._page_rows // 2

    def rows(self, issue_ids: Sequence[int]) -> Mapping[int, IssueRow]:
        """See the port. One request for every 100 issues.

        Of other projects, too: a ticket that was moved is still a ticket.
        """
        found: dict[int, IssueRow] = {}
        for start in range(0, len(issue_ids), self._page_rows):
            found |= self._rows_page(issue_ids[start : start + self._page_rows])
        return found

    def _rows_page(self, issue_ids: Sequence[int]) -> dict[int, IssueRow]:
        rows = self._session.get(
            "/issues.json",
            "issues",
            {
                "issue_id": ",".join(str(number) for number in issue_ids),
                "status_id": "*",
                "sort": "id",
                "limit": self._page_rows,
            },
        )
        ids = self._directory.ids()
        if any(strangers_in(row, ids) for row in rows):
            ids = self._directory.refreshed()
        wanted = set(issue_ids)
        return {row["id"]: read_row(row, ids) for row in rows if row["id"] in wanted}

    def _changed_page(self, ids: RedmineIds, start: datetime, offset: int) -> list[IssueStamp]:
        rows = self._session.get(
            "/issues.json",
            "issues",
            {
                "project_id": ids.project,
                "status_id": "*",
                "updated_on": f">={start:%Y-%m-%dT%H:%M:%SZ}",
                "sort": "updated_on:asc",
                "limit": self._page_rows,
                "offset": offset,
            },
        )
        return [
            IssueStamp(
                id=row["id"],
                updated_at=parse_instant(row["updated_on"]),
                status=ids.statuses.key(row["status"]["id"]),
                parent=reference(row, "parent"),
            )
            for row in rows
        ]

    def _read(self, issue_id: int, lock_version: int | None) -> Issue:
        ids = self._directory.ids()
        answer = self._issue(issue_id)
        issue = read_issue(answer, ids, lock_version)
        if strangers_in(answer, ids):
            issue = read_issue(answer, self._directory.refreshed(), lock_version)
        return issue

    def _unwritten(self, issue_id: int, sent: JsonObject, update: TicketUpdate) -> tuple[str, ...]:
        ids = self._directory.ids()
        saved = self._issue(issue_id)
        issue = read_issue(saved, ids, None)
        names = differences(sent, saved, ids)
        note_lost = "notes" in sent and not note_is_written(update, issue)
        return (*names, "note") if note_lost else names

    def _write(self, issue_id: int, changes: JsonObject, lock_version: int | None) -> None:
        lock = {} if lock_version is None else {"lock_version": lock_version}
        try:
            self._session.put(f"/issues/{issue_id}.json", {"issue": changes | lock})
        except PageMissing as error:
            raise IssueMissing(f"issue {issue_id}") from error
        except ValidationRefused as error:
            if lock_version is not None and self._is_stale(issue_id, lock_version, error):
                raise StaleIssue(f"issue {issue_id}: no longer version {lock_version}") from error
            raise

    def _is_stale(self, issue_id: int, lock_version: int, refusal: ValidationRefused) -> bool:
        """Redmine answers a stale version as a validation error with no message of its own."""
        if not refusal.reasons:
            return True
        return self._lock_version(issue_id) not in {None, lock_version}

    def _lock_version(self, issue_id: int) -> int | None:
        try:
            lock = self._session.get(f"/bridge/issues/{issue_id}/lock.json", "issue")
        except PageMissing:
            return None
        return int(lock["lock_version"])

    def _issue(self, issue_id: int) -> JsonObject:
        parts = {"include": "journals,attachments"}
        try:
            issue: JsonObject = self._session.get(f"/issues/{issue_id}.json", "issue", parts)
        except PageMissing as error:
            raise IssueMissing(f"issue {issue_id}") from error
        return issue


def _search(ids: RedmineIds, external_number: str) -> Mapping[str, Any]:
    """Redmine's long form of filters: the short one takes a number apart at each `|`."""
    field = f"cf_{ids.fields.id(EXTERNAL_NUMBER)}"
    return {
        "project_id": ids.project,
        "set_filter": 1,
        "f[]": ["status_id", field],
        "op[status_id]": "*",
        f"op[{field}]": "=",
        f"v[{field}][]": external_number,
        "sort": "id",
        "limit": MOST_ROWS,
    }
