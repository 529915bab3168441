"""A ticket that was sent back as not theirs, and goes to another department without a word."""

from bridge.sla.timeline import Status, Step


class Rerouting:
    """Sees whether the curator has found another department without changing the status."""

    def __init__(self) -> None:
        # Who sent the ticket back as not theirs, until somebody else holds it.
        self._returned_by: str | None = None
        self._rerouted_by: int | None = None

    @property
    def rerouted_by(self) -> int | None:
        """The entry by which the ticket went to another department, while it is misrouted."""
        return self._rerouted_by

    def see(self, step: Step, before: Status, status: Status, department: str | None) -> None:
        """Account for a step; `department` had the ticket until now."""
        if status is not Status.MISROUTED:
            self._rerouted_by = None
            return
        if before is not Status.MISROUTED:
            self._returned_by = department
        if not step.department or step.department == self._returned_by:
            self._rerouted_by = None
            self._returned_by = step.department and self._returned_by
        elif self._rerouted_by is None:
            self._rerouted_by = step.journal_id
