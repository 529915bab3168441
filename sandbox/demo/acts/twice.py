"""A comment in VK that comes again as an incident: one ticket, one visible answer, both told."""

from dataclasses import dataclass

from sandbox.demo.acts.act import Course, Keepsake
from sandbox.demo.acts.steps import Steps
from sandbox.demo.casework import SECONDS
from sandbox.demo.failure import DemoFailed
from sandbox.demo.talks.card import Card
from sandbox.demo.talks.talk import Talk
from sandbox.demo.talks.vk_comment import VkComment
from sandbox.demo.waiting import NotYet, wait_for
from sandbox.exchange.model import System
from sandbox.vk.seed import CITIZENS

_CITIZEN = CITIZENS[4]
_TEXT = "На улице Луначарского тротуар не чищен, сплошной лёд. Посыпьте его, пожалуйста!"
_ANSWER = "Тротуар на улице Луначарского посыпали песком сегодня утром."
_DEPARTMENT = "roads"


@dataclass(frozen=True)
class Twice:
    """The incident names the comment by its link."""

    steps: Steps

    def play(self) -> Course:
        """See one ticket, one answer on the page, and the answer in the system with its link."""
        steps, who = self.steps, self.steps.scene.staff.departments[_DEPARTMENT]
        talk = steps.write(
            f"{_CITIZEN.name} writes",
            _TEXT,
            lambda: VkComment.write(steps.scene.vk, _CITIZEN, _TEXT),
        )
        yield
        issue_id = steps.arrive(who, _TEXT, talk.link)
        card = steps.write("Incident registers it, too", _TEXT, lambda: self._registered(talk))
        yield
        self._comes_again(card, issue_id)
        yield
        steps.submit(who, issue_id, _ANSWER)
        yield
        steps.approve(issue_id)
        yield
        steps.see(talk, "under the comment in VK", _ANSWER)
        link = steps.placed(who, issue_id)
        self._entered(card, link)
        self._only_once(talk, issue_id)
        return Keepsake(steps.title, talk.link, (issue_id,), f"{link}\n{card.link}")

    def _registered(self, comment: VkComment) -> Card:
        return Card.register(
            self.steps.scene.exchange, System.INCIDENT, _CITIZEN.name, _TEXT, comment.link
        )

    def _comes_again(self, card: Card, issue_id: int) -> None:
        curator = self.steps.curator
        with self.steps.told("The ticket tells that the message came again, as an incident"):

            def look() -> None:
                if not any(card.number in note for note in curator.desk.read(issue_id).notes):
                    raise NotYet(f"No note of ticket {issue_id} names the card {card.number}")

            wait_for("The note of the incident", look, SECONDS)

    def _entered(self, card: Card, link: str) -> None:
        shown = self.steps.see(card, "in Incident, with the link to VK", _ANSWER)
        if shown.link != link:
            raise DemoFailed(f"{card.link} names {shown.link} instead of {link}")

    def _only_once(self, talk: Talk, issue_id: int) -> None:
        with self.steps.told("There is one ticket, and one answer under the comment"):
            found = self.steps.casework.find(self.steps.curator, _TEXT)
            self.steps.casework.require("number", found, [issue_id])
            if len(talk.answers()) != 1:
                raise DemoFailed(f"{talk.link} shows {len(talk.answers())} answers instead of 1")
