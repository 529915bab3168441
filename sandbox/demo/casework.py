"""What staff do with tickets, by their own rights in Redmine; each step is read back."""

from collections.abc import Mapping
from typing import Any

from bridge.sla.clocks import Clock
from bridge.sla.policy import ClockKind
from sandbox.demo.failure import DemoFailed
from sandbox.demo.scene import Scene
from sandbox.demo.staff import Colleague
from sandbox.demo.waiting import NotYet, wait_for
from sandbox.redmine_staff import Ticket

SECONDS = 30.0
"""How long a step may take until it is seen at its far end."""

_ALREADY = {"approved": "placed", "interim_approved": "interim_placed"}
"""What the bridge makes of a step at once, perhaps before it is read back."""


class Casework:
    """The tickets of this performance: newer ones than Redmine has when it begins."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        rows = self._rows(scene.staff.curator)
        self._newest_before = max((row["id"] for row in rows), default=0)

    def find(self, who: Colleague, text: str) -> list[int]:
        """The tickets with the citizen's text that this person sees, the first made first."""
        return sorted(
            row["id"]
            for row in self._rows(who)
            if row["id"] > self._newest_before and text in (row["description"] or "")
        )

    def await_ticket(self, who: Colleague, text: str, needed: tuple[str, ...]) -> Ticket:
        """The one ticket with this text, once it has the needed fields."""

        def look() -> Ticket:
            found = self.find(who, text)
            if len(found) != 1:
                raise NotYet(f"{who.name}'s list has {len(found)} tickets with the text")
            ticket = who.desk.read(found[0])
            missing = [key for key in needed if not ticket.fields.get(key)]
            if missing:
                raise NotYet(f"The ticket has no {', '.join(missing)}")
            return ticket

        return wait_for("The ticket", look, SECONDS)

    def await_placed(self, who: Colleague, issue_id: int) -> Ticket:
        """The ticket once it is «Размещено» and tells where the answer stands."""

        def look() -> Ticket:
            ticket = who.desk.read(issue_id)
            if ticket.status != "placed" or not ticket.fields["answer_link"]:
                raise NotYet(f"The ticket is «{ticket.status}»")
            return ticket

        return wait_for(f"Ticket {issue_id} as «Размещено»", look, SECONDS)

    def await_deadline(self, issue_id: int, kind: ClockKind, field: str) -> str:
        """Wait until the ticket shows the due instant of the clock that runs; return it."""

        def look() -> str:
            clock = self._scene.ledger.running(issue_id, kind)
            due = f"{clock.due.astimezone(self._scene.ledger.zone):%d.%m.%Y %H:%M}"
            shown = self._scene.staff.curator.desk.read(issue_id).fields[field]
            if shown != due:
                raise NotYet(f"The ticket shows «{shown}» instead of «{due}»")
            return due

        return wait_for(f"The ticket's {field}", look, SECONDS)

    def await_verdicts(self, issue_id: int) -> tuple[Clock, ...]:
        """Every clock of the ticket, once all have stopped."""
        return wait_for(
            "Every clock's verdict", lambda: self._scene.ledger.stopped(issue_id), SECONDS
        )

    def move(
        self,
        who: Colleague,
        issue_id: int,
        status: str,
        fields: Mapping[str, str] | None = None,
        **core: object,
    ) -> None:
        """A step of staff. Redmine drops silently what is not allowed: it is read back."""
        answer = who.desk.move(issue_id, status, fields, **core)
        if not answer.ok:
            raise DemoFailed(f"Redmine refused {who.name}'s step to «{status}»: {answer.text}")
        seen = who.desk.read(issue_id).status
        if seen not in {status, _ALREADY.get(status)}:
            raise DemoFailed(f"After {who.name}'s step to «{status}» the ticket is «{seen}»")

    def require(self, what: str, seen: object, wanted: object) -> None:
        """Raise `DemoFailed` unless the ticket is as wanted."""
        if seen != wanted:
            raise DemoFailed(f"The ticket's {what} is {seen!r} instead of {wanted!r}")

    def _rows(self, who: Colleague) -> list[dict[str, Any]]:
        """The newest hundred tickets that this person sees."""
        query = f"project_id={self._scene.project}&status_id=*&sort=id:desc&limit=100"
        answer = who.desk.call("GET", f"/issues.json?{query}")
        answer.raise_for_status()
        return list(answer.json()["issues"])
