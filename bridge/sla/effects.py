"""Effects: what is to be done outside, as data. The shell carries them out from the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bridge.sla.timeline import AnswerKind


@dataclass(frozen=True)
class Note:
    """A note for staff: the name of its template in `templates/notes/` and what to fill in."""

    template: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class UpdateTicket:
    """Set the status, fields and the helpdesk's due date, and leave a private note, in one step.

    `priority` counts from the helpdesk's usual one, 0, upwards; the ticket's is raised to it and
    never lowered. `for_leaders`: the office's leaders are to learn of it (helpdesk.yaml, `groups`).
    """

    key: str
    status: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    due_date: date | None = None
    note: Note | None = None
    priority: int | None = None
    for_leaders: bool = False


@dataclass(frozen=True)
class PlaceAnswer:
    """Make the approved answer visible where the message was (clauses 3.5, 3.6).

    `approval` is the journal entry that approved it: one approval places once. `text` is frozen
    as it was approved. `with_photos`: the answer is the text together with the ticket's pictures.
    `final_by` is when the final answer comes, as an interim one tells the citizen. `only_source` is
    set where it stands already and one system brought the message later.
    """

    key: str
    approval: int
    text: str
    with_photos: bool = False
    kind: AnswerKind = AnswerKind.FINAL
    final_by: str = ""
    only_source: int | None = None


Effect = UpdateTicket | PlaceAnswer
