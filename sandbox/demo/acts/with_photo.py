"""A private message in VK whose answer needs a photo (3.4): the citizen sees the photo with it."""

from dataclasses import dataclass
from pathlib import Path

import requests

from bridge.sla.policy import ClockKind
from sandbox.demo.acts.act import Course, Keepsake
from sandbox.demo.acts.steps import Steps
from sandbox.demo.casework import SECONDS
from sandbox.demo.failure import DemoFailed
from sandbox.demo.talks.vk_message import VkMessage
from sandbox.demo.waiting import NotYet, wait_for
from sandbox.vk.seed import CITIZENS

_CITIZEN = CITIZENS[1]
_TEXT = (
    "Во дворе на улице Крупской сломаны качели на детской площадке, дети поранятся. "
    "Почините, пожалуйста."
)
_ANSWER = "Качели во дворе на улице Крупской починили сегодня, посмотрите на фотографию."
_PICTURE = Path(__file__).with_name("swings.png")
_DEPARTMENT = "housing"


@dataclass(frozen=True)
class WithPhoto:
    """The department attaches the picture to the ticket."""

    steps: Steps

    def play(self) -> Course:
        """See the answer and its picture in the dialog."""
        steps, who = self.steps, self.steps.scene.staff.departments[_DEPARTMENT]
        talk = steps.write(
            f"{_CITIZEN.name} writes",
            _TEXT,
            lambda: VkMessage.write(steps.scene.vk, _CITIZEN, _TEXT),
        )
        yield
        issue_id = steps.arrive(who, _TEXT, talk.link)
        self._flag(issue_id)
        yield
        self._await_term(issue_id)
        picture = who.desk.upload("качели.png", _PICTURE.read_bytes(), "image/png")
        steps.submit(who, issue_id, _ANSWER, uploads=[picture])
        yield
        steps.approve(issue_id)
        yield
        self._see(talk)
        return Keepsake(steps.title, talk.link, (issue_id,), steps.placed(who, issue_id))

    def _flag(self, issue_id: int) -> None:
        curator = self.steps.curator
        with self.steps.told(f"The curator {curator.name} ticks «Требуются фотоматериалы»"):
            curator.desk.update(issue_id, {"photos_required": "1"}).raise_for_status()
            seen = curator.desk.read(issue_id).fields["photos_required"]
            self.steps.casework.require("«Требуются фотоматериалы»", seen, "1")

    def _await_term(self, issue_id: int) -> None:
        with self.steps.told("The answer's term is that of clause 3.4") as step:

            def look() -> None:
                clause = self.steps.scene.ledger.running(issue_id, ClockKind.ANSWER).clause
                if clause != "3.4":
                    raise NotYet(f"The answer's clock is that of clause {clause}")

            wait_for("The term of clause 3.4", look, SECONDS)
            due = self.steps.casework.await_deadline(issue_id, ClockKind.ANSWER, "answer_due")
            step.outcome = f"answer due {due}"

    def _see(self, talk: VkMessage) -> None:
        shown = self.steps.see(talk, "in the private dialog in VK", _ANSWER)
        with self.steps.told("The photo is shown with it") as step:
            if len(shown.photos) != 1:
                raise DemoFailed(f"{talk.link} shows {len(shown.photos)} photos instead of 1")
            (address,) = shown.photos
            if requests.get(address, timeout=SECONDS).content != _PICTURE.read_bytes():
                raise DemoFailed(f"{address} is not the photo that the department attached")
            step.outcome = address
