"""The steps that acts have in common, each told under the act's title."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TypeVar

from bridge.sla.policy import ClockKind
from sandbox.demo.casework import Casework
from sandbox.demo.narrator import Narrator, Step
from sandbox.demo.scene import Scene
from sandbox.demo.staff import Colleague
from sandbox.demo.talks.talk import Shown, Talk, await_answer

TOLD = ("channel", "source", "author", "external_number", "arrived_at")
"""The fields of a ticket that tell of its message."""

Written = TypeVar("Written", bound=Talk)


@dataclass(frozen=True)
class Steps:
    """One act's way through the scene."""

    scene: Scene
    casework: Casework
    narrator: Narrator
    title: str

    @property
    def curator(self) -> Colleague:
        """The curator."""
        return self.scene.staff.curator

    def told(self, what: str) -> AbstractContextManager[Step]:
        """A step that is told when it is done."""
        return self.narrator.step(f"{self.title} · {what}")

    def write(self, what: str, text: str, write: Callable[[], Written]) -> Written:
        """The message is written; `what` says by whom."""
        with self.told(what) as step:
            talk = write()
            step.outcome = f"«{text}» {talk.link}"
        return talk

    def arrive(self, who: Colleague, text: str, source: str) -> int:
        """The message's ticket stands with this department; returns its number."""
        with self.told(f"The ticket stands, as {who.name} sees it") as step:
            ticket = self.casework.await_ticket(who, text, (*TOLD, "answer_due"))
            self.casework.require("status", ticket.status, "assigned")
            self.casework.require("assignee", ticket.assignee_id, who.group_id)
            self.casework.require("source", ticket.fields["source"], source)
            step.outcome = (
                f"№ {ticket.id} for «{who.group}», {ticket.fields['channel']}, "
                f"answer due {ticket.fields['answer_due']}"
            )
        return ticket.id

    def submit(self, who: Colleague, issue_id: int, answer: str, **core: object) -> None:
        """The department answers. `core` are Redmine's own attributes of an issue."""
        with self.told(f"The department ({who.name}) answers and submits") as step:
            self.casework.move(who, issue_id, "review", {"answer_text": answer}, **core)
            step.outcome = f"«{answer}»"

    def approve(self, issue_id: int) -> None:
        """The curator approves the submitted answer, which the bridge has seen."""
        with self.told(f"The curator {self.curator.name} approves"):
            self.casework.await_deadline(issue_id, ClockKind.PLACEMENT, "placement_due")
            self.casework.move(self.curator, issue_id, "approved")

    def decide(
        self, issue_id: int, what: str, status: str, fields: Mapping[str, str] | None = None
    ) -> None:
        """The curator makes another step."""
        with self.told(f"The curator {self.curator.name} {what}"):
            self.casework.move(self.curator, issue_id, status, fields)

    def see(self, talk: Talk, where: str, answer: str) -> Shown:
        """The answer stands where the citizen is."""
        with self.told(f"The answer stands {where}") as step:
            shown = await_answer(talk, answer)
            step.outcome = shown.on_one_line
        return shown

    def placed(self, who: Colleague, issue_id: int) -> str:
        """The ticket is «Размещено», its clocks have their verdicts; returns the answer's link."""
        with self.told(f"The ticket is «Размещено», as {who.name} sees it") as step:
            ticket = self.casework.await_placed(who, issue_id)
            self.casework.await_verdicts(issue_id)
            step.outcome = ticket.fields["answer_link"]
        return ticket.fields["answer_link"]
