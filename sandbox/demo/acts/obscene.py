"""A message with obscenity (1.3): flagged for the curator, who decides; nobody answers it."""

from dataclasses import dataclass

from sandbox.demo.acts.act import Course, Keepsake
from sandbox.demo.acts.steps import TOLD, Steps
from sandbox.demo.failure import DemoFailed
from sandbox.demo.talks.vk_comment import VkComment
from sandbox.vk.seed import CITIZENS

_CITIZEN = CITIZENS[3]
_TEXT = "Опять снег на улице Попова не чистите, ни х*я не делаете!"
_WARNING = "Текст скрыт, пункт 1.3"


@dataclass(frozen=True)
class Obscene:
    """Departments are not bothered with it."""

    steps: Steps

    def play(self) -> Course:
        """See that nothing is answered."""
        steps = self.steps
        talk = steps.write(
            f"{_CITIZEN.name} writes",
            _TEXT,
            lambda: VkComment.write(steps.scene.vk, _CITIZEN, _TEXT),
        )
        yield
        issue_id = self._arrive(talk)
        yield
        steps.decide(issue_id, "closes it as «Не подлежит ответу»", "not_answerable")
        yield
        with steps.told("No answer is placed, every clock has ended"):
            steps.casework.await_verdicts(issue_id)
            if talk.answers():
                raise DemoFailed(f"{talk.link} was answered, though it must not be")
        return Keepsake(steps.title, talk.link, (issue_id,), "no answer (1.3)")

    def _arrive(self, talk: VkComment) -> int:
        steps = self.steps
        with steps.told(f"Flagged for the curator {steps.curator.name}, the text folded") as step:
            ticket = steps.casework.await_ticket(steps.curator, _TEXT, TOLD)
            steps.casework.require("status", ticket.status, "new")
            steps.casework.require("source", ticket.fields["source"], talk.link)
            self._require_folded(ticket.description)
            for colleague in steps.scene.staff.departments.values():
                seen = steps.casework.find(colleague, _TEXT)
                steps.casework.require(f"list of {colleague.name}", seen, [])
            step.outcome = f"№ {ticket.id}, «{_WARNING} регламента …»"
        return ticket.id

    def _require_folded(self, description: str) -> None:
        above, fold, inside = description.partition("{{collapse(")
        if _WARNING not in above or not fold or _TEXT not in inside:
            raise DemoFailed(
                f"The ticket does not fold the text behind a warning «{_WARNING}»: {description}"
            )
