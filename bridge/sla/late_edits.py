"""Edits of an answer that come too late: what goes out is frozen as it was approved (3.5, 3.6)."""

from dataclasses import dataclass

from bridge.sla.timeline import TEXT_FIELDS, AnswerKind, Approval, Status, Step, final_approval


@dataclass(frozen=True)
class LateEdit:
    """The newest edit of a text that was approved or placed before, and differs from it."""

    journal_id: int
    kind: AnswerKind
    approval: Approval


class LateEdits:
    """Watches the text of an answer from its approval on, and after its placement."""

    def __init__(self) -> None:
        self.newest: LateEdit | None = None
        self._frozen: Approval | None = None
        self._text = ""

    def see(self, step: Step, status: Status, approval: Approval | None) -> None:
        """Account for a step; `approval` is what waits for its placement after it."""
        frozen = approval or self._placed(step, status)
        if frozen is None or frozen != self._frozen:
            self.newest = None
        elif step.status is status:
            # What comes with a step that does not count is no edit of the answer that stands.
            self._compare(step, frozen)
        self._frozen = frozen
        self._text = step.field(TEXT_FIELDS[frozen.kind]) if frozen else ""

    def _placed(self, step: Step, status: Status) -> Approval | None:
        if status is Status.PLACED:
            known = self._frozen and self._frozen.kind is AnswerKind.FINAL
            return self._frozen if known else final_approval(step)
        if status is Status.INTERIM_PLACED and self._frozen:
            return self._frozen if self._frozen.kind is AnswerKind.INTERIM else None
        return None

    def _compare(self, step: Step, frozen: Approval) -> None:
        text = step.field(TEXT_FIELDS[frozen.kind])
        if text == frozen.text:
            self.newest = None
        elif text != self._text:
            self.newest = LateEdit(step.journal_id, frozen.kind, frozen)
