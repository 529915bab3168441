"""The main job, step by step. What a step did is read back at its far end, by whom it concerns.

A citizen's comment becomes a ticket of the department; the department answers, the curator sends
the answer back (3.7) and approves the next one; it appears under the comment (3.5).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bridge.sla.clocks import Clock
from bridge.sla.policy import ClockKind
from sandbox.demo.casework import SECONDS, Casework
from sandbox.demo.narrator import Narrator
from sandbox.demo.scene import Scene
from sandbox.demo.talks.talk import await_answer
from sandbox.demo.talks.vk_comment import VkComment
from sandbox.demo.waiting import NotYet, wait_for
from sandbox.redmine_staff import Ticket
from sandbox.vk.model import User
from sandbox.vk.seed import CITIZENS

CITIZEN: User = CITIZENS[0]
COMMENT = "На улице Ленина огромная яма, чуть колесо не оставила. Когда заделаете?"
FORMAL_ANSWER = "Ваше сообщение рассмотрено, вопрос находится на контроле."
ANSWER = (
    "Яму на улице Ленина заделаем до конца этой недели: участок уже передан подрядчику. "
    "За работами проследит департамент дорог."
)
REASON = "3.7.1 Ответ формальный, не по существу вопроса"

_TICKET_FIELDS = (
    "channel", "source", "author", "external_number", "arrived_at", "sent_at", "answer_due"
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What the play left behind."""

    comment_link: str
    issue_id: int
    department: str
    clocks: tuple[Clock, ...]
    answer_link: str


class MainJob:
    """One performance on a scene."""

    def __init__(self, scene: Scene, casework: Casework, narrator: Narrator) -> None:
        self._scene = scene
        self._casework = casework
        self._narrator = narrator

    def play(self) -> Outcome:
        """Play it all. Raises `DemoFailed` at the first step that is not seen at its far end."""
        roads, curator = self._scene.staff.roads, self._scene.staff.curator
        comment = self._citizen_comments()
        self._callback_is_acknowledged(comment)
        issue_id = self._ticket_stands(comment)
        self._department_submits("answers and submits", issue_id, FORMAL_ANSWER)
        self._curator_sends_back(issue_id)
        self._department_submits("answers anew and resubmits", issue_id, ANSWER)
        with self._narrator.step(f"The curator {curator.name} approves"):
            self._casework.move(curator, issue_id, "approved")
        self._answer_stands(comment)
        ticket = self._ticket_is_placed(issue_id)
        return Outcome(
            comment_link=comment.link,
            issue_id=issue_id,
            department=roads.group,
            clocks=self._clocks_have_stopped(issue_id),
            answer_link=ticket.fields["answer_link"],
        )

    # --- in VK ------------------------------------------------------------------------------

    def _citizen_comments(self) -> VkComment:
        with self._narrator.step(f"{CITIZEN.name} comments in VK") as step:
            comment = VkComment.write(self._scene.vk, CITIZEN, COMMENT)
            step.outcome = f"«{COMMENT}» {comment.link}"
        return comment

    def _callback_is_acknowledged(self, comment: VkComment) -> None:
        with self._narrator.step("The bridge acknowledges VK's callback") as step:

            def look() -> Mapping[str, Any]:
                for event in self._scene.vk.control("GET", "events?state=delivered")["events"]:
                    told = event["object"]
                    if event["type"] == "wall_reply_new" and told["id"] == comment.id:
                        return dict(event["attempts"][-1])
                raise NotYet("VK has not delivered it")

            attempt = wait_for("The acknowledged callback", look, SECONDS)
            took = f"{attempt['seconds'] * 1000:.0f} ms"
            step.outcome = f"HTTP {attempt['status']} «{attempt['answer']}» after {took}"

    def _answer_stands(self, comment: VkComment) -> None:
        with self._narrator.step("The answer stands under the citizen's comment") as step:
            step.outcome = await_answer(comment, ANSWER).on_one_line

    # --- in Redmine -------------------------------------------------------------------------

    def _ticket_stands(self, comment: VkComment) -> int:
        roads = self._scene.staff.roads
        with self._narrator.step(f"A ticket stands in Redmine, as {roads.name} sees it") as step:
            ticket = self._casework.await_ticket(roads, COMMENT, _TICKET_FIELDS)
            self._casework.require("status", ticket.status, "assigned")
            self._casework.require("assignee", ticket.assignee_id, roads.group_id)
            self._casework.require("source", ticket.fields["source"], comment.link)
            self._casework.require("author", CITIZEN.name in ticket.fields["author"], True)
            self._casework.await_deadline(ticket.id, ClockKind.ANSWER, "answer_due")
            step.outcome = (
                f"№ {ticket.id} for «{roads.group}», {ticket.fields['channel']}, "
                f"arrived {ticket.fields['arrived_at']}, answer due {ticket.fields['answer_due']}"
            )
        return ticket.id

    def _department_submits(self, what: str, issue_id: int, text: str) -> None:
        roads, curator = self._scene.staff.roads, self._scene.staff.curator
        with self._narrator.step(f"The department ({roads.name}) {what}") as step:
            self._casework.move(roads, issue_id, "review", {"answer_text": text})
            seen = curator.desk.read(issue_id)
            self._casework.require("answer_text", seen.fields["answer_text"], text)
            due = self._casework.await_deadline(issue_id, ClockKind.PLACEMENT, "placement_due")
            step.outcome = f"«{text}» To be placed by {due}"

    def _curator_sends_back(self, issue_id: int) -> None:
        curator, roads = self._scene.staff.curator, self._scene.staff.roads
        with self._narrator.step(f"The curator {curator.name} sends it back") as step:
            self._casework.move(curator, issue_id, "revision", {"revision_reason": REASON})
            seen = roads.desk.read(issue_id)
            self._casework.require("revision_reason", seen.fields["revision_reason"], REASON)
            due = self._casework.await_deadline(issue_id, ClockKind.REVISION, "answer_due")
            step.outcome = f"«{REASON}», due {due}"

    def _ticket_is_placed(self, issue_id: int) -> Ticket:
        roads = self._scene.staff.roads
        with self._narrator.step(f"The ticket is «Размещено», as {roads.name} sees it") as step:
            ticket = self._casework.await_placed(roads, issue_id)
            step.outcome = ticket.fields["answer_link"]
        return ticket

    def _clocks_have_stopped(self, issue_id: int) -> tuple[Clock, ...]:
        with self._narrator.step("Every clock has its verdict"):
            return self._casework.await_verdicts(issue_id)
