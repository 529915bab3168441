"""How the time that a duty took is counted: as its term is, so that both can be compared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bridge.reporting.facts import Duty
from bridge.reporting.figures import Measure
from bridge.sla.policy import ClockRule, Policy, Unit
from bridge.sla.service_time import ServiceCalendar


@dataclass(frozen=True)
class Yardstick:
    """Measures duties by the office's policies and calendar."""

    policies: Mapping[str, Policy]
    calendar: ServiceCalendar

    def measure(self, duty: Duty) -> Measure:
        """Service time where the duty's clause counts it so (3.3); else elapsed time."""
        policy = self.policies.get(duty.policy)
        for rule in _rules(policy) if policy else ():
            if (rule.clause, rule.clock) == (duty.clause, duty.kind):
                is_service = rule.term.unit is Unit.SERVICE_TIME
                return Measure.SERVICE_TIME if is_service else Measure.ELAPSED
        return Measure.ELAPSED

    def taken(self, duty: Duty, stop: datetime) -> float:
        """Seconds from the duty's start to `stop`, by its measure."""
        stop = max(stop, duty.start)
        if self.measure(duty) is Measure.SERVICE_TIME:
            return self.calendar.between(duty.start, stop).total_seconds()
        return (stop - duty.start).total_seconds()


def _rules(policy: Policy) -> Iterator[ClockRule]:
    rules = (
        policy.first_reaction,
        policy.routing,
        policy.answer,
        policy.photos,
        policy.placement,
        policy.revision,
    )
    return (rule for rule in rules if rule)
