"""Judges a text: whom it concerns (2.1.2), how important it is, what of it clause 1.3 names."""

from dataclasses import dataclass
from typing import Any

from bridge.channels import ChannelSettings
from bridge.moderation import Moderator, Verdict, to_record
from bridge.routing import (
    DepartmentMapping,
    Route,
    Routes,
    explain_alerts_in_russian,
    explain_in_russian,
)
from bridge.routing.destination import at_once
from bridge.sla.policy import Importance


@dataclass(frozen=True)
class Matter:
    """What is judged: a text, and the sender's own words for its topics and its district."""

    text: str
    topics: tuple[str, ...] = ()
    district: str = ""


@dataclass(frozen=True)
class Judgement:
    """What came of it. `department` has the ticket at once; None leaves it with the curator."""

    route: Route
    verdict: Verdict
    department: str | None
    split: tuple[str, ...]
    """The departments that each get a part of the message without asking."""


@dataclass(frozen=True)
class Judging:
    """Routes and moderates. Makes no connection."""

    router: Routes
    mapping: DepartmentMapping
    moderator: Moderator

    def judge(self, matter: Matter, channel: ChannelSettings) -> Judgement:
        """Nobody is bothered with what is flagged until the curator decides (1.3)."""
        route = self.router.route(matter.text, matter.topics, matter.district)
        verdict = self.moderator.check(matter.text)
        if verdict.found:
            return Judgement(route, verdict, None, ())
        match at_once(route, self.mapping, channel.key):
            case (department,):
                return Judgement(route, verdict, department, ())
            case several:
                return Judgement(route, verdict, None, several)

    def explain(self, judgement: Judgement) -> str:
        """The route in Russian, for staff."""
        return explain_in_russian(judgement.route, self.mapping)

    def as_json(self, judgement: Judgement, explanation: str) -> dict[str, Any]:
        """The judgement as it is kept with the ticket; `explanation` is what staff read of it."""
        route = judgement.route
        return {
            "departments": list(route.departments),
            "confidence": route.confidence,
            "mapping_version": route.mapping_version,
            "model_version": route.model_version,
            "reasons": [each.as_json() for each in route.reasons],
            "explanation": explanation,
            "split": list(judgement.split),
            **_importance(route),
            **self._moderation(judgement.verdict),
        }

    def _moderation(self, verdict: Verdict) -> dict[str, Any]:
        """What 1.3 names, and whether that alone closes the ticket (reading 12)."""
        if not verdict.found:
            return {}
        closes = verdict.closes_alone(self.moderator.lexicon.close_without_curator)
        return {"moderation": {**to_record(verdict), "closes": closes}}


def _importance(route: Route) -> dict[str, str]:
    """What makes a message important, if anything: the curator is told at once."""
    if not route.alerts:
        return {}
    return {"importance": Importance.HIGH, "why_important": explain_alerts_in_russian(route)}
