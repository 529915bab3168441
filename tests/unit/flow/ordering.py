"""A person at the administrator's pages, who acts on an answer as it was seen there."""

from bridge.flow.placement_hold import Orderer, Seen, mark_of
from bridge.store import audit, deliveries
from bridge.store.audit import AuditSearch
from bridge.store.models import DeliveryRow
from tests.unit.flow.conftest import Bench

BY = Orderer("curator", "Анна Куратова")


def row_of(bench: Bench, number: int = -1) -> DeliveryRow:
    """The newest delivery of the newest answer, or the one with that place among them."""
    with bench.store.reading() as session:
        return deliveries.of_effect(session, bench.effect().id)[number]


def seen(bench: Bench, number: int = -1) -> Seen:
    row = row_of(bench, number)
    return Seen(row.id, mark_of(row))


def deeds(bench: Bench) -> list[str]:
    """What people did, newest first."""
    with bench.store.reading() as session:
        return [row.action for row in audit.page(session, AuditSearch(), 10)]
