"""Pages of the project's wiki over Redmine's REST API, with files attached to them.

API: https://www.redmine.org/projects/redmine/wiki/Rest_WikiPages. Redmine keeps every file that is
attached, also under the same name: what is there already is not sent again, and what another file
of the same name replaces is taken away.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol
from urllib.parse import quote

import structlog

from bridge.helpdesk.directory import RedmineDirectory
from bridge.helpdesk.markup import TextFormatting
from bridge.helpdesk.port import HelpdeskRefused, NewFile
from bridge.helpdesk.redmine_session import PageMissing, RedmineSession

log = structlog.get_logger()

JsonObject = dict[str, Any]


class PageNotWritten(HelpdeskRefused):
    """Redmine said yes and the page is not as written."""


class Wiki(Protocol):
    """Where staff read pages. Every call has a time limit and raises one of `HelpdeskError`."""

    @property
    def text_formatting(self) -> TextFormatting:
        """The markup that pages are written in."""

    def write(self, title: str, text: str, files: Sequence[NewFile] = ()) -> None:
        """Make the page, or make it say this. Writing the same again changes nothing."""


class RedmineWiki:
    """The wiki of the tickets' project, as the robot."""

    def __init__(self, session: RedmineSession, directory: RedmineDirectory) -> None:
        self._session = session
        self._directory = directory

    @property
    def text_formatting(self) -> TextFormatting:
        """See `Wiki`."""
        return self._directory.ids().text_formatting

    def write(self, title: str, text: str, files: Sequence[NewFile] = ()) -> None:
        """See `Wiki`. Raises `PageNotWritten` when Redmine's page differs from what was sent."""
        path = self._path(title)
        before = self._read(path)
        missing = [file for file in files if not _holds(before, file)]
        if missing or before is None or not _says(before, text):
            body = {"text": text, "uploads": [self._upload(file) for file in missing]}
            self._session.put(path, {"wiki_page": body})
        after = self._read(path)
        if after is None or not _says(after, text) or not all(_holds(after, one) for one in files):
            raise PageNotWritten(
                f"Redmine не сохранил страницу вики «{title}» так, как она была отправлена"
            )
        self._take_away(_replaced(after, files))

    def _path(self, title: str) -> str:
        return f"/projects/{self._directory.ids().project}/wiki/{quote(title, safe='')}.json"

    def _read(self, path: str) -> JsonObject | None:
        try:
            page: JsonObject = self._session.get(path, "wiki_page", {"include": "attachments"})
        except PageMissing:
            return None
        return page

    def _upload(self, file: NewFile) -> JsonObject:
        token = self._session.upload(file.name, file.content)
        return {"token": token, "filename": file.name, "content_type": file.content_type}

    def _take_away(self, attachments: Iterable[int]) -> None:
        """Not worth failing for: an older file beside a newer one is only untidy."""
        for attachment in attachments:
            try:
                self._session.delete(f"/attachments/{attachment}.json")
            except HelpdeskRefused as error:
                log.warning("attachment not removed", attachment=attachment, why=str(error))


def _says(page: JsonObject, text: str) -> bool:
    return _normal(page.get("text", "")) == _normal(text)


def _normal(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _holds(page: JsonObject | None, file: NewFile) -> bool:
    """By name and size: Redmine tells no digest over REST."""
    return any(
        (one["filename"], one["filesize"]) == (file.name, len(file.content))
        for one in _attachments(page)
    )


def _replaced(page: JsonObject, files: Iterable[NewFile]) -> list[int]:
    """Attachments that have the name of one of the files and are not the newest such."""
    names = {file.name for file in files}
    newest: dict[str, int] = {}
    for one in _attachments(page):
        newest[one["filename"]] = max(one["id"], newest.get(one["filename"], 0))
    return [
        one["id"]
        for one in _attachments(page)
        if one["filename"] in names and one["id"] != newest[one["filename"]]
    ]


def _attachments(page: JsonObject | None) -> list[JsonObject]:
    return list(page.get("attachments", ())) if page else []
