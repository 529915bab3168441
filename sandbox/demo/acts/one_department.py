"""A message for one department: it answers, the curator approves, the answer stands there."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.demo.acts.act import Course, Keepsake
from sandbox.demo.acts.steps import Steps
from sandbox.demo.talks.talk import Talk


@dataclass(frozen=True)
class OneDepartment:
    """`write` writes the text, which `opening` says in words; `where` is where it is answered."""

    steps: Steps
    opening: str
    department: str
    text: str
    answer: str
    where: str
    write: Callable[[str], Talk]

    def play(self) -> Course:
        """See the answer where the citizen wrote."""
        steps, who = self.steps, self.steps.scene.staff.departments[self.department]
        talk = steps.write(self.opening, self.text, lambda: self.write(self.text))
        yield
        issue_id = steps.arrive(who, self.text, talk.link)
        yield
        steps.submit(who, issue_id, self.answer)
        yield
        steps.approve(issue_id)
        yield
        steps.see(talk, self.where, self.answer)
        return Keepsake(steps.title, talk.link, (issue_id,), steps.placed(who, issue_id))
