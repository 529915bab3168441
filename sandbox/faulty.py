"""Lets a call of an API go wrong as a fault on request says."""

from collections.abc import Callable
from time import sleep

from flask import Response

from sandbox.connection import drop_connection, proxy_page, truncated
from sandbox.faults import Fault, FaultKind

Answer = Callable[[str], Response]
"""Carries the call out; the text is a note for the log."""
Refuse = Callable[[int, str], Response]
"""Answers with the network's own error; the code, and a note for the log."""
Note = Callable[[str], None]
"""Logs a call that is not carried out."""


def answer_with(fault: Fault | None, answer: Answer, refuse: Refuse, note: Note) -> Response:
    """The answer of a call that `fault` hits; None: of one that works."""
    if fault is None:
        return answer("")
    match fault.kind:
        case FaultKind.ERROR:
            return refuse(fault.code or 1, "fault: ")
        case FaultKind.HTTP_STATUS:
            note(f"fault: HTTP {fault.code}")
            return proxy_page(fault.code or 500)
        case FaultKind.DROP_BEFORE_PROCESSING:
            note("fault: dropped before processing")
            return drop_connection()
        case FaultKind.DROP_AFTER_PROCESSING:
            answer(", fault: dropped after processing")
            return drop_connection()
        case FaultKind.DELAY:
            sleep(fault.seconds or 0)
            return answer(", fault: delayed")
        case FaultKind.TRUNCATED_BODY:
            return truncated(answer(", fault: truncated"))
        case FaultKind.GARBAGE:
            answer(", fault: garbage")
            return proxy_page(200)
