"""Which of two policies rules a message that came by two systems (`readings.two_policies`)."""

from datetime import datetime

from bridge.sla.deadlines import due_after
from bridge.sla.policy import Policy
from bridge.sla.readings import Readings
from bridge.sla.service_time import ServiceCalendar


def ruling_policy(
    first: Policy,
    other: Policy,
    sent_at: datetime,
    calendar: ServiceCalendar,
    readings: Readings,
) -> Policy:
    """The policy whose answer (3.2.1, 3.2.2, 3.3) is due first if a department has it at `sent_at`.

    The message's first policy stays where both are due at once, and where the city wants it so.
    """
    if readings.two_policies == "first_received":
        return first
    dues = [due_after(policy.answer.term, sent_at, calendar) for policy in (first, other)]
    return other if dues[1] < dues[0] else first
