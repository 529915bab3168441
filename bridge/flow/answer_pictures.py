"""Which pictures belong to an approved answer, and their contents (clause 3.4).

They are those that staff had attached when the answer was approved: what comes later was looked at
by nobody, and what the citizen sent is no part of an answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bridge.fetching.file_kinds import recognise_picture
from bridge.fetching.refusals import NotFetched
from bridge.helpdesk.port import FileMissing, Helpdesk, Issue, IssueFile
from bridge.messages import Picture
from bridge.sla.parts import Standing
from bridge.store import families
from bridge.store.database import Store
from bridge.store.models import TicketRow

_MEGABYTE = 1024 * 1024


class PicturesRefused(Exception):
    """The answer cannot go out with its pictures. `meaning` says to staff why, in Russian."""

    def __init__(self, code: str, meaning: str) -> None:
        super().__init__(code)
        self.code = code
        self.meaning = meaning


@dataclass(frozen=True)
class _Source:
    """An issue, and the journal entry by which its answer was approved."""

    issue_id: int
    approval: int


@dataclass(frozen=True)
class AnswerPictures:
    """Reads them from the helpdesk. `largest`: bytes of one picture at most."""

    store: Store
    helpdesk: Helpdesk
    largest: int

    def of(self, ticket_id: int, approval: int, limit: int) -> tuple[Picture, ...]:
        """The pictures of the answer that the journal entry `approval` has approved.

        Of a whole: its own, then its parts', each up to its own approval; in the order in which
        they were attached. Raises `PicturesRefused`: there are none, more than `limit`, or one that
        is too large or no picture; `HelpdeskError` when the helpdesk could not be read.
        """
        found = [
            file
            for source in self._sources(ticket_id, approval)
            for file in _approved(self.helpdesk.view(source.issue_id), source.approval)
        ]
        if not found:
            raise PicturesRefused("no_pictures", "Фотоматериалы ответа удалены из карточки.")
        if len(found) > limit:
            raise PicturesRefused(
                "too_many_pictures",
                f"К ответу приложено изображений: {len(found)}, а здесь с ответом можно разместить"
                f" не больше {limit}.",
            )
        return tuple(self._read(file) for file in found)

    def _sources(self, ticket_id: int, approval: int) -> Sequence[_Source]:
        with self.store.reading() as session:
            own = session.get_one(TicketRow, ticket_id)
            parts = families.parts_with_issues(session, ticket_id)
        sources = [_Source(own.issue_id, approval)] if own.issue_id else []
        for issue_id, part in parts:
            turn = part.turns[-1]
            if turn.standing is Standing.APPROVED:
                sources.append(_Source(issue_id, turn.journal_id))
        return sources

    def _read(self, file: IssueFile) -> Picture:
        if file.size > self.largest:
            raise PicturesRefused(
                "picture_too_large",
                f"Изображение «{file.name}» больше {self.largest // _MEGABYTE} МБ.",
            )
        try:
            content = self.helpdesk.download(file)
            kind = recognise_picture(content)
        except FileMissing as error:
            raise PicturesRefused(
                "picture_gone", f"Изображение «{file.name}» удалено из карточки."
            ) from error
        except NotFetched as refusal:
            raise PicturesRefused(
                "picture_too_large", f"Изображение «{file.name}»: {refusal.meaning}."
            ) from refusal
        if kind is None:
            raise PicturesRefused(
                "not_a_picture",
                f"Файл «{file.name}» — не изображение JPEG, PNG, GIF или WebP.",
            )
        return Picture(file.name, kind.content_type, content)


def _approved(issue: Issue, approval: int) -> Iterator[IssueFile]:
    """Staff's pictures but those that a later entry of the journal brought.

    What was attached when the issue was made, no entry tells of.
    """
    later = {
        change.new
        for entry in issue.journal
        for change in entry.changes
        if entry.id > approval and change.name == "photo"
    }
    for file in sorted(issue.files, key=lambda file: file.id):
        if file.is_picture and not file.by_bridge and str(file.id) not in later:
            yield file
