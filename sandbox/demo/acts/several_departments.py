"""A message for three departments (2.1.2), one of which needs more time (3.6): two answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bridge.sla.policy import ClockKind
from sandbox.demo.acts.act import Course, Keepsake
from sandbox.demo.acts.steps import Steps
from sandbox.demo.casework import SECONDS
from sandbox.demo.failure import DemoFailed
from sandbox.demo.staff import Colleague
from sandbox.demo.talks.talk import Talk
from sandbox.demo.talks.vk_comment import VkComment
from sandbox.demo.waiting import NotYet, wait_for
from sandbox.vk.seed import CITIZENS

_CITIZEN = CITIZENS[2]
_TEXT = (
    "На улице Мира огромная яма на дороге. Автобус № 14 не приходит по расписанию. "
    "И в доме 8 батареи ледяные."
)
_ANSWERS: Mapping[str, str] = {
    "roads": "Яму на улице Мира заделаем до пятницы.",
    "transport": "На маршруте 14 с понедельника добавлен автобус.",
    "housing": "Стояк в доме 8 прочистили, батареи теплеют.",
}
"""By department."""
_SLOW = "housing"
_INTERIM = "В доме 8 работает слесарь: ищем, где завоздушен стояк."
_PERIOD = timedelta(hours=1)


@dataclass(frozen=True)
class SeveralDepartments:
    """The slow department gives an interim answer first."""

    steps: Steps

    def play(self) -> Course:
        """See the interim answer, then the common one."""
        steps, staff = self.steps, self.steps.scene.staff.departments
        talk = steps.write(
            f"{_CITIZEN.name} writes",
            _TEXT,
            lambda: VkComment.write(steps.scene.vk, _CITIZEN, _TEXT),
        )
        yield
        parts = {key: steps.arrive(staff[key], _TEXT, talk.link) for key in _ANSWERS}
        whole = self._whole(parts)
        yield
        self._interim(staff[_SLOW], parts[_SLOW])
        yield
        steps.see(talk, "under the comment for the time being", _INTERIM)
        for key, answer in _ANSWERS.items():
            steps.submit(staff[key], parts[key], answer)
        yield
        self._approve(whole, parts)
        yield
        self._see(talk)
        link = steps.placed(steps.curator, whole)
        return Keepsake(steps.title, talk.link, (whole, *parts.values()), link)

    def _whole(self, parts: Mapping[str, int]) -> int:
        """The curator's ticket above the departments' ones."""
        with self.steps.told(f"{self.steps.curator.name} holds the whole") as step:

            def look() -> int:
                found = set(self.steps.casework.find(self.steps.curator, _TEXT))
                above = found - set(parts.values())
                if len(above) != 1:
                    raise NotYet(f"There are {len(above)} tickets besides the departments'")
                return above.pop()

            whole = wait_for("The ticket of the whole", look, SECONDS)
            step.outcome = f"№ {whole}"
        return whole

    def _interim(self, who: Colleague, issue_id: int) -> None:
        zone = self.steps.scene.ledger.zone
        until = f"{(datetime.now(UTC) + _PERIOD).astimezone(zone):%d.%m.%Y %H:%M}"
        with self.steps.told(f"{who.name} needs more time, until {until}") as step:
            fields = {"interim_text": _INTERIM, "interim_until": until}
            self.steps.casework.move(who, issue_id, "interim_review", fields)
            step.outcome = f"«{_INTERIM}»"
        self.steps.decide(issue_id, "approves the interim answer", "interim_approved")

    def _approve(self, whole: int, parts: Mapping[str, int]) -> None:
        """One clock runs for all: from the last answer, on the whole."""
        with self.steps.told(f"The curator {self.steps.curator.name} approves all three"):
            self.steps.casework.await_deadline(whole, ClockKind.PLACEMENT, "placement_due")
            for issue_id in parts.values():
                self.steps.casework.move(self.steps.curator, issue_id, "approved")

    def _see(self, talk: Talk) -> None:
        shown = self.steps.see(talk, "under the comment, one for all three", _ANSWERS[_SLOW])
        missing = [key for key, answer in _ANSWERS.items() if answer not in shown.text]
        if missing or len(talk.answers()) != 2:
            raise DemoFailed(
                f"{talk.link} should show the interim answer and one common answer; it lacks "
                f"{', '.join(missing) or 'nothing'} and has {len(talk.answers())} answers"
            )
