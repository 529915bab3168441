"""The routes that curators corrected, as lessons for the mapping, read from the store."""

from collections.abc import Iterator
from typing import Final

from bridge.routing.suggestions import Correction, SpokenFor
from bridge.store import route_corrections
from bridge.store.database import Store
from bridge.store.models import MessageRow, RouteCorrectionRow, TicketRow

PAGE: Final = 200


def every_correction(store: Store) -> Iterator[Correction]:
    """All of them, the oldest first. Raises `StoreUnavailable`."""
    last = 0
    while True:
        with store.reading() as session:
            page = route_corrections.page(session, last, PAGE)
        for row, ticket, message in page:
            yield _correction(row, ticket, message)
        if not page:
            return
        last = page[-1][0].id


def _correction(row: RouteCorrectionRow, ticket: TicketRow, message: MessageRow) -> Correction:
    return Correction(
        ticket=f"#{ticket.issue_id}" if ticket.issue_id else ticket.external_number,
        text=message.text,
        proposed=tuple(row.proposed),
        chosen=tuple(row.chosen),
        reasons=tuple(SpokenFor(each["department"], each["rule"]) for each in row.reasons),
    )
