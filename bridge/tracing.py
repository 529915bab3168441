"""One id in every log line about a message, from its callback to its placement.

It is made of the number of the event by which the message came, so the store finds it again from a
ticket, an effect or a delivery. Later events of the same ticket have ids of their own while they
are taken in; whatever is done to the ticket bears the first one's.
"""

from contextlib import AbstractContextManager

from structlog.contextvars import bound_contextvars


def trace_of(event_id: int) -> str:
    """The id of what came by this event of the inbox."""
    return f"event-{event_id}"


def tracing(event_id: int, **about: int | None) -> AbstractContextManager[None]:
    """Have each line of the block bear the id, and what else is known: `ticket`, `issue`."""
    known = {name: value for name, value in about.items() if value is not None}
    return bound_contextvars(trace=trace_of(event_id), **known)
