"""The main job, step by step. What a step did is read back at its far end, by whom it concerns.

A citizen's comment becomes a ticket of the department; the department answers, the curator sends
the answer back (3.7) and approves the next one; it appears under the comment (3.5).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bridge.sla.clocks import Clock
from bridge.sla.policy import ClockKind
from sandbox.demo.failure import DemoFailed
from sandbox.demo.narrator import Narrator
from sandbox.demo.scene import Scene
from sandbox.demo.staff import Colleague
from sandbox.demo.waiting import NotYet, wait_for
from sandbox.redmine_staff import Ticket
from sandbox.vk.model import User
from sandbox.vk.seed import ADMINISTRATION, CITIZENS

CITIZEN: User = CITIZENS[0]
COMMENT = "На улице Ленина огромная яма, чуть колесо не оставила. Когда заделаете?"
FORMAL_ANSWER = "Ваше сообщение рассмотрено, вопрос находится на контроле."
ANSWER = (
    "Яму на улице Ленина заделаем до конца этой недели: участок уже передан подрядчику. "
    "За работами проследит департамент дорог."
)
REASON = "3.7.1 Ответ формальный, не по существу вопроса"

_SECONDS = 30.0
"""How long a step may take until it is seen at its far end."""
_VK_PAUSE = 0.4
"""Seconds between looks at the wall: VK allows a reader three calls a second."""
_READER = ADMINISTRATION.admin_token
"""Not one of the bridge's tokens: looking on must not use up its calls."""
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


@dataclass(frozen=True)
class _Comment:
    id: int
    post_id: int
    link: str


class MainJob:
    """One performance on a scene."""

    def __init__(self, scene: Scene, narrator: Narrator) -> None:
        self._scene = scene
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
            self._move(curator, issue_id, "approved")
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

    def _citizen_comments(self) -> _Comment:
        with self._narrator.step(f"{CITIZEN.name} comments in VK") as step:
            vk, owner_id = self._scene.vk, ADMINISTRATION.owner_id
            posts = vk.answer("wall.get", _READER, owner_id=owner_id)
            post_id: int = posts["items"][1]["id"]
            comment_id = vk.comment(owner_id, post_id, CITIZEN.id, COMMENT)
            link = f"{vk.url}/wall{owner_id}_{post_id}?reply={comment_id}"
            comment = _Comment(comment_id, post_id, link)
            if self._thread(comment)["text"] != COMMENT:
                raise DemoFailed(f"The comment does not stand at {link}")
            step.outcome = f"«{COMMENT}» {link}"
        return comment

    def _callback_is_acknowledged(self, comment: _Comment) -> None:
        with self._narrator.step("The bridge acknowledges VK's callback") as step:

            def look() -> Mapping[str, Any]:
                for event in self._scene.vk.control("GET", "events?state=delivered")["events"]:
                    told = event["object"]
                    if event["type"] == "wall_reply_new" and told["id"] == comment.id:
                        return dict(event["attempts"][-1])
                raise NotYet("VK has not delivered it")

            attempt = wait_for("The acknowledged callback", look, _SECONDS)
            took = f"{attempt['seconds'] * 1000:.0f} ms"
            step.outcome = f"HTTP {attempt['status']} «{attempt['answer']}» after {took}"

    def _answer_stands(self, comment: _Comment) -> None:
        with self._narrator.step("The answer stands under the citizen's comment") as step:

            def look() -> str:
                for reply in self._thread(comment)["thread"]["items"]:
                    text: str = reply["text"]
                    if reply["from_id"] == ADMINISTRATION.owner_id and ANSWER in text:
                        return text
                raise NotYet("VK shows no answer of the community there")

            text = wait_for("The answer in VK", look, _SECONDS, pause=_VK_PAUSE)
            step.outcome = f"«{' '.join(text.split())}»"

    def _thread(self, comment: _Comment) -> Mapping[str, Any]:
        """The comment with the replies under it, as any reader of the wall gets it."""
        answer = self._scene.vk.answer(
            "wall.getComments",
            _READER,
            owner_id=ADMINISTRATION.owner_id,
            post_id=comment.post_id,
            count=100,
            thread_items_count=10,
        )
        for item in answer["items"]:
            if item["id"] == comment.id:
                return dict(item)
        raise DemoFailed(f"The comment does not stand at {comment.link}")

    # --- in Redmine -------------------------------------------------------------------------

    def _ticket_stands(self, comment: _Comment) -> int:
        roads = self._scene.staff.roads
        with self._narrator.step(f"A ticket stands in Redmine, as {roads.name} sees it") as step:

            def look() -> Ticket:
                ticket = roads.desk.read(self._find(comment))
                missing = [key for key in _TICKET_FIELDS if not ticket.fields.get(key)]
                if missing:
                    raise NotYet(f"The ticket has no {', '.join(missing)}")
                return ticket

            ticket = wait_for("The ticket", look, _SECONDS)
            self._require("status", ticket.status, "assigned")
            self._require("assignee", ticket.assignee_id, self._scene.staff.department_id)
            self._require("source", ticket.fields["source"], comment.link)
            self._require("author", CITIZEN.name in ticket.fields["author"], True)
            self._await_deadline(ticket.id, ClockKind.ANSWER, "answer_due")
            step.outcome = (
                f"№ {ticket.id} for «{roads.group}», {ticket.fields['channel']}, "
                f"arrived {ticket.fields['arrived_at']}, answer due {ticket.fields['answer_due']}"
            )
        return ticket.id

    def _find(self, comment: _Comment) -> int:
        query = f"project_id={self._scene.project}&status_id=*&sort=id:desc&limit=100"
        answer = self._scene.staff.roads.desk.call("GET", f"/issues.json?{query}")
        answer.raise_for_status()
        for issue in answer.json()["issues"]:
            if comment.link in [entry.get("value") for entry in issue["custom_fields"]]:
                return int(issue["id"])
        raise NotYet("The department's list of tickets has none with the comment's link")

    def _department_submits(self, what: str, issue_id: int, text: str) -> None:
        roads, curator = self._scene.staff.roads, self._scene.staff.curator
        with self._narrator.step(f"The department ({roads.name}) {what}") as step:
            self._move(roads, issue_id, "review", {"answer_text": text})
            seen = curator.desk.read(issue_id)
            self._require("answer_text", seen.fields["answer_text"], text)
            due = self._await_deadline(issue_id, ClockKind.PLACEMENT, "placement_due")
            step.outcome = f"«{text}» To be placed by {due}"

    def _curator_sends_back(self, issue_id: int) -> None:
        curator, roads = self._scene.staff.curator, self._scene.staff.roads
        with self._narrator.step(f"The curator {curator.name} sends it back") as step:
            self._move(curator, issue_id, "revision", {"revision_reason": REASON})
            seen = roads.desk.read(issue_id)
            self._require("revision_reason", seen.fields["revision_reason"], REASON)
            due = self._await_deadline(issue_id, ClockKind.REVISION, "answer_due")
            step.outcome = f"«{REASON}», due {due}"

    def _ticket_is_placed(self, issue_id: int) -> Ticket:
        roads = self._scene.staff.roads
        with self._narrator.step(f"The ticket is «Размещено», as {roads.name} sees it") as step:

            def look() -> Ticket:
                ticket = roads.desk.read(issue_id)
                if ticket.status != "placed" or not ticket.fields["answer_link"]:
                    raise NotYet(f"The ticket is «{ticket.status}»")
                return ticket

            ticket = wait_for("The placed ticket", look, _SECONDS)
            step.outcome = ticket.fields["answer_link"]
        return ticket

    def _clocks_have_stopped(self, issue_id: int) -> tuple[Clock, ...]:
        with self._narrator.step("Every clock has its verdict"):
            return wait_for(
                "Every clock's verdict", lambda: self._scene.ledger.stopped(issue_id), _SECONDS
            )

    def _move(
        self, who: Colleague, issue_id: int, status: str, fields: Mapping[str, str] | None = None
    ) -> None:
        """A step of staff. Redmine drops silently what is not allowed: it is read back."""
        answer = who.desk.move(issue_id, status, fields)
        if not answer.ok:
            raise DemoFailed(f"Redmine refused {who.name}'s step to «{status}»: {answer.text}")
        seen = who.desk.read(issue_id).status
        if seen not in {status, "placed"}:  # an approved answer may have been placed meanwhile
            raise DemoFailed(f"After {who.name}'s step to «{status}» the ticket is «{seen}»")

    def _await_deadline(self, issue_id: int, kind: ClockKind, field: str) -> str:
        """Wait until the ticket shows the due instant of the clock that runs; return it."""

        def look() -> str:
            clock = self._scene.ledger.running(issue_id, kind)
            due = f"{clock.due.astimezone(self._scene.ledger.zone):%d.%m.%Y %H:%M}"
            shown = self._scene.staff.curator.desk.read(issue_id).fields[field]
            if shown != due:
                raise NotYet(f"The ticket shows «{shown}» instead of «{due}»")
            return due

        return wait_for(f"The ticket's {field}", look, _SECONDS)

    def _require(self, what: str, seen: object, wanted: object) -> None:
        if seen != wanted:
            raise DemoFailed(f"The ticket's {what} is {seen!r} instead of {wanted!r}")
